import type { LinearMixedModel } from "../model/linear-mixed-model";
import { type ProfileTarget, profileTargets } from "../profile/profile-parameters";

/** Estimates of all parameters of a fit, in the order of `profileTargets`: random effects, σ, fixed effects. */
export interface ParameterEstimates {
  readonly targets: readonly ProfileTarget[];
  /** NaN for a correlation with a standard deviation of zero. */
  readonly values: Float64Array;
}

/** Standard deviations, correlations, σ and fixed effects as numbers. */
export function parameterEstimates(model: LinearMixedModel): ParameterEstimates {
  const targets = profileTargets(model);
  return { targets, values: estimatesOf(model, targets) };
}

/** The estimates of given parameters; for refits of one model the targets are found once. */
export function estimatesOf(
  model: Pick<LinearMixedModel, "terms" | "sigma" | "beta">,
  targets: readonly ProfileTarget[],
): Float64Array {
  return Float64Array.from(targets, ({ kind, term, columns: [a, b] }) => {
    switch (kind) {
      case "fixed":
        return model.beta[a];
      case "sigma":
        return model.sigma;
      case "stdDev":
        return model.sigma * Math.sqrt(entry(model, term, a, a));
      case "correlation": {
        const scale = Math.sqrt(entry(model, term, a, a) * entry(model, term, b, b));
        // Rounding may carry a perfect correlation beyond 1.
        return Math.min(1, Math.max(-1, entry(model, term, a, b) / scale));
      }
    }
  });
}

/** (TT')_ab. */
function entry(model: Pick<LinearMixedModel, "terms">, term: number, a: number, b: number): number {
  const { template, columns } = model.terms[term];
  const k = columns.length;
  let sum = 0;
  for (let m = 0; m < k; m++) sum += template[m * k + a] * template[m * k + b];
  return sum;
}
