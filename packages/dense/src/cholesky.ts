import { checkBlock } from "./errors";
import { PackingWorkspace } from "./packing";
import { subtractProductInPlace } from "./subtract-product";

/** Width of a panel: wide ones keep the trailing update in registers, narrow ones suit small matrices. */
const widePanel = 96;
const narrowPanel = 24;

/** Result of `cholesky`. */
export type CholeskyResult =
  | { readonly status: "ok"; readonly factor: Float64Array }
  | { readonly status: "not-positive-definite"; readonly column: number };

/**
 * The lower Cholesky factor of a symmetric matrix, A = L L'.
 *
 * @param a n × n, column-major, only the lower triangle is read; not changed
 * @returns the factor (zeros above the diagonal), or the first column whose pivot is not positive
 */
export function cholesky(a: ArrayLike<number>, n: number): CholeskyResult {
  checkBlock(a.length, 0, n, n, n, "matrix");
  const factor = Float64Array.from(a);
  for (let j = 1; j < n; j++) factor.fill(0, j * n, j * n + j);
  const column = choleskyInPlace(factor, n);
  return column === -1 ? { status: "ok", factor } : { status: "not-positive-definite", column };
}

/**
 * A ← L with A = L L', in the lower triangle; the strict upper triangle is not touched.
 *
 * Returns −1, or the first column whose pivot is not positive and finite (the columns before it are then
 * those of L). Cost n³ / 3 flops. Allocates nothing when `work` is given.
 *
 * @param a column-major, entry (i, j) at `offset + i + j · ld`
 */
export function choleskyInPlace(
  a: Float64Array,
  n: number,
  ld: number = n,
  offset = 0,
  work: PackingWorkspace = new PackingWorkspace(n, n, widePanel),
): number {
  checkBlock(a.length, offset, n, n, ld, "matrix");
  return choleskyTrapezoidInPlace(a, offset, ld, n, n, work);
}

/**
 * Factorizes the first `cols` columns of a symmetric matrix, of which `rows` ≥ `cols` rows are stored:
 * A₁₁ ← L₁₁ with A₁₁ = L₁₁ L₁₁', and A₂₁ ← A₂₁ L₁₁'⁻¹. This is what a supernode needs.
 *
 * Right-looking in panels of 96 columns (24 within a panel): a panel is factorized column by column, then
 * subtracted from the columns behind it. Returns −1 or the column that failed. Allocates nothing.
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
  if (cols <= narrowPanel) return factorColumns(a, offset, ld, rows, cols);
  const width = cols > widePanel ? widePanel : narrowPanel;
  for (let k = 0; k < cols; k += width) {
    const panel = Math.min(width, cols - k);
    const corner = offset + k + k * ld;
    const failed = choleskyTrapezoidInPlace(a, corner, ld, rows - k, panel, work);
    if (failed !== -1) return k + failed;
    const rest = cols - k - panel;
    if (rest === 0) break;
    const below = corner + panel;
    subtractProductInPlace(
      a,
      below + panel * ld,
      ld,
      rows - k - panel,
      rest,
      panel,
      1,
      a,
      below,
      1,
      ld,
      a,
      below,
      1,
      ld,
      true,
      work,
    );
  }
  return -1;
}

/** The same, column by column: column j minus its products with the columns before it, four at a time. */
function factorColumns(a: Float64Array, offset: number, ld: number, rows: number, cols: number): number {
  for (let j = 0; j < cols; j++) {
    const column = offset + j * ld;
    let k = 0;
    for (; k + 4 <= j; k += 4) {
      const k0 = offset + k * ld;
      const k1 = k0 + ld;
      const k2 = k1 + ld;
      const k3 = k2 + ld;
      const l0 = a[k0 + j];
      const l1 = a[k1 + j];
      const l2 = a[k2 + j];
      const l3 = a[k3 + j];
      for (let i = j; i < rows; i++) {
        a[column + i] = a[column + i] - a[k0 + i] * l0 - a[k1 + i] * l1 - a[k2 + i] * l2 - a[k3 + i] * l3;
      }
    }
    for (; k < j; k++) {
      const kk = offset + k * ld;
      const l = a[kk + j];
      for (let i = j; i < rows; i++) a[column + i] -= a[kk + i] * l;
    }
    const pivot = a[column + j];
    // Also false for NaN.
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return j;
    const ljj = Math.sqrt(pivot);
    a[column + j] = ljj;
    for (let i = j + 1; i < rows; i++) a[column + i] /= ljj;
  }
  return -1;
}

/**
 * Work space with which `choleskyTrapezoidInPlace` can factorize blocks up to this size, and
 * `subtractProductInPlace` can subtract products of such blocks.
 */
export function choleskyWorkspace(maxRows: number, maxCols: number): PackingWorkspace {
  return new PackingWorkspace(maxRows, maxRows, Math.max(widePanel, maxCols));
}
