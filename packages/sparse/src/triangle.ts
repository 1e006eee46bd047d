import { checkSquare } from "./check";
import type { CscMatrix, Triangle } from "./csc";
import { nnz } from "./csc";
import { transpose } from "./transpose";

/**
 * The entries of one triangle, diagonal included; the matrix need not be square. Cost O(ncols + nnz).
 *
 * @param triangle "lower" keeps i ≥ j, "upper" keeps i ≤ j
 */
export function triangle(matrix: CscMatrix, triangle: Triangle): CscMatrix {
  return filterEntries(matrix, triangle === "lower" ? (i, j) => i >= j : (i, j) => i <= j);
}

/** The entries for which `keep(row, col, value)` is true. Cost O(ncols + nnz). */
export function filterEntries(
  matrix: CscMatrix,
  keep: (row: number, col: number, value: number) => boolean,
): CscMatrix {
  const { nrows, ncols, colPtr, rowIdx, values } = matrix;
  const outPtr = new Int32Array(ncols + 1);
  const outIdx = new Int32Array(nnz(matrix));
  const outValues = new Float64Array(outIdx.length);
  let size = 0;
  for (let j = 0; j < ncols; j++) {
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      if (!keep(rowIdx[p], j, values[p])) continue;
      outIdx[size] = rowIdx[p];
      outValues[size] = values[p];
      size++;
    }
    outPtr[j + 1] = size;
  }
  return { nrows, ncols, colPtr: outPtr, rowIdx: outIdx.slice(0, size), values: outValues.slice(0, size) };
}

/**
 * The full symmetric matrix of which `from` is the stored triangle; entries of the other triangle are
 * ignored. Throws `SparseError` when the matrix is not square. Cost O(n + nnz).
 */
export function symmetrize(matrix: CscMatrix, from: Triangle): CscMatrix {
  const n = checkSquare(matrix);
  const stored = triangle(matrix, from);
  const mirrored = transpose(stored);
  const lower = from === "lower" ? stored : mirrored;
  const upper = from === "lower" ? mirrored : stored;
  // Column j is the strict upper part (rows < j) followed by the lower part (rows >= j), both sorted.
  const colPtr = new Int32Array(n + 1);
  const rowIdx = new Int32Array(2 * nnz(stored));
  const values = new Float64Array(rowIdx.length);
  let size = 0;
  for (let j = 0; j < n; j++) {
    for (let p = upper.colPtr[j]; p < upper.colPtr[j + 1]; p++) {
      if (upper.rowIdx[p] === j) break;
      rowIdx[size] = upper.rowIdx[p];
      values[size] = upper.values[p];
      size++;
    }
    for (let p = lower.colPtr[j]; p < lower.colPtr[j + 1]; p++) {
      rowIdx[size] = lower.rowIdx[p];
      values[size] = lower.values[p];
      size++;
    }
    colPtr[j + 1] = size;
  }
  return { nrows: n, ncols: n, colPtr, rowIdx: rowIdx.slice(0, size), values: values.slice(0, size) };
}
