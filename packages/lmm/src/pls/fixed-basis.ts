import {
  cholesky,
  LogProduct,
  PackingWorkspace,
  solveLowerInPlace,
  solveTriangularInPlace,
} from "@lmmkit/dense";
import { LmmError } from "../errors";
import type { CrossProducts } from "../products/cross-products";
import { rightSolveTransposedInPlace } from "./blocks";

/** X̃ = QR with orthonormal Q, as far as cross-products can tell. */
export interface FixedBasis {
  /** R', p×p lower triangular, column-major. */
  readonly rt: Float64Array;
  /** log|X'X| of the original columns. */
  readonly logDet: number;
  /** Z'Q, q×p, column-major. */
  readonly ztq: Float64Array;
  /** Q'y, length p. */
  readonly qty: Float64Array;
}

/** From here on solves in blocks pay. */
const MANY_COLUMNS = 64;

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
  const pivots = new LogProduct();
  const { triangle } = products.shifts;
  for (let j = 0; j < p; j++) {
    pivots.times(rt[j * p + j]);
    if (triangle !== null) pivots.times(Math.abs(triangle[j * p + j]));
  }
  const ztq = products.ztx.slice();
  const q = p === 0 ? 0 : ztq.length / p;
  if (p < MANY_COLUMNS) rightSolveTransposedInPlace(ztq, q, rt, p);
  else {
    const room = new PackingWorkspace();
    solveTriangularInPlace(ztq, 0, q, q, p, "right", "lower", "transpose", rt, 0, p, room);
  }
  return withResponse({ rt, logDet: 2 * pivots.log(), ztq, qty: products.xty }, products, p);
}

/** The same basis with Q'y of other products. */
export function withResponse(basis: FixedBasis, products: CrossProducts, p: number): FixedBasis {
  const qty = products.xty.slice();
  solveLowerInPlace(qty, basis.rt, p);
  return { ...basis, qty };
}
