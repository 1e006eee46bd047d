import { type BoxProblem, isActive } from "./box-step";
import { smallestEigenvalueInPlace } from "./smallest-eigenvalue";

/**
 * What is known about the end point of a minimization in a box, in plain numbers of the caller's units.
 *
 * A local minimum has `projectedGradient` near 0, `smallestCurvature` >= 0 and multipliers >= 0.
 */
export interface Certificate {
  /** Largest modulus of the gradient over the variables that are not held by a bound. */
  readonly projectedGradient: number;
  /**
   * Smallest eigenvalue of the Hessian (as the objective gave it) over the variables that are not held by a bound;
   * Infinity when every variable is.
   */
  readonly smallestCurvature: number;
  /**
   * Per variable, how fast the objective grows when the variable moves inwards from the bound that holds it: positive
   * there, 0 for variables that no bound holds. For a variable with equal bounds, the modulus of the gradient.
   */
  readonly multipliers: Float64Array;
}

/**
 * States the optimality conditions at a point.
 *
 * @param problem gaps to the bounds, gradient and Hessian at the point; unchanged
 *
 * Cost: a reduction of the free block to tridiagonal form.
 */
export function certify(problem: BoxProblem): Certificate {
  const { n, gradient, hessian } = problem;
  const multipliers = new Float64Array(n);
  const free: number[] = [];
  let projectedGradient = 0;
  for (let i = 0; i < n; i++) {
    if (isActive(problem, i)) multipliers[i] = Math.abs(gradient[i]);
    else {
      free.push(i);
      projectedGradient = Math.max(projectedGradient, Math.abs(gradient[i]));
    }
  }
  const count = free.length;
  if (count === 0) return { projectedGradient, smallestCurvature: Infinity, multipliers };
  const block = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) block[a * count + b] = hessian[free[a] * n + free[b]];
  }
  return { projectedGradient, smallestCurvature: smallestEigenvalueInPlace(count, block), multipliers };
}
