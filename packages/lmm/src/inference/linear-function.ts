import type { LinearMixedModel } from "../model/linear-mixed-model";
import { type DdfMethod, tTest } from "./coef-tests";
import { droppedColumns } from "./indicator-coding";

/** A linear function of the fixed effects: estimate, standard error and degrees of freedom; NaN if not estimable. */
export interface LinearFunction {
  readonly estimate: number;
  readonly stdError: number;
  readonly df: number;
  /** Coefficients on the kept fixed effects; NaN if not estimable. */
  readonly contrast: Float64Array;
}

/** Dropped columns of X in terms of the kept ones, by position. */
export type KeptColumns = ReadonlyMap<number, Float64Array>;

/** What `linearFunction` needs of a model, once for many functions. */
export function keptColumnsOf(model: LinearMixedModel): KeptColumns {
  return droppedColumns(model);
}

/**
 * Estimates a linear function given on all columns of X.
 *
 * It is estimable when it is a combination of rows that the data have: then each dropped column has the coefficient
 * that its aliases among the kept columns give it.
 */
export function linearFunction(
  model: LinearMixedModel,
  dropped: KeptColumns,
  row: Float64Array,
  ddf: DdfMethod,
): LinearFunction {
  const kept = onKept(model, row, dropped);
  if (kept === null) {
    const none = Number.NaN;
    return {
      estimate: none,
      stdError: none,
      df: none,
      contrast: new Float64Array(model.beta.length).fill(none),
    };
  }
  const { estimate, stdError, df } = tTest(model, "", kept, 0, ddf);
  return { estimate, stdError, df, contrast: kept };
}

/** The row on the kept columns; null when it is not a combination of rows that the data have. */
function onKept(model: LinearMixedModel, row: Float64Array, dropped: KeptColumns): Float64Array | null {
  const out = Float64Array.from(model.design.fixedColumns, (j) => row[j]);
  if (out.some(Number.isNaN)) return null;
  for (const [j, alias] of dropped) {
    let value = 0;
    let size = Math.abs(row[j]);
    for (let k = 0; k < out.length; k++) {
      value += alias[k] * out[k];
      size += Math.abs(alias[k] * out[k]);
    }
    if (!(Math.abs(value - row[j]) <= 1e-8 * Math.max(1, size))) return null;
  }
  return out;
}
