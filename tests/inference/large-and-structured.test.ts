/** Tests of effects on data of InstEval's size, and with structured covariance matrices. */
import { InstEval } from "@lmmkit/datasets/InstEval";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import {
  anova,
  coefTests,
  contrast,
  ddfWork,
  drop1,
  emmeans,
  lmm,
  ranova,
  restrictedLrt,
  varianceParameters,
} from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";

describe("InstEval, 73,421 rows and 4,100 random effects", () => {
  const model = lmm("y ~ service + studage + (1 | s) + (1 | d)", InstEval.table);

  it("has degrees of freedom by both methods, from work that can be asked for first", () => {
    expect(ddfWork(model)).toBeLessThan(2e10);
    const satterthwaite = coefTests(model).rows;
    const kr = coefTests(model, { ddf: "kenward-roger" }).rows;
    const asymptotic = coefTests(model, { ddf: "asymptotic" }).rows;
    satterthwaite.forEach((row, i) => {
      // With so many levels the methods agree, and hardly differ from the normal distribution; Kenward and Roger's
      // correction of a standard error is of the order of one over the number of levels, 1,128 of the smaller factor.
      expect(kr[i].df / row.df).toBeCloseTo(1, 2);
      expect(Math.abs(kr[i].stdError / row.stdError - 1)).toBeLessThan(1 / 1128);
      expect(row.df).toBeGreaterThan(500);
      expect(Math.abs(row.pValue - asymptotic[i].pValue)).toBeLessThan(1e-3);
    });
    expect(anova(model, { ddf: "kenward-roger" }).rows.map(({ numDf }) => numDf)).toEqual([1, 3]);
  });

  it("has marginal means, contrasts and tests of its terms", () => {
    const means = emmeans(model, "studage", { ddf: "kenward-roger" });
    expect(means.means).toHaveLength(4);
    expect(contrast(model, means, "consec", { adjust: "holm" }).rows).toHaveLength(3);
    expect(drop1(model).rows.map(({ term }) => term)).toEqual(["service", "studage"]);
    const { rows } = ranova(model);
    expect(rows.map(({ df }) => df)).toEqual([1, 1]);
    expect(() => restrictedLrt(model, { term: "s" })).toThrow(/^too many levels: 2972 of s/);
  });
});

describe("structured covariance matrices", () => {
  const { table } = sleepstudy;
  const late = Array.from(table.Days, (day) => (day > 4 ? "late" : "early"));
  const fit = (term: string) => lmm(`Reaction ~ Days + ${term}`, { ...table, late });

  it("with two effects cs is us: the same degrees of freedom, whichever parameters", () => {
    const [us, cs] = ["(0 + late | Subject)", "cs(0 + late | Subject)"].map(fit);
    expect(cs.criterion).toBeCloseTo(us.criterion, 7);
    for (const ddf of ["satterthwaite", "kenward-roger"] as const) {
      const [a, b] = [us, cs].map((model) => coefTests(model, { ddf }).rows);
      // θ is known to the root of what the criterion is.
      a.forEach((row, i) => {
        expect(b[i].df / row.df).toBeCloseTo(1, 4);
        expect(b[i].stdError / row.stdError).toBeCloseTo(1, 6);
      });
    }
    const [a, b] = [us, cs].map((model) =>
      varianceParameters(model).parameters.filter((p) => p.kind === "stdDev"),
    );
    a.forEach((own, i) => {
      expect((b[i].stdError ?? 0) / (own.stdError ?? 1)).toBeCloseTo(1, 4);
    });
  });

  it("can be deleted, and their boundary is not invented", () => {
    const { rows, diagnostics } = ranova(fit("cs(0 + late | Subject)"), { reduce: false });
    expect(rows[0].df).toBe(3);
    expect(rows[0].boundary).toBeNull();
    expect(diagnostics.join()).toMatch(/no boundary is known of the structure cs/);
  });
});
