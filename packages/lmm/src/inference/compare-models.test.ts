import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { formatComparison } from "../format/format-anova";
import { frameOf, group, ones, sparse, term } from "../frame.test-support";
import { nestedMachines } from "../machines.test-support";
import { anova } from "./anova";
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
