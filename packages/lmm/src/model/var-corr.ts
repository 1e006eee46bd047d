import type { FittedTerm, LinearMixedModel } from "./linear-mixed-model";

/** The estimated covariance matrix of one term's random effects. */
export interface TermCovariance {
  /** Unique name: `Subject`, `Subject.1`. */
  readonly name: string;
  readonly group: string;
  readonly terms: readonly string[];
  readonly stdDev: number[];
  /** By rows; NaN where a standard deviation is zero, 1 on the diagonal. */
  readonly corr: number[][];
  /** By rows. */
  readonly cov: number[][];
}

/** All variance components of a fit. */
export interface VarCorr {
  readonly terms: readonly TermCovariance[];
  /** Residual standard deviation. */
  readonly sigma: number;
}

/** Σ_t = σ̂² T T' for every term, with standard deviations and correlations. */
export function varCorr(model: LinearMixedModel): VarCorr {
  return { terms: model.terms.map((term) => covariance(term, model.sigma)), sigma: model.sigma };
}

function covariance(term: FittedTerm, sigma: number): TermCovariance {
  const k = term.columns.length;
  const cov = Array.from({ length: k }, (_, i) =>
    Array.from({ length: k }, (_, j) => {
      let sum = 0;
      for (let m = 0; m < k; m++) sum += term.template[m * k + i] * term.template[m * k + j];
      return sum * sigma * sigma;
    }),
  );
  const stdDev = cov.map((row, i) => Math.sqrt(row[i]));
  const corr = cov.map((row, i) =>
    row.map((value, j) => {
      if (i === j) return 1;
      // Rounding may carry a perfect correlation beyond 1.
      return Math.min(1, Math.max(-1, value / (stdDev[i] * stdDev[j])));
    }),
  );
  return { name: term.name, group: term.group, terms: term.columns, stdDev, corr, cov };
}
