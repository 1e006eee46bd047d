import { cholesky, solveLowerInPlace } from "@lmmkit/dense";
import { LmmError } from "../errors";
import type { CrossProducts } from "../products/cross-products";

/** X̃ = QR with orthonormal Q, as far as cross-products can tell. */
export interface FixedBasis {
  /** R', p×p lower triangular, column-major. */
  readonly rt: Float64Array;
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
 * @throws LmmError `collinear-columns` when X'X is not positive definite in working precision
 * Cost: p³/3 + q·p².
 */
export function fixedBasis(products: CrossProducts, p: number): FixedBasis {
  const result = cholesky(products.xtx, p);
  if (result.status !== "ok") {
    throw new LmmError(
      "collinear-columns",
      "nearly collinear columns: X'X is not positive definite in working precision",
      result.column,
      "leave one of them out, or centre and scale them",
    );
  }
  const rt = result.factor;
  let logDet = 0;
  for (let j = 0; j < p; j++) logDet += 2 * Math.log(rt[j * p + j]);
  const ztq = products.ztx.slice();
  rightSolveInPlace(ztq, p === 0 ? 0 : ztq.length / p, rt, p);
  const qty = products.xty.slice();
  solveLowerInPlace(qty, rt, p);
  return { rt, logDet, ztq, qty };
}

/** Y ← Y R⁻¹ for a tall column-major Y with p columns of length `nrows`. */
function rightSolveInPlace(y: Float64Array, nrows: number, rt: Float64Array, p: number): void {
  for (let j = 0; j < p; j++) {
    const colJ = j * nrows;
    for (let k = 0; k < j; k++) {
      const factor = rt[k * p + j];
      if (factor === 0) continue;
      const colK = k * nrows;
      for (let i = 0; i < nrows; i++) y[colJ + i] -= factor * y[colK + i];
    }
    const pivot = rt[j * p + j];
    for (let i = 0; i < nrows; i++) y[colJ + i] /= pivot;
  }
}
