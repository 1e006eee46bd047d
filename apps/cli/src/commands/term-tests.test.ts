import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

async function lmm(...argv: readonly string[]) {
  const io = memoryIo();
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const SLEEP = ["Reaction ~ Days + (Days | Subject)", "dataset:sleepstudy"];
const CAKE = ["angle ~ recipe * temperature + (1 | recipe:replicate)", "dataset:cake"];

describe("lmm drop1", () => {
  it("prints likelihood ratios as lme4's drop1(m, test = 'Chisq')", async () => {
    const { exitCode, out } = await lmm("drop1", ...SLEEP, "--test", "lrt");
    expect(exitCode).toBe(0);
    // lme4 1.1-31: AIC 1763.9 and 1785.5, LRT 23.537, Pr(Chi) 1.226e-06.
    expect(out).toContain("<none>      1763.9\n");
    expect(out).toContain("Days      1 1785.5 23.537 1.226e-06\n");
  });

  it("leaves terms alone that are part of others", async () => {
    const { rows } = JSON.parse((await lmm("drop1", ...CAKE, "--json")).out);
    expect(rows.map(({ term }: { term: string }) => term)).toEqual(["recipe:temperature"]);
  });
});

describe("lmm ranova", () => {
  it("prints lmerTest's table, and what the boundary makes of it", async () => {
    const { exitCode, out } = await lmm("ranova", ...SLEEP);
    expect(exitCode).toBe(0);
    // ranova(lmer(...)) of lmerTest 3.1-3: -893.23, 1794.5, 42.837, 2, 4.99e-10.
    expect(out).toMatch(
      /^Days in \(Days \| Subject\) +4 -893\.23 1794\.5 42\.837 +2 +4\.99e-10 +2\.793e-10$/m,
    );
    expect(out).toContain("0.5 chi2(1) + 0.5 chi2(2)");
  });

  it("takes terms out as a whole when asked to", async () => {
    const { rows } = JSON.parse((await lmm("ranova", ...SLEEP, "--whole", "--json")).out);
    expect(rows).toEqual([expect.objectContaining({ term: "(Days | Subject)", df: 3 })]);
  });
});

describe("lmm step", () => {
  it("keeps what it did as data, and not the model", async () => {
    const { exitCode, out } = await lmm("step", ...CAKE, "--json");
    expect(exitCode).toBe(0);
    const { steps, formula, model } = JSON.parse(out);
    expect(formula).toBe("angle ~ temperature + (1 | recipe:replicate)");
    expect(model).toBeUndefined();
    expect(steps.map(({ removed }: { removed: string | null }) => removed)).toEqual([
      null,
      "recipe:temperature",
      "recipe",
      null,
    ]);
    expect((await lmm("step", ...CAKE, "--keep", "recipe")).out).toContain("recipe + temperature");
  });
});
