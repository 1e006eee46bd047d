import { checkLength } from "./check";
import type { CscMatrix } from "./csc";
import { filterEntries } from "./triangle";

/** The matrix as a column-major array of nrows · ncols numbers: entry (i, j) at i + j · nrows. */
export function toDense(matrix: CscMatrix): Float64Array {
  const { nrows, ncols, colPtr, rowIdx, values } = matrix;
  const out = new Float64Array(nrows * ncols);
  for (let j = 0; j < ncols; j++) {
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) out[rowIdx[p] + j * nrows] = values[p];
  }
  return out;
}

/** The entries of a column-major array whose absolute value exceeds `dropTolerance` (by default: nonzeros). */
export function fromDense(
  nrows: number,
  ncols: number,
  dense: ArrayLike<number>,
  dropTolerance = 0,
): CscMatrix {
  checkLength(dense.length, nrows * ncols, "dense array");
  // A NaN is kept: it is not the absence of an entry.
  const keep = (x: number) => !(Math.abs(x) <= dropTolerance);
  let size = 0;
  for (let q = 0; q < dense.length; q++) if (keep(dense[q])) size++;
  const colPtr = new Int32Array(ncols + 1);
  const rowIdx = new Int32Array(size);
  const values = new Float64Array(size);
  size = 0;
  for (let j = 0; j < ncols; j++) {
    for (let i = 0; i < nrows; i++) {
      const x = dense[i + j * nrows];
      if (!keep(x)) continue;
      rowIdx[size] = i;
      values[size] = x;
      size++;
    }
    colPtr[j + 1] = size;
  }
  return { nrows, ncols, colPtr, rowIdx, values };
}

/** Without the entries whose absolute value is at most `tolerance` (by default: without stored zeros). */
export function dropEntries(matrix: CscMatrix, tolerance = 0): CscMatrix {
  return filterEntries(matrix, (_row, _col, value) => !(Math.abs(value) <= tolerance));
}
