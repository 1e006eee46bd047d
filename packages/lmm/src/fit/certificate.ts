import { cholesky, solveLowerInPlace } from "@lmmkit/dense";
import type { Design } from "../design/design";
import type { Certificate } from "../model/linear-mixed-model";
import type { PlsWorkspace } from "../pls/workspace";
import type { Coordinates } from "./coordinates";
import type { Method } from "./options";
import { SecondOrder } from "./second-order";
import { smallestEigenvalueInPlace } from "./smallest-eigenvalue";

/** A fit holds when a Newton step gains no more than this, per 1,000 units of the criterion. */
const GAIN = 1e-6;
/** Diagonal entries of Φ below this count as zero (lme4's tolerance for θ). */
const SINGULAR = 1e-4;
/** How negative the derivative along a singular covariance direction may be. */
const DOWNHILL = -1e-3;

/**
 * Looks for evidence that θ is a minimum, in coordinates in which all columns of Z look alike.
 *
 * The gradient and average-information matrix give what a Newton step would still gain. Where a template
 * is singular the gradient proves nothing, for it vanishes at every zero column; there the derivative D_t
 * of the criterion with respect to TT' must have no negative eigenvalue on the null space of T'.
 *
 * @param theta a candidate, diagonals ≥ 0; not changed
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
    return { holds: false, gradient, predictedDecrease: Number.POSITIVE_INFINITY, boundaryCurvature: null };
  }
  const predictedDecrease = newtonDecrease(gradient, hessian, n);
  const boundaryCurvature = singularCurvature(workspace.design, phi, second.curvature);
  const curved = boundaryCurvature === null || boundaryCurvature >= DOWNHILL;
  const holds = curved && predictedDecrease <= enough(value);
  return { holds, gradient, predictedDecrease, boundaryCurvature };
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
  if (derivatives === undefined) return null;
  const { phi, hessian } = derivatives;
  if (design.lower.some((bound, i) => bound === 0 && Math.abs(phi[i]) < SINGULAR)) return null;
  const gradient = derivatives.gradient.slice();
  // Signs of columns are rectified in the result: so are the derivatives along them.
  for (const { template, thetaStart } of design.terms) {
    const { rows, cols } = template;
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] !== cols[i] || phi[thetaStart + i] >= 0) continue;
      for (let j = 0; j < rows.length; j++) {
        if (cols[j] === cols[i]) gradient[thetaStart + j] = -gradient[thetaStart + j];
      }
    }
  }
  const predictedDecrease = newtonDecrease(derivatives.gradient, hessian, phi.length);
  return { holds: predictedDecrease <= enough(value), gradient, predictedDecrease, boundaryCurvature: null };
}

/** What may be left to gain. */
function enough(value: number): number {
  return GAIN * Math.max(1, Math.abs(value) / 1000);
}

/**
 * ½ g'H⁻¹g, with the diagonal of H raised as far as needed to make it positive definite: flat directions
 * (parameters that the criterion does not see) count with a tiny curvature.
 */
function newtonDecrease(gradient: Float64Array, hessian: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(hessian[i * n + i]));
  for (let ridge = 1e-12 * Math.max(largest, 1e-300); Number.isFinite(ridge); ridge *= 100) {
    const raised = hessian.slice();
    for (let i = 0; i < n; i++) raised[i * n + i] += ridge;
    const result = cholesky(raised, n);
    if (result.status !== "ok") continue;
    const half = gradient.slice();
    solveLowerInPlace(half, result.factor, n);
    return half.reduce((sum, x) => sum + x * x, 0) / 2;
  }
  return Number.POSITIVE_INFINITY;
}

/** The smallest eigenvalue of D_t on the null space of T_t', over all terms; null when all are regular. */
function singularCurvature(
  design: Design,
  phi: Float64Array,
  curvature: readonly Float64Array[],
): number | null {
  let smallest: number | null = null;
  design.terms.forEach(({ template, thetaStart }, t) => {
    const { k, rows, cols } = template;
    const lower = new Float64Array(k * k);
    for (let i = 0; i < rows.length; i++) lower[cols[i] * k + rows[i]] = phi[thetaStart + i];
    const basis = nullVectors(lower, k);
    const r = basis.length;
    if (r === 0) return;
    const restricted = new Float64Array(r * r);
    basis.forEach((x, i) => {
      basis.forEach((y, j) => {
        for (let a = 0; a < k; a++) {
          for (let b = 0; b < k; b++) restricted[i * r + j] += x[a] * curvature[t][b * k + a] * y[b];
        }
      });
    });
    smallest = Math.min(smallest ?? Number.POSITIVE_INFINITY, smallestEigenvalueInPlace(restricted, r));
  });
  return smallest;
}

/** Orthonormal x with T'x = 0, one per zero on the diagonal of the lower triangular T. */
function nullVectors(lower: Float64Array, k: number): Float64Array[] {
  const basis: Float64Array[] = [];
  for (let j = 0; j < k; j++) {
    if (Math.abs(lower[j * k + j]) >= SINGULAR) continue;
    const x = new Float64Array(k);
    x[j] = 1;
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0;
      for (let m = i + 1; m <= j; m++) sum += lower[i * k + m] * x[m];
      x[i] = Math.abs(lower[i * k + i]) >= SINGULAR ? -sum / lower[i * k + i] : 0;
    }
    for (const y of basis) {
      const along = x.reduce((sum, value, i) => sum + value * y[i], 0);
      for (let i = 0; i < k; i++) x[i] -= along * y[i];
    }
    const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
    basis.push(x.map((value) => value / length));
  }
  return basis;
}
