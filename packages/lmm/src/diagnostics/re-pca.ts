import type { LinearMixedModel } from "../model/linear-mixed-model";
import { singularValues } from "./singular-values";

/** Principal components of the random effects of one grouping factor. */
export interface RandomPca {
  readonly group: string;
  /** Columns of every term on this factor. */
  readonly columns: readonly string[];
  /** Standard deviations along the components over σ, largest first: singular values of T. */
  readonly stdDev: Float64Array;
  /** K×K, column-major: column i is the direction of component i. */
  readonly rotation: Float64Array;
  /** Share of the variance that each component has. */
  readonly proportion: Float64Array;
  /** Shares added up. */
  readonly cumulative: Float64Array;
}

/**
 * Principal components of the estimated covariance of random effects, one table per grouping factor, as lme4's
 * `rePCA`: how many dimensions the data support. Components of (nearly) zero standard deviation are in surplus.
 *
 * Cost: K³ for each factor.
 * Source: Bates, Kliegl, Vasishth & Baayen (2015), Parsimonious mixed models, arXiv:1506.04967, §3.
 */
export function rePCA(model: LinearMixedModel): RandomPca[] {
  const { design, terms } = model;
  return design.factors.map((factor, f) => {
    const k = factor.ncols;
    const block = new Float64Array(k * k);
    const columns: string[] = [];
    design.terms.forEach((term, t) => {
      if (term.factor !== f) return;
      const own = term.columns.length;
      for (let c = 0; c < own; c++) {
        for (let a = 0; a < own; a++) {
          block[(term.columnStart + c) * k + term.columnStart + a] = terms[t].template[c * own + a];
        }
      }
      columns.push(...term.columns);
    });
    const { values, left } = singularValues(block, k);
    const total = values.reduce((sum, value) => sum + value * value, 0);
    const proportion = values.map((value) => (total > 0 ? (value * value) / total : Number.NaN));
    let sum = 0;
    const cumulative = proportion.map((value) => {
      sum += value;
      return sum;
    });
    return { group: factor.name, columns, stdDev: values, rotation: left, proportion, cumulative };
  });
}
