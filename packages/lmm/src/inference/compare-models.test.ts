import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { lmm } from "../fit/lmm";
import { formatComparison } from "../format/format-anova";
import { frameOf, group, ones, sparse, term } from "../frame.test-support";
import { nestedMachines } from "../machines.test-support";
import { uniforms } from "../random-model.test-support";
import { anova } from "./anova";
import { compareModels } from "./compare-models";
import { InferenceError } from "./inference-error";

const scores = Array.from(nestedMachines.response?.values ?? []);
const [workers, cells] = [nestedMachines.random[0], nestedMachines.random[1]];
const fixed = Object.fromEntries(
  nestedMachines.fixed.names.map((name, j) => [name, nestedMachines.fixed.columns[j]]),
);
const constant = { "(Intercept)": ones };
const small = fitFrame(frameOf({ y: scores, fixed: constant, random: [workers] }));
const large = fitFrame(frameOf({ y: scores, fixed, random: [workers, cells] }));

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof InferenceError) return error.code;
    throw error;
  }
  return "none";
}

describe("a comparison of models", () => {
  it("orders, refits and says what is conservative", () => {
    const comparison = anova(large, small);
    expect(comparison.models.map(({ nParameters }) => nParameters)).toEqual([3, 6]);
    expect(comparison.models[1].df).toBe(3);
    expect(comparison.diagnostics).toHaveLength(1);
    const text = formatComparison(comparison);
    expect(text).toMatch(/^refitted by maximum likelihood\nModels:\n1: /);
    expect(text).toMatch(/^ *npar +AIC +BIC +logLik +deviance +Chisq Df Pr\(>Chisq\)$/m);
  });

  it("refuses fewer than two models", () => {
    expect(() => compareModels([])).toThrow("too few models: 0");
    expect(() => compareModels([large])).toThrow("too few models: 1");
  });

  it("refuses other data and models that are not nested", () => {
    const moved = fitFrame(frameOf({ y: scores.map((s, i) => s + (i % 2)), fixed, random: [workers] }));
    const fewer = fitFrame(
      frameOf({
        y: scores.slice(3),
        fixed: constant,
        random: [
          term(
            group(
              "g",
              scores.slice(3).map((_, r) => r % 4),
            ),
          ),
        ],
      }),
    );
    const heavier = fitFrame(
      frameOf({ y: scores, fixed, random: [workers], weights: scores.map((_, i) => 1 + (i % 2)) }),
    );
    const halves = { "(Intercept)": ones, half: sparse(scores.map((_, r) => r % 2)) };
    const other = fitFrame(frameOf({ y: scores, fixed: halves, random: [workers] }));
    const otherGroup = fitFrame(frameOf({ y: scores, fixed: constant, random: [cells] }));
    const larger = fitFrame(frameOf({ y: scores, fixed, random: [workers] }));
    expect(codeOf(() => anova(small, moved))).toBe("different-data");
    expect(codeOf(() => anova(small, fewer))).toBe("different-data");
    expect(codeOf(() => anova(small, heavier))).toBe("different-data");
    expect(codeOf(() => anova(other, large))).toBe("not-nested");
    expect(codeOf(() => anova(otherGroup, larger))).toBe("not-nested");
    expect(codeOf(() => anova(small, otherGroup))).toBe("same-model");
  });
});

describe("what the boundary makes of a comparison", () => {
  const next = uniforms(3);
  const g = Array.from({ length: 240 }, (_, i) => Math.floor(i / 12));
  const table = {
    x: g.map(() => next() - 0.5),
    z: g.map(() => next() - 0.5),
    g: g.map((l) => `g${l}`),
    h: g.map((_, i) => `h${(i * 7) % 11}`),
  };
  const effects = Array.from({ length: 20 }, () => 2 * next());
  const slopes = Array.from({ length: 20 }, () => 3 * next());
  const y = g.map((l, i) => effects[l] + slopes[l] * table.x[i] + next());
  const fit = (formula: string, method: "REML" | "ML" = "REML") => lmm(formula, { ...table, y }, { method });
  const mixtureOf = (small: string, large: string) => {
    const { models } = compareModels([fit(small), fit(large)]);
    return models[1].boundary?.mixture ?? null;
  };

  it("is the mixture for the effects that were added", () => {
    const half = (df: number) => [
      { df, weight: 0.5 },
      { df: df + 1, weight: 0.5 },
    ];
    expect(mixtureOf("y ~ x + (1 | g)", "y ~ x + (x | g)")).toEqual(half(1));
    expect(mixtureOf("y ~ x + (1 | g)", "y ~ x + (1 | g) + (0 + x | g)")).toEqual(half(0));
    expect(mixtureOf("y ~ x + (x | g)", "y ~ x + (x + z | g)")).toEqual(half(2));
    expect(mixtureOf("y ~ x + (1 | g)", "y ~ x + z + (1 | g) + (1 | h)")).toEqual(half(1));
    // A correlation alone is no boundary, nor are fixed effects.
    expect(mixtureOf("y ~ x + (1 | g) + (0 + x | g)", "y ~ x + (x | g)")).toBeNull();
    expect(mixtureOf("y ~ x + (1 | g)", "y ~ x + z + (1 | g)")).toBeNull();
  });

  it("is a p-value below the naive one", () => {
    const { models } = compareModels([fit("y ~ x + (1 | g)"), fit("y ~ x + (x | g)")]);
    const { pValue, boundary } = models[1];
    expect(boundary?.pValue).toBeLessThan(pValue ?? 0);
  });

  it("is not invented where the smaller model lies on a boundary itself", () => {
    // Without its means by h the response has less variance between those groups than noise would have.
    const noise = g.map(() => next());
    const meanOf = (level: string) => {
      const own = noise.filter((_, i) => table.h[i] === level);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    };
    const flat = noise.map((value, i) => value - meanOf(table.h[i]));
    const on = (formula: string) => lmm(formula, { ...table, y: flat });
    const small = on("y ~ x + (1 | h)");
    const { models, diagnostics } = compareModels([small, on("y ~ x + (1 | h) + (1 | g)")]);
    expect(small.singular).toBe(true);
    expect(models[1].boundary).toBeNull();
    expect(diagnostics.join()).toMatch(/on a boundary itself; bootstrapTest/);
  });

  it("compares restricted likelihoods when asked to, of the same fixed effects only", () => {
    const [small, large] = [fit("y ~ x + (1 | g)"), fit("y ~ x + (x | g)")];
    const { refitted, models } = compareModels([small, large], { refit: false });
    expect(refitted).toBe(false);
    expect(models[1].chiSquare).toBe(small.criterion - large.criterion);
    expect(codeOf(() => compareModels([fit("y ~ 1 + (1 | g)"), large], { refit: false }))).toBe(
      "contradictory-options",
    );
  });

  it("has weights of AIC and BIC that add to one", () => {
    const { models } = compareModels([
      fit("y ~ 1 + (1 | g)"),
      fit("y ~ x + (1 | g)"),
      fit("y ~ x + (x | g)"),
    ]);
    const best = models.reduce((a, b) => (b.aic < a.aic ? b : a));
    expect(models.reduce((sum, { aicWeight }) => sum + aicWeight, 0)).toBeCloseTo(1, 14);
    expect(models.reduce((sum, { bicWeight }) => sum + bicWeight, 0)).toBeCloseTo(1, 14);
    for (const { aic, aicWeight } of models) {
      expect(aicWeight / best.aicWeight).toBeCloseTo(Math.exp((best.aic - aic) / 2), 12);
    }
  });
});
