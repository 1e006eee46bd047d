/** Hypotheses of types I, II and III in unbalanced designs, and comparisons of models, against lmerTest and lme4. */
import { readFileSync } from "node:fs";
import { type AnovaType, anova, lmm } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";

interface Row {
  readonly term: string;
  readonly "Sum Sq": number;
  readonly NumDF: number;
  readonly DenDF: number;
  readonly "F value": number;
}

interface Design {
  readonly id: string;
  readonly formula: string;
  readonly data: "full" | "empty";
  readonly contrasts: Record<string, string> | null;
  readonly weights: boolean;
  readonly I: Row[];
  readonly II: Row[];
  readonly III: Row[];
  readonly KR: Row[] | null;
}

interface Comparison {
  readonly npar: number;
  readonly AIC: number;
  readonly BIC: number;
  readonly logLik: number;
  readonly Chisq?: number;
  readonly Df?: number;
  readonly "Pr(>Chisq)"?: number;
}

/** Generator: more-anova.R. */
const reference: {
  data: Record<string, Record<string, (string | number)[]>>;
  models: Design[];
  comparison: Comparison[];
} = JSON.parse(
  readFileSync(new URL("../fixtures/reference/inference/more-anova.json", import.meta.url), "utf8"),
);

// Both sides know θ to about 1e-6.
const TOLERANCE = 1e-5;

describe.each(reference.models)("$id: $formula", (design) => {
  const model = lmm(design.formula, reference.data[design.data], {
    ...(design.contrasts === null ? {} : { contrasts: design.contrasts }),
    ...(design.weights ? { weights: "w" } : {}),
  });

  it.each(["I", "II", "III", "KR"] as const)("%s", (kind) => {
    const wanted = design[kind];
    if (wanted === null) return;
    const type: AnovaType = kind === "KR" ? "III" : kind;
    const { rows } = anova(model, { type, ddf: kind === "KR" ? "kenward-roger" : "satterthwaite" });
    expect(rows.map(({ term, numDf }) => [term, numDf])).toEqual(
      wanted.map(({ term, NumDF }) => [term, NumDF]),
    );
    wanted.forEach((row, i) => {
      expect(Math.abs(rows[i].denDf / row.DenDF - 1), row.term).toBeLessThan(TOLERANCE);
      expect(Math.abs(rows[i].fValue / row["F value"] - 1), row.term).toBeLessThan(TOLERANCE);
      expect(Math.abs(rows[i].sumSq / row["Sum Sq"] - 1), row.term).toBeLessThan(TOLERANCE);
    });
  });
});

describe("a comparison of nested models", () => {
  it("is lme4's, whatever the order, after refits by maximum likelihood", () => {
    const { full } = reference.data;
    const [small, medium, large] = ["y ~ a + (1 | g)", "y ~ a * b + (1 | g)", "y ~ a * b + x + (x | g)"].map(
      (formula) => lmm(formula, full),
    );
    const { models, refitted } = anova(large, small, medium);
    expect(refitted).toBe(true);
    reference.comparison.forEach((row, i) => {
      const { nParameters, aic, bic, logLik, chiSquare, df, pValue } = models[i];
      expect(nParameters).toBe(row.npar);
      expect(aic).toBeCloseTo(row.AIC, 5);
      expect(bic).toBeCloseTo(row.BIC, 5);
      expect(logLik).toBeCloseTo(row.logLik, 5);
      if (row.Chisq === undefined || row["Pr(>Chisq)"] === undefined) {
        expect([chiSquare, df, pValue]).toEqual([null, null, null]);
        return;
      }
      expect(chiSquare).toBeCloseTo(row.Chisq, 5);
      expect(df).toBe(row.Df);
      expect(pValue).toBeCloseTo(row["Pr(>Chisq)"], 6);
    });
  });
});
