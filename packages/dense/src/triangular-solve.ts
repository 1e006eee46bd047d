import { checkBlock } from "./errors";
import type { Transposition } from "./products";
import { address, stage, staging, unstage } from "./staging";
import { solveTriangular } from "./typescript/solve";
import type { PackingWorkspace } from "./workspace";

/** From this many multiplications on arrays inside the workspace are left to WebAssembly. */
const wasmSolve = 128;
/** From this many on arrays from elsewhere are worth copying there and back. */
const stagedSolve = 2000;
/** With fewer right-hand sides than this, packing the coefficients costs more than it saves. */
const wasmSides = 4;

/**
 * X ← op(T)⁻¹ X (side "left") or X ← X op(T)⁻¹ ("right") for a triangular T, with many right-hand sides.
 *
 * Every unknown is b − t₁ x₁ − t₂ x₂ − …, subtracted one after the other in the order in which the unknowns
 * are found, then divided by the diagonal; the same whatever the sizes and the path. A zero on the diagonal
 * gives infinities or NaN. Runs in WebAssembly when `work` is a `DenseWorkspace` and both arrays are from its
 * `allocate`, or when there is so much to do that copying pays. Cost n² flops per right-hand side; allocates nothing. Throws `DenseError` on arrays that are too
 * short.
 *
 * Source: Golub & Van Loan (2013), Matrix Computations, 4th ed., sections 3.1.4 and 3.1.6.
 *
 * @param x rows × cols, entry (i, j) at `xOffset + i + j · ldx`; overwritten
 * @param t n × n with n = rows (left) or cols (right), entry (i, j) at `tOffset + i + j · ldt`; the other
 *   triangle is not read
 * @param work without it, or with few right-hand sides, nothing is packed
 */
export function solveTriangularInPlace(
  x: Float64Array,
  xOffset: number,
  ldx: number,
  rows: number,
  cols: number,
  side: "left" | "right",
  triangle: "lower" | "upper",
  trans: Transposition,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  work?: PackingWorkspace,
): void {
  const columns = side === "left";
  const n = columns ? rows : cols;
  checkBlock(x.length, xOffset, rows, cols, ldx, "right-hand side");
  checkBlock(t.length, tOffset, n, n, ldt, "matrix");
  const count = columns ? cols : rows;
  const xRow = columns ? ldx : 1;
  const xCol = columns ? 1 : ldx;
  // X op(T) = B is op(T)' X' = B'.
  const turned = (trans === "transpose") === columns;
  const mRow = turned ? ldt : 1;
  const mCol = turned ? 1 : ldt;
  const backward = (triangle === "upper") !== turned;
  const instance = work?.instance ?? null;
  if (
    instance !== null &&
    (work?.choice === "wasm" || (count >= wasmSides && count * n * n >= wasmSolve)) &&
    x.buffer === instance.buffer &&
    t.buffer === instance.buffer
  ) {
    instance.kernels.solve(
      x.byteOffset + 8 * xOffset,
      xRow,
      xCol,
      count,
      t.byteOffset + 8 * tOffset,
      mRow,
      mCol,
      n,
      columns,
      backward,
    );
    return;
  }
  const inside = instance !== null && x.buffer === instance.buffer;
  const choice = work?.choice ?? "auto";
  const large = choice === "wasm" || (count >= wasmSides && count * n * n >= stagedSolve);
  const staged = large && !inside ? staging(n * n + rows * cols, choice) : null;
  if (staged === null) {
    solveTriangular(x, xOffset, xRow, xCol, count, t, tOffset, mRow, mCol, n, columns, backward, work);
    return;
  }
  const at = n * n;
  stage(staged, 0, t, tOffset, n, n, ldt);
  stage(staged, at, x, xOffset, rows, cols, ldx);
  staged.instance.kernels.solve(
    address(staged, at),
    columns ? rows : 1,
    columns ? 1 : rows,
    count,
    address(staged, 0),
    turned ? n : 1,
    turned ? 1 : n,
    n,
    columns,
    backward,
  );
  unstage(staged, at, rows, cols, false, x, xOffset, ldx);
}

/**
 * X ← L⁻¹ X for the lower triangle of a column-major array; the entries above the diagonal are not read.
 *
 * `solveTriangularInPlace` from the left, for contiguous arrays in the first place.
 *
 * @param x n × ncols right-hand sides, entry (i, c) at `xOffset + i + c · ldx`; overwritten
 * @param l entry (i, j) at `lOffset + i + j · ldl`
 */
export function solveLowerInPlace(
  x: Float64Array,
  l: Float64Array,
  n: number,
  ncols = 1,
  xOffset = 0,
  ldx: number = n,
  lOffset = 0,
  ldl: number = n,
  work?: PackingWorkspace,
): void {
  solveTriangularInPlace(x, xOffset, ldx, n, ncols, "left", "lower", "none", l, lOffset, ldl, work);
}

/** X ← L'⁻¹ X; otherwise as `solveLowerInPlace`. */
export function solveLowerTransposeInPlace(
  x: Float64Array,
  l: Float64Array,
  n: number,
  ncols = 1,
  xOffset = 0,
  ldx: number = n,
  lOffset = 0,
  ldl: number = n,
  work?: PackingWorkspace,
): void {
  solveTriangularInPlace(x, xOffset, ldx, n, ncols, "left", "lower", "transpose", l, lOffset, ldl, work);
}

/** X ← U⁻¹ X for the upper triangle of a column-major array; otherwise as `solveLowerInPlace`. */
export function solveUpperInPlace(
  x: Float64Array,
  u: Float64Array,
  n: number,
  ncols = 1,
  xOffset = 0,
  ldx: number = n,
  uOffset = 0,
  ldu: number = n,
  work?: PackingWorkspace,
): void {
  solveTriangularInPlace(x, xOffset, ldx, n, ncols, "left", "upper", "none", u, uOffset, ldu, work);
}

/** X ← U'⁻¹ X; otherwise as `solveUpperInPlace`. */
export function solveUpperTransposeInPlace(
  x: Float64Array,
  u: Float64Array,
  n: number,
  ncols = 1,
  xOffset = 0,
  ldx: number = n,
  uOffset = 0,
  ldu: number = n,
  work?: PackingWorkspace,
): void {
  solveTriangularInPlace(x, xOffset, ldx, n, ncols, "left", "upper", "transpose", u, uOffset, ldu, work);
}
