import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";
import { temporaryFolder } from "../testing/temporary-folder";

const folder = temporaryFolder();
const SMALL = "Reaction ~ Days + (1 | Subject)";
const LARGE = "Reaction ~ Days + (Days | Subject)";

async function lmm(...argv: readonly string[]) {
  const io = memoryIo({ cwd: folder.path });
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

describe("lmm compare", () => {
  it("prints the table of lme4's anova for several models", async () => {
    const { exitCode, out, err } = await lmm("compare", SMALL, LARGE, "dataset:sleepstudy");
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    // anova(fm1, fm2) of lme4 1.1-31.
    expect(out).toContain("1    4 1802.1 1814.9 -897.04   1794.1\n");
    expect(out).toContain("2    6 1763.9 1783.1 -875.97   1751.9 42.139  2  7.072e-10\n");
  });

  it("says the same of saved fits, and as JSON", async () => {
    for (const [name, formula] of Object.entries({ small: SMALL, large: LARGE })) {
      await lmm("fit", formula, "dataset:sleepstudy", "--ml", "--save", `${name}.json`);
    }
    const saved = await lmm("compare", "small.json", "large.json", "--json");
    const fitted = await lmm("compare", SMALL, LARGE, "dataset:sleepstudy", "--json");
    expect(saved).toEqual(fitted);
    expect(JSON.parse(saved.out).models[1]).toMatchObject({ nParameters: 6, df: 2 });
  });

  it("refuses models of different data, and what is no list of models", async () => {
    await lmm("fit", SMALL, "dataset:sleepstudy", "--ml", "--save", "sleep.json");
    await lmm("fit", "Yield ~ 1 + (1 | Batch)", "dataset:Dyestuff", "--ml", "--save", "dye.json");
    expect(await lmm("compare", "sleep.json", "dye.json")).toMatchObject({
      exitCode: 2,
      out: "",
      err: expect.stringMatching(/^error: different data/),
    });
    for (const argv of [["sleep.json"], [SMALL, "dataset:sleepstudy"], [SMALL, LARGE], ["dye.json", SMALL]]) {
      expect(await lmm("compare", ...argv)).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining("unclear models"),
      });
    }
    expect((await lmm("compare", SMALL, LARGE, "-")).err).toContain("standard input can be read only once");
  });
});
