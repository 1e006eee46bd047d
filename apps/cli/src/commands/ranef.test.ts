import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

async function lmm(...argv: readonly string[]) {
  const io = memoryIo();
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const SLEEP = ["ranef", "Reaction ~ Days + (Days | Subject)", "dataset:sleepstudy"];

describe("lmm ranef", () => {
  it("prints the modes of each level with their standard deviations", async () => {
    const { exitCode, out, err } = await lmm(...SLEEP);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    // as.data.frame(ranef(lmer(...))) of lme4 1.1-31.
    expect(out.split("\n").slice(0, 2)).toEqual([
      "Subject (Intercept)     (sd)     Days     (sd)",
      "308          2.2586 (12.071)   9.1990 (2.3048)",
    ]);
    expect(out.trimEnd().split("\n")).toHaveLength(19);
  });

  it("gives JSON, of one grouping factor if asked for", async () => {
    const argv = ["ranef", "diameter ~ 1 + (1 | plate) + (1 | sample)", "dataset:Penicillin"];
    const { groups } = JSON.parse((await lmm(...argv, "--group", "sample", "--json")).out);
    expect(groups).toHaveLength(1);
    // as.data.frame(ranef(lmer(...))) of lme4 1.1-31: 2.18706 and 0.20217.
    expect(groups[0]).toMatchObject({ group: "sample", columns: ["(Intercept)"] });
    expect(groups[0].rows[0]).toEqual({
      level: "A",
      modes: [expect.closeTo(2.187, 3)],
      stdDevs: [expect.closeTo(0.20217, 5)],
    });
  });

  it("refuses a group that is none", async () => {
    expect(await lmm(...SLEEP, "--group", "subject")).toMatchObject({
      exitCode: 2,
      err: 'error: unknown grouping factor: "subject"; did you mean "Subject"?\n',
    });
  });
});
