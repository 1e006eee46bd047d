import { cholesky, solveLowerInPlace } from "@lmmkit/dense";
import type { Design } from "../design/design";
import { hasEntries } from "../design/template";
import { thetaBounds } from "../design/theta-bounds";
import type { Certificate } from "../model/linear-mixed-model";
import type { PlsWorkspace } from "../pls/workspace";
import { boundsInPhi, type Coordinates } from "./coordinates";
import type { Method } from "./options";
import { SecondOrder } from "./second-order";
import { SINGULAR, singularities } from "./singularities";

/** A fit holds when a Newton step gains no more than this, per 1,000 units of the criterion. */
const GAIN = 1e-6;
/** How negative the derivative along a singular covariance direction may be. */
const DOWNHILL = -1e-3;

/**
 * Looks for evidence that θ is a minimum, in coordinates in which all columns of Z look alike.
 *
 * The gradient and average-information matrix give what a Newton step would still gain, parameters that a bound
 * holds left out. Where a template is singular the gradient proves nothing, for it vanishes at every zero column;
 * there the derivative D_t of the criterion with respect to TT' must have no negative eigenvalue on the null space
 * of T' (on the directions that the term's structure has).
 *
 * @param theta a candidate within bounds; not changed
 * Cost: about four evaluations. The workspace is left at some other point, its maps as they were.
 */
export function certify(
  workspace: PlsWorkspace,
  method: Method,
  coordinates: Coordinates,
  theta: Float64Array,
): Certificate {
  const n = theta.length;
  const before = workspace.maps;
  workspace.maps = coordinates.maps;
  const phi = coordinates.fromTheta(theta);
  const second = new SecondOrder(workspace, method);
  const gradient = new Float64Array(n);
  const hessian = new Float64Array(n * n);
  const value = second.evaluateInto(phi, gradient, hessian);
  workspace.maps = before;
  if (value === Number.POSITIVE_INFINITY) {
    const predictedDecrease = Number.POSITIVE_INFINITY;
    return {
      holds: false,
      gradient,
      predictedDecrease,
      boundaryCurvature: null,
      singular: [],
      unidentified: [],
    };
  }
  const { design } = workspace;
  const free = freeParameters(design, coordinates, phi, gradient);
  const predictedDecrease = newtonDecrease(gradient, hessian, free);
  const { boundaryCurvature, singular } = singularities(design, coordinates, phi, second, gradient, free);
  const curved = boundaryCurvature === null || boundaryCurvature >= DOWNHILL;
  const holds = curved && predictedDecrease <= enough(value);
  return { holds, gradient, predictedDecrease, boundaryCurvature, singular, unidentified: [] };
}

/** What an optimizer with derivatives knows where it stopped, in scaled coordinates. */
export interface Derivatives {
  readonly phi: Float64Array;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/**
 * The certificate from derivatives that are there already; null when there are none or a template is
 * singular, for then they do not suffice.
 *
 * @param value the criterion at that point
 */
export function certificateOfRegular(
  design: Design,
  value: number,
  derivatives: Derivatives | undefined,
): Certificate | null {
  if (derivatives === undefined || !Number.isFinite(value)) return null;
  const { phi, hessian } = derivatives;
  const { lower, upper } = thetaBounds(design);
  if (lower.some((bound, i) => Math.abs(phi[i] - bound) < SINGULAR)) return null;
  if (upper.some((bound, i) => Math.abs(bound - phi[i]) < SINGULAR)) return null;
  const gradient = derivatives.gradient.slice();
  // Signs of columns are rectified in the result: so are the derivatives along them.
  for (const { template, thetaStart } of design.terms) {
    const { rows, cols } = template;
    if (!hasEntries(template)) {
      for (let i = thetaStart; i < thetaStart + template.count; i++) {
        if (phi[i] < lower[i] || phi[i] > upper[i]) return null;
      }
    }
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] !== cols[i] || phi[thetaStart + i] >= 0) continue;
      for (let j = 0; j < rows.length; j++) {
        if (cols[j] === cols[i]) gradient[thetaStart + j] = -gradient[thetaStart + j];
      }
    }
  }
  const all = Int32Array.from(phi, (_, i) => i);
  const predictedDecrease = newtonDecrease(derivatives.gradient, hessian, all);
  const holds = predictedDecrease <= enough(value);
  return { holds, gradient, predictedDecrease, boundaryCurvature: null, singular: [], unidentified: [] };
}

/** What may be left to gain. */
function enough(value: number): number {
  return GAIN * Math.max(1, Math.abs(value) / 1000);
}

/** Parameters that no bound holds against the gradient. */
function freeParameters(
  design: Design,
  coordinates: Coordinates,
  phi: Float64Array,
  gradient: Float64Array,
): Int32Array {
  const { lower, upper } = boundsInPhi(design, coordinates);
  return Int32Array.from(phi, (_, i) => i).filter(
    (i) =>
      !(phi[i] - lower[i] < SINGULAR && gradient[i] > 0) &&
      !(upper[i] - phi[i] < SINGULAR && gradient[i] < 0),
  );
}

/**
 * ½ g'H⁻¹g on the free parameters, with the diagonal of H raised as far as needed to make it positive definite:
 * flat directions (parameters that the criterion does not see) count with a tiny curvature.
 */
function newtonDecrease(gradient: Float64Array, hessian: Float64Array, free: Int32Array): number {
  const n = gradient.length;
  const m = free.length;
  let largest = 0;
  for (const i of free) largest = Math.max(largest, Math.abs(hessian[i * n + i]));
  for (let ridge = 1e-12 * Math.max(largest, 1e-300); Number.isFinite(ridge); ridge *= 100) {
    const raised = new Float64Array(m * m);
    free.forEach((i, a) => {
      free.forEach((j, b) => {
        raised[a * m + b] = hessian[i * n + j];
      });
      raised[a * m + a] += ridge;
    });
    const result = cholesky(raised, m);
    if (result.status !== "ok") continue;
    const half = Float64Array.from(free, (i) => gradient[i]);
    solveLowerInPlace(half, result.factor, m);
    return half.reduce((sum, x) => sum + x * x, 0) / 2;
  }
  return Number.POSITIVE_INFINITY;
}
