import { solveUpperInPlace, solveUpperTransposedInPlace, upperCholeskyInPlace } from "../pls/upper-cholesky";

/** Solves X'Xb = X'y for many y. */
export interface LeastSquares {
  /** b, a new vector of length p; zeros when X'X is not positive definite in working precision. */
  solve(xty: Float64Array): Float64Array;
}

/**
 * Factors X'X once. Used only to move the response near its residual, which any b does exactly, so a
 * failure is no error: b = 0 then moves nothing.
 */
export function leastSquares(xtx: Float64Array, p: number): LeastSquares {
  const r = xtx.slice();
  const ok = upperCholeskyInPlace(r, p) === p;
  return {
    solve(xty) {
      if (!ok) return new Float64Array(p);
      const b = xty.slice();
      solveUpperTransposedInPlace(b, r, p);
      solveUpperInPlace(b, r, p);
      return b;
    },
  };
}
