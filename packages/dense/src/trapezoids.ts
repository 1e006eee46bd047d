import { checkWithin, DenseError } from "./errors";
import { solveBackward, solveForward } from "./typescript/trapezoids";
import type { PackingWorkspace } from "./workspace";

/**
 * A sparse lower triangular matrix in dense trapezoids, as supernodal factorizations have it: adjacent columns
 * with the same rows form a block, column-major, their own rows first.
 */
export interface Trapezoids {
  readonly count: number;
  /** First column of each block, length count + 1. */
  readonly first: Int32Array;
  /** Where the rows of each block begin in `rows`, length count + 1. */
  readonly rowPtr: Int32Array;
  /** Row numbers: first the block's own columns, then the rows below, which are beyond them. */
  readonly rows: Int32Array;
  /** Where the numbers of each block (rows × columns) begin, length count + 1. */
  readonly valuePtr: Int32Array;
}

/**
 * X ← L⁻¹ X, or X ← L'⁻¹ X, for L in trapezoids and right-hand sides that lie interleaved.
 *
 * One order of subtraction, whatever the number of right-hand sides and the path. Within a block unknown after
 * unknown as found, then the division by the diagonal; across blocks (the rows below) products are summed from
 * zero in stretches of 256, columns in increasing order for L, rows in increasing order for L', and each sum is
 * subtracted once. Runs in WebAssembly when `work` is a `DenseWorkspace`, x, `values` and the four tables are in
 * its memory, and `sides` is 1 or a multiple of 4; then all rows of the tables are taken on trust. Cost 2 flops
 * per number of the blocks (below the diagonal) and right-hand side; allocates nothing. Throws `DenseError` on
 * arrays that are too short.
 *
 * Source: Ng & Peyton (1993), SIAM J. Sci. Comput. 14(5), section 2 (supernodes); Golub & Van Loan (2013),
 * Matrix Computations, 4th ed., section 3.1.
 *
 * @param x entry (i, c) at `offset + i · sides + c`; overwritten
 * @param sides number of right-hand sides
 * @param values the blocks; what stands above the diagonal of a block is not used
 */
export function solveTrapezoidsInPlace(
  x: Float64Array,
  offset: number,
  sides: number,
  trans: "none" | "transpose",
  blocks: Trapezoids,
  values: Float64Array,
  work?: PackingWorkspace,
): void {
  const { count, first, rowPtr, rows, valuePtr } = blocks;
  const n = count === 0 ? 0 : first[count];
  checkWithin(x.length, offset, n, sides, sides, 1, "right-hand side");
  if (count > 0 && (values.length < valuePtr[count] || rows.length < rowPtr[count])) {
    throw new DenseError("short-array", "short blocks", values.length, `need ${valuePtr[count]} numbers`);
  }
  const buffer = work?.instance?.buffer;
  if (
    buffer !== undefined &&
    (sides === 1 || sides % 4 === 0) &&
    x.buffer === buffer &&
    values.buffer === buffer &&
    first.buffer === buffer &&
    rowPtr.buffer === buffer &&
    rows.buffer === buffer &&
    valuePtr.buffer === buffer
  ) {
    work!.instance!.kernels.solveTrapezoids(
      x.byteOffset + 8 * offset,
      sides,
      count,
      first.byteOffset,
      rowPtr.byteOffset,
      rows.byteOffset,
      valuePtr.byteOffset,
      values.byteOffset,
      trans === "transpose",
    );
  } else if (trans === "transpose") solveBackward(x, offset, sides, blocks, values);
  else solveForward(x, offset, sides, blocks, values);
}
