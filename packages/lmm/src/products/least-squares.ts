import { cholesky, solveLowerInPlace, solveLowerTransposeInPlace } from "@lmmkit/dense";

/**
 * b with X'Xb = X'y; zeros when X'X is not positive definite in working precision.
 *
 * Used only to move the response near its residual, which any b does exactly, so a failure is no error.
 */
export function leastSquares(xtx: Float64Array, xty: Float64Array): Float64Array {
  const p = xty.length;
  const result = cholesky(xtx, p);
  if (result.status !== "ok") return new Float64Array(p);
  const b = xty.slice();
  solveLowerInPlace(b, result.factor, p);
  solveLowerTransposeInPlace(b, result.factor, p);
  return b;
}
