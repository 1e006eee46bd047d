import { normalQuantile } from "../inference/distributions/quantiles";
import type { VarianceParameters } from "../inference/variance-parameters";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { ProfileTarget } from "../profile/profile-parameters";

/**
 * A Wald interval for a standard deviation on the scale of its logarithm, s·exp(±z·se/s), or for a correlation on
 * that of Fisher's z, tanh(atanh r ± z·se/(1 − r²)).
 *
 * @param spread standard errors, or null when none are wanted
 * @param alpha share outside on either side
 * @returns NaN without a standard error, as on the boundary
 */
export function waldVarianceInterval(
  model: LinearMixedModel,
  spread: VarianceParameters | null,
  target: ProfileTarget,
  alpha: number,
): { readonly lower: number; readonly upper: number } {
  const nothing = { lower: Number.NaN, upper: Number.NaN };
  const own = target.term < 0 ? null : model.design.terms[target.term];
  const term = own?.name ?? "Residual";
  const columns = own === null ? [] : target.columns.map((column) => own.columns[column]);
  const kind = target.kind === "correlation" ? "correlation" : "stdDev";
  const found = spread?.parameters.find(
    (parameter) =>
      parameter.kind === kind &&
      parameter.term === term &&
      (own === null || columns.every((column) => parameter.columns.includes(column))),
  );
  if (found === undefined || found.stdError === null) return nothing;
  const { estimate, stdError } = found;
  const z = normalQuantile(alpha);
  if (kind === "stdDev") {
    const factor = Math.exp((z * stdError) / estimate);
    return { lower: estimate / factor, upper: estimate * factor };
  }
  const centre = Math.atanh(estimate);
  const reach = (z * stdError) / ((1 - estimate) * (1 + estimate));
  return { lower: Math.tanh(centre - reach), upper: Math.tanh(centre + reach) };
}
