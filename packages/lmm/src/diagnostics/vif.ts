import { cholesky, LogProduct } from "@lmmkit/dense";
import { InferenceError } from "../inference/inference-error";
import { fixefCorrelation } from "../model/accessors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { fixedTriangle } from "../model/row-reductions";
import { singularValues } from "./singular-values";

/** How much a term's estimates lose to the other terms. */
export interface VarianceInflation {
  readonly term: string;
  /** Columns of the term that were kept. */
  readonly df: number;
  /** Generalized variance inflation factor; for one column the usual one. */
  readonly gvif: number;
  /** gvif^(1/(2 df)), comparable between terms; the square root of the usual factor for one column. */
  readonly scaled: number;
}

/**
 * Generalized variance inflation factors |R₁₁||R₂₂|/|R| of the terms, R the correlation matrix of the estimates
 * without the intercept.
 *
 * @throws InferenceError `no-fixed-effects` with fewer than two terms
 * Cost: p³ for each term.
 * Source: Fox & Monette (1992), JASA 87(417).
 */
export function vif(model: LinearMixedModel): VarianceInflation[] {
  const { frame, design } = model;
  const { assign, termLabels } = frame.fixed;
  const correlation = fixefCorrelation(model);
  const columns = Array.from(design.fixedColumns, (at, j) => ({ term: assign[at], j })).filter(
    ({ term }) => term > 0,
  );
  const terms = [...new Set(columns.map(({ term }) => term))];
  if (terms.length < 2) {
    throw new InferenceError(
      "no-fixed-effects",
      `too few terms: ${terms.length} besides the intercept`,
      terms.length,
      "variance inflation needs at least two",
    );
  }
  const logDet = (keep: (term: number) => boolean): number => {
    const own = columns.filter(({ term }) => keep(term)).map(({ j }) => j);
    const k = own.length;
    const matrix = own.flatMap((i) => own.map((j) => correlation[i][j]));
    const result = cholesky(matrix, k);
    if (result.status !== "ok") return Number.NEGATIVE_INFINITY;
    const product = new LogProduct();
    for (let j = 0; j < k; j++) product.times(result.factor[j * k + j]);
    return 2 * product.log();
  };
  const whole = logDet(() => true);
  return terms.map((own) => {
    const df = columns.filter(({ term }) => term === own).length;
    const gvif = Math.exp(logDet((term) => term === own) + logDet((term) => term !== own) - whole);
    return { term: termLabels[own - 1], df, gvif, scaled: gvif ** (1 / (2 * df)) };
  });
}

/** How near the fixed effects' columns are to depending on each other. */
export interface FixedCondition {
  /** Condition indices of X with columns scaled to length one: largest singular value over each, increasing. */
  readonly indices: Float64Array;
  /** The largest of them. */
  readonly condition: number;
}

/**
 * Condition indices of the fixed effects' columns, intercept among them and scaled to length one; above 30, estimates
 * share what the data say.
 *
 * Cost: 2n·p² and a dense copy of X.
 * Source: Belsley, Kuh & Welsch (1980), Regression Diagnostics, §3.2.
 */
export function fixedCondition(model: LinearMixedModel): FixedCondition {
  const p = model.beta.length;
  const triangle = fixedTriangle(model).slice();
  for (let j = 0; j < p; j++) {
    let square = 0;
    for (let i = 0; i <= j; i++) square += triangle[j * p + i] ** 2;
    for (let i = 0; i < p; i++) triangle[j * p + i] = i <= j ? triangle[j * p + i] / Math.sqrt(square) : 0;
  }
  const { values } = singularValues(triangle, p);
  const indices = values.map((value) => values[0] / value);
  return { indices, condition: p === 0 ? 1 : indices[p - 1] };
}
