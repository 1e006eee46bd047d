import type { Certificate } from "../model/linear-mixed-model";
import type { PlsWorkspace } from "../pls/workspace";
import { criterionAt } from "./criterion";
import type { Method } from "./options";

export type { Certificate };

/** A fit holds when no more than this is left to gain, on the scale of the criterion. */
const ENOUGH = 1e-5;
/** Step of central differences in θ: errors of order step², rounding of order 1e-13/step. */
const STEP = 1e-4;

/**
 * Looks for evidence that θ is a minimum: the gradient, what a Newton step would still gain, and the
 * curvature in directions where a template is singular.
 *
 * @param theta a candidate, diagonals ≥ 0; not changed
 * @param value the criterion there
 * Cost: 2 evaluations per parameter. The workspace is left at some other θ.
 */
export function certify(
  workspace: PlsWorkspace,
  method: Method,
  theta: Float64Array,
  value: number,
): Certificate {
  const trial = theta.slice();
  const gradient = new Float64Array(theta.length);
  let predictedDecrease = 0;
  let boundaryCurvature: number | null = null;
  for (let i = 0; i < theta.length; i++) {
    const step = STEP * Math.max(1, Math.abs(theta[i]));
    trial[i] = theta[i] + step;
    const up = criterionAt(workspace, method, trial);
    trial[i] = theta[i] - step;
    const down = criterionAt(workspace, method, trial);
    trial[i] = theta[i];
    gradient[i] = (up - down) / (2 * step);
    const curvature = (up - 2 * value + down) / (step * step);
    if (workspace.design.lower[i] === 0 && theta[i] === 0) {
      boundaryCurvature = Math.min(boundaryCurvature ?? Number.POSITIVE_INFINITY, curvature);
    }
    predictedDecrease += curvature > 0 ? gradient[i] ** 2 / (2 * curvature) : Math.abs(gradient[i]) * step;
  }
  const curved = boundaryCurvature === null || boundaryCurvature > -1e-3;
  return {
    holds: predictedDecrease <= ENOUGH && curved,
    gradient,
    predictedDecrease,
    boundaryCurvature,
  };
}
