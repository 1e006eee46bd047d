import type { PackingWorkspace } from "../workspace";
import { depthBlock } from "./packing";
import { subtractProduct } from "./product";

/** Matrices with at most this many columns are factorized column by column, wider ones are halved. */
const panel = 24;

/** `choleskyTrapezoidInPlace` in plain TypeScript, by halves as the WebAssembly kernel does it. */
export function choleskyTrapezoid(
  a: Float64Array,
  offset: number,
  ld: number,
  rows: number,
  cols: number,
  work: PackingWorkspace,
): number {
  if (cols <= panel) return factorColumns(a, offset, ld, rows, cols);
  // A whole number of tiles both ways, or of stretches.
  const within = cols <= depthBlock;
  const half = within ? Math.ceil(cols / 24) * 12 : Math.ceil(cols / (2 * depthBlock)) * depthBlock;
  const failed = choleskyTrapezoid(a, offset, ld, rows, half, work);
  if (failed !== -1) return failed;
  const l = offset + half;
  const c = l + half * ld;
  const below = rows - half;
  const right = cols - half;
  subtractProduct(a, c, ld, below, right, half, 1, a, l, 1, ld, a, l, 1, ld, true, within, work);
  const later = choleskyTrapezoid(a, c, ld, below, right, work);
  return later === -1 ? -1 : half + later;
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
