import type { PackingWorkspace } from "../workspace";
import { subtractProduct } from "./product";

/** Width of a panel: wide ones keep the trailing update in registers, narrow ones suit small matrices. */
export const widePanel = 96;
const narrowPanel = 24;

/**
 * `choleskyTrapezoidInPlace` in plain TypeScript: right-looking in panels of 96 columns (24 within a panel);
 * a panel is factorized column by column, then subtracted from the columns behind it, product by product, so
 * that the width of the panels does not matter to the result.
 */
export function choleskyTrapezoid(
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
    const failed = choleskyTrapezoid(a, corner, ld, rows - k, panel, work);
    if (failed !== -1) return k + failed;
    const rest = cols - k - panel;
    if (rest === 0) break;
    const l = corner + panel;
    const c = l + panel * ld;
    subtractProduct(a, c, ld, rows - k - panel, rest, panel, 1, a, l, 1, ld, a, l, 1, ld, true, true, work);
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
