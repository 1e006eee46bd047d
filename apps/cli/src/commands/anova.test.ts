import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

async function lmm(argv: readonly string[], stdin = "") {
  const io = memoryIo({ stdin });
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const CAKE = ["angle ~ recipe * temperature + (1 | recipe:replicate)", "dataset:cake"];

describe("lmm anova", () => {
  it("prints the table of lmerTest", async () => {
    const { exitCode, out, err } = await lmm(["anova", ...CAKE]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    // print(anova(lmer(...))) of lmerTest 3.1-3, without the stars.
    expect(out).toBe(`Type III Analysis of Variance Table with Satterthwaite's method
                    Sum Sq Mean Sq NumDF DenDF F value Pr(>F)
recipe               10.19    5.09     2    42  0.2488 0.7809
temperature        2100.30  420.06     5   210 20.5199 <2e-16
recipe:temperature  205.98   20.60    10   210  1.0062 0.4393
`);
  });

  it("takes other types and methods, and gives JSON", async () => {
    const argv = ["anova", "y ~ x + (1 | g)", "-", "--type", "II", "--ddf", "kenward-roger", "--json"];
    const csv = `x,y,g\n${Array.from({ length: 20 }, (_, i) => `${i % 5},${((i * 7) % 11) + (i >> 2)},${i >> 2}`).join("\n")}\n`;
    const table = JSON.parse((await lmm(argv, csv)).out);
    expect(table).toMatchObject({ type: "II", ddf: "kenward-roger", method: "REML" });
    expect(table.rows).toHaveLength(1);
    expect(table.rows[0]).toMatchObject({ term: "x", numDf: 1 });
    expect(table.rows[0].denDf).toBeGreaterThan(10);
  });

  it("says when there is nothing to test", async () => {
    const { out } = await lmm(["anova", "Yield ~ 1 + (1 | Batch)", "dataset:Dyestuff"]);
    expect(out).toContain("no terms to test");
  });
});
