import { readFileSync } from "node:fs";
import { fixef, lmm, varCorr, vcov } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";

type Column = number[] | { levels: string[]; codes: number[] };
interface Reference {
  readonly formula: string;
  readonly method: "REML" | "ML";
  readonly engine: string;
  readonly criterion: number;
  readonly sigma: number;
  readonly stdDev: number[];
  readonly corr: number[][];
  readonly beta: number[];
  readonly stdError: number[];
  readonly data: Record<string, Column>;
}

// tests/fixtures/reference/structures/structures.R says how these were made.
const references: Record<string, Reference> = JSON.parse(
  readFileSync(new URL("../fixtures/reference/structures/structures.json", import.meta.url), "utf8"),
);

function tableOf(data: Record<string, Column>): Record<string, (number | string)[]> {
  return Object.fromEntries(
    Object.entries(data).map(([name, column]) => [
      name,
      // Text columns are sorted: a number in front keeps the levels in their order.
      Array.isArray(column) ? column : column.codes.map((code) => `${code} ${column.levels[code]}`),
    ]),
  );
}

describe("covariance structures beside glmmTMB, nlme and dense likelihoods", () => {
  for (const [id, reference] of Object.entries(references)) {
    it(`${id}: ${reference.formula} (${reference.engine})`, () => {
      const fit = lmm(reference.formula, tableOf(reference.data), { method: reference.method });
      expect(fit.converged).toBe(true);
      // Their optimizers may stop early: ours must not end above; and within 1e-6 below they agree.
      expect(fit.criterion).toBeLessThan(reference.criterion + 1e-6);
      expect(fit.criterion).toBeGreaterThan(reference.criterion - 2e-5);
      // Estimates move with the root of what a criterion is off.
      const term = varCorr(fit).terms.find(({ terms }) => terms.length === reference.stdDev.length);
      term?.stdDev.forEach((value, i) => {
        expect(Math.abs(value - reference.stdDev[i])).toBeLessThan(3e-3 * Math.max(1, reference.stdDev[i]));
      });
      term?.corr.flat().forEach((value, i) => {
        // No variance, no correlation: theirs then is that of a variance of 1e-20.
        if (!Number.isNaN(value)) expect(Math.abs(value - reference.corr.flat()[i])).toBeLessThan(5e-3);
      });
      expect(fit.sigma / reference.sigma).toBeCloseTo(1, 3);
      Object.values(fixef(fit).values).forEach((value, j) => {
        expect(Math.abs(value - reference.beta[j])).toBeLessThan(1e-2 * reference.stdError[j]);
      });
      // glmmTMB's take the uncertainty of the variances in, in a way of its own.
      if (reference.engine === "glmmTMB") return;
      vcov(fit).forEach((row, j) => {
        expect(Math.sqrt(row[j]) / reference.stdError[j]).toBeCloseTo(1, 4);
      });
    });
  }
});
