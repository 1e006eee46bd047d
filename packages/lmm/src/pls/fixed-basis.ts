import { LmmError } from "../errors";
import type { CrossProducts } from "../products/cross-products";
import { rightSolveUpperInPlace, solveUpperTransposedInPlace, upperCholeskyInPlace } from "./upper-cholesky";

/** X̃ = QR with orthonormal Q, as far as cross-products can tell. */
export interface FixedBasis {
  /** R, p×p upper triangular, column-major. */
  readonly r: Float64Array;
  /** log|R|². */
  readonly logDet: number;
  /** Z'Q, q×p, column-major. */
  readonly ztq: Float64Array;
  /** Q'y, length p. */
  readonly qty: Float64Array;
}

/**
 * Orthonormalizes X once, so that evaluations work with I − RZX'RZX (entries in [0, 1]) and
 * log|RX|² changes by a constant.
 *
 * @throws LmmError when X'X is not positive definite in working precision
 * Cost: p³/3 + q·p².
 */
export function fixedBasis(products: CrossProducts, p: number): FixedBasis {
  const r = products.xtx.slice();
  if (upperCholeskyInPlace(r, p) !== p) {
    throw new LmmError(
      "collinear-columns",
      "nearly collinear columns: X'X is not positive definite in working precision",
      p,
      "leave one of them out, or centre and scale them",
    );
  }
  let logDet = 0;
  for (let j = 0; j < p; j++) {
    for (let i = j + 1; i < p; i++) r[j * p + i] = 0;
    logDet += 2 * Math.log(r[j * p + j]);
  }
  const ztq = products.ztx.slice();
  rightSolveUpperInPlace(ztq, p === 0 ? 0 : products.ztx.length / p, r, p);
  const qty = products.xty.slice();
  solveUpperTransposedInPlace(qty, r, p);
  return { r, logDet, ztq, qty };
}
