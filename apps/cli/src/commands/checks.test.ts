import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

async function lmm(...argv: readonly string[]) {
  const io = memoryIo();
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const SLEEP = ["checks", "Reaction ~ Days + (Days | Subject)", "dataset:sleepstudy"];

describe("lmm checks", () => {
  it("prints one page", async () => {
    const { exitCode, out, err } = await lmm(...SLEEP);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    // From var(Xβ), the mean of diag(ZΣZ') and σ² of lme4 1.1-31: 0.27865 and 0.79922.
    expect(out).toMatch(/^R squared: 0\.278\d marginal, 0\.799\d conditional$/m);
  });

  it("gives all of it as JSON", async () => {
    const json = JSON.parse((await lmm(...SLEEP, "--json")).out);
    expect(json.r2.marginal).toBeCloseTo(0.27865, 4);
    // rePCA(m)$Subject$sdev of lme4 1.1-31: 0.966859, 0.230879.
    expect(json.rePCA[0].stdDev).toEqual([expect.closeTo(0.966859, 5), expect.closeTo(0.230879, 5)]);
  });
});
