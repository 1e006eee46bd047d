import { residuals as simpleResiduals } from "../model/accessors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { leverage } from "./hatvalues";
import { fixedPart } from "./linear-predictor";
import { cooksDistance } from "./residuals";

/** One number per row used, by the column names of broom.mixed's `augment`. */
export interface ObservationDiagnostics {
  /** Conditional fitted values, offset included. */
  readonly ".fitted": Float64Array;
  /** y less that. */
  readonly ".resid": Float64Array;
  /** Hat values. */
  readonly ".hat": Float64Array;
  /** Cook's distances. */
  readonly ".cooksd": Float64Array;
  /** Predicted from the fixed effects alone, offset included. */
  readonly ".fixed": Float64Array;
  /** The mean of the response: for a linear model, `.fitted`. */
  readonly ".mu": Float64Array;
  readonly ".offset": Float64Array;
  /** √w, by which the rows of X are scaled. */
  readonly ".sqrtXwt": Float64Array;
  /** √w, by which residuals are scaled. */
  readonly ".sqrtrwt": Float64Array;
  readonly ".weights": Float64Array;
  /** √w times `.resid`. */
  readonly ".wtres": Float64Array;
}

/**
 * What is known of every row, as columns of one table, ready to stand beside the data.
 *
 * Cost: that of `hatvalues`.
 */
export function observationDiagnostics(model: LinearMixedModel): ObservationDiagnostics {
  const n = model.frame.nobs;
  const weights = model.weights?.slice() ?? new Float64Array(n).fill(1);
  const offset = model.offset?.slice() ?? new Float64Array(n);
  const root = weights.map(Math.sqrt);
  const fixed = fixedPart(model, model.frame, model.beta);
  for (let r = 0; r < n; r++) fixed[r] += offset[r];
  return {
    ".fitted": model.fitted.slice(),
    ".resid": simpleResiduals(model),
    ".hat": leverage(model).hat.slice(),
    ".cooksd": cooksDistance(model),
    ".fixed": fixed,
    ".mu": model.fitted.slice(),
    ".offset": offset,
    ".sqrtXwt": root,
    ".sqrtrwt": root.slice(),
    ".weights": weights,
    ".wtres": simpleResiduals(model, "pearson"),
  };
}
