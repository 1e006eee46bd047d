import type { LinearMixedModel } from "../model/linear-mixed-model";
import { columnAt, columnValues, fixedPart } from "./linear-predictor";

/** What the variance of the response is made of, averaged over the rows. */
export interface VarianceParts {
  /** Sample variance (over n − 1) of Xβ̂; offsets are no part of it. */
  readonly fixed: number;
  /** Mean over rows of z'Σ̂z, one for each term as in `varCorr`. */
  readonly random: readonly { readonly name: string; readonly group: string; readonly variance: number }[];
  /** Mean over rows of σ̂²/w. */
  readonly residual: number;
}

/** Coefficients of determination of a mixed model. */
export interface RSquared {
  /** Share of the fixed effects. */
  readonly marginal: number;
  /** Share of fixed and random effects. */
  readonly conditional: number;
  readonly parts: VarianceParts;
}

/** Intraclass correlations. */
export interface Icc {
  /** Σ_t / (Σ_t + σ²): the fixed effects taken out. */
  readonly adjusted: number;
  /** Σ_t / (fixed + Σ_t + σ²). */
  readonly conditional: number;
  /** Share of each grouping factor in Σ_t + σ². */
  readonly byGroup: Readonly<Record<string, number>>;
}

/**
 * R² of Nakagawa & Schielzeth: marginal σ_f²/(σ_f² + σ_α² + σ²), conditional (σ_f² + σ_α²)/(σ_f² + σ_α² + σ²).
 *
 * Random slopes count with the mean over rows of z'Σz; a singular fit has a σ_α² of zero, and its conditional R² is
 * the marginal one. Rows of weight zero are left out, others have the residual variance σ²/w.
 *
 * Cost: the rows.
 * Source: Nakagawa & Schielzeth (2013), Methods Ecol. Evol. 4; Johnson (2014), ibid. 5, for slopes; Nakagawa, Johnson &
 * Schielzeth (2017), J. R. Soc. Interface 14.
 */
export function r2(model: LinearMixedModel): RSquared {
  const parts = varianceParts(model);
  const random = parts.random.reduce((sum, { variance }) => sum + variance, 0);
  const total = parts.fixed + random + parts.residual;
  return { marginal: parts.fixed / total, conditional: (parts.fixed + random) / total, parts };
}

/**
 * Intraclass correlations: the share of the variance that is between groups, as `r2` counts it.
 *
 * Source: Nakagawa, Johnson & Schielzeth (2017), J. R. Soc. Interface 14, §3.
 */
export function icc(model: LinearMixedModel): Icc {
  const { fixed, random, residual } = varianceParts(model);
  const between = random.reduce((sum, { variance }) => sum + variance, 0);
  const byGroup: Record<string, number> = {};
  for (const { group, variance } of random) {
    byGroup[group] = (byGroup[group] ?? 0) + variance / (between + residual);
  }
  return {
    adjusted: between / (between + residual),
    conditional: between / (fixed + between + residual),
    byGroup,
  };
}

/** The parts that `r2` and `icc` are made of. */
export function varianceParts(model: LinearMixedModel): VarianceParts {
  const { frame, weights, sigma, design, terms } = model;
  const counts = (r: number) => weights === null || weights[r] > 0;
  const used: number[] = [];
  for (let r = 0; r < frame.nobs; r++) if (counts(r)) used.push(r);
  const n = used.length;
  const fixed = fixedPart(model, frame, model.beta);
  let mean = 0;
  for (const r of used) mean += fixed[r] / n;
  let square = 0;
  for (const r of used) square += (fixed[r] - mean) ** 2;
  const random = design.terms.map((term, t) => {
    const columns = frame.random[term.frameIndex].design.columns.map((column) =>
      columnValues(column, frame.nobs),
    );
    const { template } = terms[t];
    const k = columns.length;
    let sum = 0;
    for (const r of used) {
      for (let c = 0; c < k; c++) {
        let part = 0;
        for (let a = 0; a < k; a++) part += template[c * k + a] * columnAt(columns[a], r);
        sum += part * part;
      }
    }
    return { name: term.name, group: design.factors[term.factor].name, variance: (sigma * sigma * sum) / n };
  });
  let residual = 0;
  for (const r of used) residual += (sigma * sigma) / (weights === null ? 1 : weights[r]) / n;
  return { fixed: n > 1 ? square / (n - 1) : 0, random, residual };
}
