import { checkDimension } from "./check";
import type { CscMatrix } from "./csc";
import { SparseError } from "./errors";
import { filterEntries } from "./triangle";

/**
 * Columns `start` … `end − 1`, as `Array.prototype.slice` counts without negative indices.
 * Throws `SparseError` unless 0 ≤ start ≤ end ≤ ncols. Cost O(columns + their entries).
 */
export function sliceColumns(matrix: CscMatrix, start: number, end: number = matrix.ncols): CscMatrix {
  checkRange(start, end, matrix.ncols);
  const first = matrix.colPtr[start];
  const last = matrix.colPtr[end];
  const colPtr = new Int32Array(end - start + 1);
  for (let j = 0; j < colPtr.length; j++) colPtr[j] = matrix.colPtr[start + j] - first;
  return {
    nrows: matrix.nrows,
    ncols: end - start,
    colPtr,
    rowIdx: matrix.rowIdx.slice(first, last),
    values: matrix.values.slice(first, last),
  };
}

/** Rows `start` … `end − 1`. Throws `SparseError` unless 0 ≤ start ≤ end ≤ nrows. Cost O(ncols + nnz). */
export function sliceRows(matrix: CscMatrix, start: number, end: number = matrix.nrows): CscMatrix {
  checkRange(start, end, matrix.nrows);
  const kept = filterEntries(matrix, (i) => i >= start && i < end);
  for (let p = 0; p < kept.rowIdx.length; p++) kept.rowIdx[p] -= start;
  return { ...kept, nrows: end - start };
}

/** The columns `cols` (0-based, in that order, repetitions allowed). Throws `SparseError` on an index out of range. */
export function selectColumns(matrix: CscMatrix, cols: ArrayLike<number>): CscMatrix {
  const colPtr = new Int32Array(cols.length + 1);
  for (let k = 0; k < cols.length; k++) {
    const j = cols[k];
    if (!Number.isInteger(j) || j < 0 || j >= matrix.ncols) {
      throw new SparseError(
        "index-out-of-range",
        "invalid column",
        j,
        `columns are 0 to ${matrix.ncols - 1}`,
      );
    }
    colPtr[k + 1] = colPtr[k] + matrix.colPtr[j + 1] - matrix.colPtr[j];
  }
  const rowIdx = new Int32Array(colPtr[cols.length]);
  const values = new Float64Array(rowIdx.length);
  for (let k = 0; k < cols.length; k++) {
    const from = matrix.colPtr[cols[k]];
    const to = matrix.colPtr[cols[k] + 1];
    rowIdx.set(matrix.rowIdx.subarray(from, to), colPtr[k]);
    values.set(matrix.values.subarray(from, to), colPtr[k]);
  }
  return { nrows: matrix.nrows, ncols: cols.length, colPtr, rowIdx, values };
}

function checkRange(start: number, end: number, size: number): void {
  checkDimension(start);
  checkDimension(end);
  if (start > end || end > size) {
    throw new SparseError(
      "index-out-of-range",
      "invalid range",
      `${start} to ${end}`,
      `need 0 <= start <= end <= ${size}`,
    );
  }
}
