import type { CscMatrix, CscPattern } from "./csc";
import { nnz } from "./csc";

/**
 * The transpose A'. Rows come out sorted. Cost O(nrows + ncols + nnz).
 *
 * Source: Gustavson (1978), Two fast algorithms for sparse matrices, ACM TOMS 4(3), section 3.
 */
export function transpose(matrix: CscMatrix): CscMatrix {
  const { pattern, source } = transposeWithSource(matrix);
  const values = new Float64Array(source.length);
  for (let q = 0; q < source.length; q++) values[q] = matrix.values[source[q]];
  return { ...pattern, values };
}

/** The transpose of a pattern. Cost O(nrows + ncols + nnz). */
export function transposePattern(pattern: CscPattern): CscPattern {
  return transposeWithSource(pattern).pattern;
}

/**
 * The transposed pattern, and for each of its entries the position of the entry it came from, so that
 * new values are carried over with `out[q] = values[source[q]]`. Cost O(nrows + ncols + nnz).
 */
export function transposeWithSource(matrix: CscPattern): { pattern: CscPattern; source: Int32Array } {
  const { nrows, ncols, colPtr, rowIdx } = matrix;
  const count = nnz(matrix);
  const outPtr = new Int32Array(nrows + 1);
  for (let p = 0; p < count; p++) outPtr[rowIdx[p] + 1]++;
  for (let i = 0; i < nrows; i++) outPtr[i + 1] += outPtr[i];
  const next = outPtr.slice(0, nrows);
  const outIdx = new Int32Array(count);
  const source = new Int32Array(count);
  for (let j = 0; j < ncols; j++) {
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      const q = next[rowIdx[p]]++;
      outIdx[q] = j;
      source[q] = p;
    }
  }
  return { pattern: { nrows: ncols, ncols: nrows, colPtr: outPtr, rowIdx: outIdx }, source };
}
