import { describe, expect, it } from "vitest";
import { lmm } from "../fit/lmm";
import { uniforms } from "../random-model.test-support";
import { type Adjustment, adjustTests, type UnadjustedTest } from "./adjust";
import { studentizedRangeTail } from "./distributions/studentized-range";
import { tTails } from "./distributions/tails";

const next = uniforms(2);
const g = Array.from({ length: 24 }, (_, i) => `g${i % 6}`);
const model = lmm("y ~ x + (1 | g)", { g, x: g.map(() => next()), y: g.map(() => next()) });
const contrast = Float64Array.of(0, 1);

function tests(dfs: readonly number[]): UnadjustedTest[] {
  return dfs.map((df, i) => ({ estimate: i - 1, stdError: 1, df, contrast, null: 0 }));
}

const families = (adjust: Adjustment, own: readonly UnadjustedTest[], size: number) =>
  adjustTests(own, {
    kind: "pairwise",
    size,
    family: own.length,
    adjust,
    level: 0.95,
    model,
    ddf: "asymptotic",
  });

describe("adjusted intervals", () => {
  it.each([
    ["equal degrees of freedom", [30, 30, 30, 30, 30, 30]],
    ["close degrees of freedom, interpolated", [31, 32, 33, 34, 35, 36]],
    ["many degrees of freedom, interpolated", [1026, 1300, 1500, 1900, 2040, 1100]],
    ["degrees of freedom far apart, each searched", [6, 8, 12, 20, 60, 200]],
  ])("reach to where Tukey's p-value is 5 %%: %s", (_, dfs) => {
    const { reach } = families("tukey", tests(dfs), 4);
    reach.forEach((t, i) => {
      expect(studentizedRangeTail(t * Math.SQRT2, 4, dfs[i]) / 0.05).toBeCloseTo(1, 7);
    });
  });

  it("do not depend on whether critical values are interpolated", () => {
    const many = families("tukey", tests([1026, 1300, 1500, 1900, 2040, 1100]), 4).reach;
    const few = families("tukey", tests([1026, 1300]), 4).reach;
    expect(many[0] / few[0]).toBeCloseTo(1, 11);
    expect(many[1] / few[1]).toBeCloseTo(1, 9);
  });

  it("and p-values belong together for every single-step adjustment", () => {
    for (const adjust of ["none", "bonferroni", "sidak", "scheffe", "dunnett"] as const) {
      const own = tests([9, 9, 9]);
      const { reach } = families(adjust, own, 3);
      // A test whose statistic is the reach has the p-value 5 %.
      const moved = own.map((test, i) => ({ ...test, estimate: reach[i] }));
      for (const p of families(adjust, moved, 3).pValues) expect(p, adjust).toBeCloseTo(0.05, 8);
    }
  });

  it("of one test are those of t", () => {
    for (const adjust of ["tukey", "dunnett", "scheffe", "holm", "fdr"] as const) {
      const { reach, pValues } = families(adjust, tests([11]), 2);
      expect(tTails(reach[0], 11).upper).toBeCloseTo(0.025, 10);
      expect(pValues[0]).toBeCloseTo(2 * tTails(1, 11).upper, 12);
    }
  });

  it("leave out what cannot be estimated", () => {
    const own = tests([10, 10, 10]);
    const holes = [own[0], { ...own[1], stdError: Number.NaN }, own[2]];
    const { pValues } = families("bonferroni", holes, 3);
    expect(pValues[1]).toBeNaN();
    expect(pValues[0]).toBeCloseTo(2 * 2 * tTails(1, 10).upper, 12);
  });
});
