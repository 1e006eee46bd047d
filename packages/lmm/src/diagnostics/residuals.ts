import { InferenceError } from "../inference/inference-error";
import { residuals as simpleResiduals } from "../model/accessors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { leverage } from "./hatvalues";
import { fixedPart, randomVariances } from "./linear-predictor";

/** Kinds of residuals; see `residuals`. */
export type ResidualType =
  | "response"
  | "working"
  | "pearson"
  | "deviance"
  | "scaled"
  | "studentized"
  | "studentized-deleted"
  | "marginal"
  | "marginal-scaled";

/** Every kind of residual, in the order of the documentation. */
export const residualTypes: readonly ResidualType[] = [
  "response",
  "working",
  "pearson",
  "deviance",
  "scaled",
  "studentized",
  "studentized-deleted",
  "marginal",
  "marginal-scaled",
];

/** 1 − h below this is rounding error: the row alone decides some coefficient. */
const DECIDED = 1e-10;

/**
 * Residuals, one per row used. With r = y − fitted:
 *
 * - `response`, `working`: r, as lme4's `residuals`
 * - `pearson`, `deviance`: √w r (for a normal response they agree)
 * - `scaled`: √w r/σ̂
 * - `studentized` (internally): √w r/(σ̂√(1 − h)), lme4's `rstudent`
 * - `studentized-deleted` (externally): the same with the σ̂ of the fit without the row, θ as it is
 * - `marginal`: y − offset − Xβ̂
 * - `marginal-scaled`: that over its standard deviation in the population, σ̂√(1/w + z'ΛΛ'z)
 *
 * Studentized residuals are NaN where h = 1: without the row some coefficient cannot be estimated.
 *
 * @throws InferenceError `unknown-option` for another type
 * Source: Cook & Weisberg (1982), Residuals and Influence in Regression, §2.2; Nobre & Singer (2007),
 * Biometrical Journal 49(6).
 */
export function residuals(model: LinearMixedModel, type: ResidualType = "response"): Float64Array {
  switch (type) {
    case "response":
    case "working":
      return simpleResiduals(model, "response");
    case "pearson":
    case "deviance":
      return simpleResiduals(model, "pearson");
    case "scaled":
      return simpleResiduals(model, "scaled");
    case "studentized":
      return studentized(model, false);
    case "studentized-deleted":
      return studentized(model, true);
    case "marginal":
    case "marginal-scaled":
      return marginal(model, type === "marginal-scaled");
  }
  throw new InferenceError(
    "unknown-option",
    `unknown type of residuals: ${JSON.stringify(type)}`,
    type,
    `choose ${residualTypes.join(", ")}`,
  );
}

/** lme4's `rstudent`: residuals of type `studentized` (internally; `studentized-deleted` are the others). */
export function rstudent(model: LinearMixedModel): Float64Array {
  return studentized(model, false);
}

/**
 * Cook's distances of single rows, θ as it is: √w r studentized, squared, times h/(1 − h)/p, as lme4's
 * `cooks.distance`.
 *
 * h is the leverage on the fitted values, random effects included, so this measures the change of fitted values;
 * for the change of β̂ alone see `influence`. NaN where h = 1, and everywhere when there are no fixed effects.
 *
 * Source: Cook (1977), Technometrics 19(1).
 */
export function cooksDistance(model: LinearMixedModel): Float64Array {
  const { hat } = leverage(model);
  const p = model.beta.length;
  return studentized(model, false).map((value, r) =>
    p === 0 ? Number.NaN : (value * value * hat[r]) / ((1 - hat[r]) * p),
  );
}

function studentized(model: LinearMixedModel, deleted: boolean): Float64Array {
  const { hat } = leverage(model);
  const { sigma, pwrss, method, nobs, beta, weights } = model;
  const df = nobs - (method === "REML" ? beta.length : 0);
  return simpleResiduals(model, "pearson").map((value, r) => {
    if (weights !== null && weights[r] === 0) return deleted ? 0 : value;
    const rest = 1 - hat[r];
    if (rest < DECIDED) return Number.NaN;
    const scale = deleted ? Math.sqrt((pwrss - (value * value) / rest) / (df - 1)) : sigma;
    return value / (scale * Math.sqrt(rest));
  });
}

function marginal(model: LinearMixedModel, scaled: boolean): Float64Array {
  const { response, offset, weights, sigma, frame } = model;
  const out = response.slice();
  const fixed = fixedPart(model, frame, model.beta);
  for (let r = 0; r < out.length; r++) out[r] -= fixed[r] + (offset === null ? 0 : offset[r]);
  if (!scaled) return out;
  const variances = randomVariances(model, frame);
  return out.map((value, r) => {
    const own = weights === null ? 1 : 1 / weights[r];
    return value / Math.sqrt(variances[r] + sigma * sigma * own);
  });
}
