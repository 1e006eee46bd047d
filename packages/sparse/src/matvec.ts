import { checkLength, checkSquare } from "./check";
import type { CscMatrix, Triangle } from "./csc";

/** A x, summed by columns in increasing order. Throws `SparseError` on a length mismatch. Cost O(nnz). */
export function multiplyVector(matrix: CscMatrix, x: ArrayLike<number>): Float64Array {
  const out = new Float64Array(matrix.nrows);
  multiplyVectorInto(matrix, x, out);
  return out;
}

/** A' x. Throws `SparseError` on a length mismatch. Cost O(nnz). */
export function multiplyTransposeVector(matrix: CscMatrix, x: ArrayLike<number>): Float64Array {
  const out = new Float64Array(matrix.ncols);
  multiplyTransposeVectorInto(matrix, x, out);
  return out;
}

/** out = A x. `out` (length nrows) is overwritten and must not be `x`. Cost O(nrows + nnz). */
export function multiplyVectorInto(matrix: CscMatrix, x: ArrayLike<number>, out: Float64Array): void {
  const { nrows, ncols, colPtr, rowIdx, values } = matrix;
  checkLength(x.length, ncols, "x");
  checkLength(out.length, nrows, "out");
  out.fill(0);
  for (let j = 0; j < ncols; j++) {
    const xj = x[j];
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) out[rowIdx[p]] += values[p] * xj;
  }
}

/** out = A' x. `out` (length ncols) is overwritten and must not be `x`. Cost O(nnz). */
export function multiplyTransposeVectorInto(
  matrix: CscMatrix,
  x: ArrayLike<number>,
  out: Float64Array,
): void {
  const { nrows, ncols, colPtr, rowIdx, values } = matrix;
  checkLength(x.length, nrows, "x");
  checkLength(out.length, ncols, "out");
  for (let j = 0; j < ncols; j++) {
    let sum = 0;
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) sum += values[p] * x[rowIdx[p]];
    out[j] = sum;
  }
}

/**
 * A x for a symmetric A of which one triangle is stored; entries of the other triangle are ignored.
 * Cost O(n + nnz).
 */
export function multiplySymmetricVector(
  matrix: CscMatrix,
  x: ArrayLike<number>,
  stored: Triangle,
): Float64Array {
  const n = checkSquare(matrix);
  checkLength(x.length, n, "x");
  const { colPtr, rowIdx, values } = matrix;
  const lower = stored === "lower";
  const out = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      const i = rowIdx[p];
      if (i === j) out[j] += values[p] * x[j];
      else if (lower === i > j) {
        out[i] += values[p] * x[j];
        out[j] += values[p] * x[i];
      }
    }
  }
  return out;
}
