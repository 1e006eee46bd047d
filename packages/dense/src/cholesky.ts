import { checkBlock, checkSize } from "./errors";
import { address, type KernelChoice, stage, staging, unstage } from "./staging";
import { choleskyTrapezoid } from "./typescript/cholesky";
import { PackingWorkspace } from "./workspace";

/** From this many multiplications on a matrix inside the workspace is left to WebAssembly. */
const wasmCholesky = 1000;
/** From this size on a matrix from an ordinary array is worth copying there and back. */
const stagedCholesky = 32;

/** Result of `cholesky`. */
export type CholeskyResult =
  | { readonly status: "ok"; readonly factor: Float64Array }
  | { readonly status: "not-positive-definite"; readonly column: number };

/** Options of `cholesky`. */
export interface CholeskyOptions {
  /** "auto" by default: WebAssembly from n = 32 on, where there is some. The bits are the same. */
  readonly kernels?: KernelChoice;
}

/**
 * The lower Cholesky factor of a symmetric matrix, A = L L'.
 *
 * @param a n × n, column-major, only the lower triangle is read; not changed
 * @returns the factor (zeros above the diagonal), or the first column whose pivot is not positive
 */
export function cholesky(a: ArrayLike<number>, n: number, options: CholeskyOptions = {}): CholeskyResult {
  checkBlock(a.length, 0, n, n, n, "matrix");
  const factor = Float64Array.from(a);
  for (let j = 1; j < n; j++) factor.fill(0, j * n, j * n + j);
  const { kernels = "auto" } = options;
  const column = choleskyPlain(factor, n, n, 0, new PackingWorkspace(n, n, n), kernels);
  return column === -1 ? { status: "ok", factor } : { status: "not-positive-definite", column };
}

/**
 * A ← L with A = L L', in the lower triangle; the strict upper triangle is not touched.
 *
 * Returns −1, or the first column whose pivot is not positive and finite (the columns before it are then
 * those of L). Cost n³ / 3 flops. A large matrix from an ordinary array is copied to the WebAssembly kernels
 * and back; nothing else is allocated when `work` is given.
 *
 * @param a column-major, entry (i, j) at `offset + i + j · ld`
 */
export function choleskyInPlace(
  a: Float64Array,
  n: number,
  ld: number = n,
  offset = 0,
  work: PackingWorkspace = new PackingWorkspace(n, n, n),
): number {
  checkBlock(a.length, offset, n, n, ld, "matrix");
  if (a.buffer === work.instance?.buffer) return choleskyTrapezoidInPlace(a, offset, ld, n, n, work);
  return choleskyPlain(a, n, ld, offset, work, work.choice);
}

function choleskyPlain(
  a: Float64Array,
  n: number,
  ld: number,
  offset: number,
  work: PackingWorkspace,
  choice: KernelChoice,
): number {
  const staged = choice === "wasm" || n >= stagedCholesky ? staging(n * n, choice) : null;
  if (staged === null) return choleskyTrapezoid(a, offset, ld, n, n, work);
  stage(staged, 0, a, offset, n, n, ld);
  const failed = staged.instance.kernels.cholesky(address(staged, 0), n, n, n);
  unstage(staged, 0, n, failed === -1 ? n : failed, true, a, offset, ld);
  return failed;
}

/**
 * Factorizes the first `cols` columns of a symmetric matrix, of which `rows` ≥ `cols` rows are stored:
 * A₁₁ ← L₁₁ with A₁₁ = L₁₁ L₁₁', and A₂₁ ← A₂₁ L₁₁'⁻¹. This is what a supernode needs.
 *
 * l_ij = (a_ij − l_i0 l_j0 − l_i1 l_j1 − …) / l_jj, subtracted from the left, one after the other within the
 * stretch of 256 columns that j belongs to; the products with each stretch before are summed from zero and
 * subtracted once, so that thousands of small ones are not lost one by one. The same whatever the sizes and the
 * path; so the columns of a trapezoid have the bits of the same columns of the whole factor.
 * Runs in WebAssembly when `work` is a `DenseWorkspace` and `a` is from its `allocate`.
 *
 * Returns −1, or the column whose pivot is not positive and finite; then the columns before it are those of L,
 * and what the others hold is unspecified. Cost cols² (rows − cols / 3) flops. Allocates nothing. Throws
 * `DenseError` on an array that is too short.
 *
 * Source: Golub & Van Loan (2013), Matrix Computations, 4th ed., section 4.2.6.
 *
 * @param a column-major, entry (i, j) at `offset + i + j · ld`; entries above the diagonal are not touched
 */
export function choleskyTrapezoidInPlace(
  a: Float64Array,
  offset: number,
  ld: number,
  rows: number,
  cols: number,
  work: PackingWorkspace,
): number {
  checkBlock(a.length, offset, rows, cols, ld, "matrix");
  checkSize(rows, "rows of matrix", cols);
  const { instance } = work;
  if (
    instance !== null &&
    (work.choice === "wasm" || rows * cols * cols >= wasmCholesky) &&
    a.buffer === instance.buffer
  ) {
    return instance.kernels.cholesky(a.byteOffset + 8 * offset, ld, rows, cols);
  }
  return choleskyTrapezoid(a, offset, ld, rows, cols, work);
}

/**
 * Work space with which `choleskyTrapezoidInPlace` can factorize blocks up to this size, and
 * `subtractProductInPlace` can subtract products of such blocks.
 */
export function choleskyWorkspace(maxRows: number, maxCols: number): PackingWorkspace {
  return new PackingWorkspace(maxRows, maxRows, maxCols);
}
