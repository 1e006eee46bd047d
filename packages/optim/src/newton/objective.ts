import type { TracePoint } from "../result";

/**
 * Value, gradient and Hessian of an objective in one call.
 *
 * @param x length n, reused from call to call; must not be changed
 * @param outGradient length n, to be filled
 * @param outHessian n x n, row-major, to be filled: the exact Hessian or an approximation; only its lower triangle
 *   (`outHessian[i * n + j]`, j <= i) is read
 * @returns the value; NaN or Infinity where there is none (the outputs may then be left alone)
 */
export type SecondOrderObjective = (
  x: Float64Array,
  outGradient: Float64Array,
  outHessian: Float64Array,
) => number;

/** One evaluation, as kept by the option `trace`. */
export interface NewtonTracePoint extends TracePoint {
  /** Radius of the trust region in which the step was found (in units of `scale`). */
  readonly radius: number;
  /** Change of f that the model predicted for the step; 0 at the start. */
  readonly predicted: number;
}
