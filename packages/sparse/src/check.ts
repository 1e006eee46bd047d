import type { CscMatrix, CscPattern } from "./csc";
import { SparseError } from "./errors";

/**
 * Throws unless every invariant of `CscPattern` holds. Cost O(ncols + nnz).
 *
 * Kernels never call this; it belongs at the border, where data comes in.
 */
export function checkPattern(pattern: CscPattern): void {
  if (!(isInt32Array(pattern?.colPtr) && isInt32Array(pattern.rowIdx))) {
    throw new SparseError(
      "not-a-matrix",
      "invalid matrix",
      pattern,
      "need { nrows, ncols, colPtr, rowIdx }, the last two as Int32Array",
    );
  }
  const { nrows, ncols, colPtr, rowIdx } = pattern;
  checkDimension(nrows);
  checkDimension(ncols);
  if (colPtr.length !== ncols + 1) {
    throw new SparseError(
      "bad-column-pointers",
      "wrong length of colPtr",
      colPtr.length,
      `need ncols + 1 = ${ncols + 1}`,
    );
  }
  if (colPtr[0] !== 0) {
    throw new SparseError("bad-column-pointers", "nonzero start of colPtr", colPtr[0], "colPtr[0] must be 0");
  }
  for (let j = 0; j < ncols; j++) {
    if (colPtr[j + 1] < colPtr[j]) {
      throw new SparseError(
        "bad-column-pointers",
        "decreasing colPtr at column",
        j,
        "colPtr never decreases",
      );
    }
  }
  if (rowIdx.length < colPtr[ncols]) {
    throw new SparseError(
      "length-mismatch",
      "short rowIdx",
      rowIdx.length,
      `colPtr asks for ${colPtr[ncols]} entries`,
    );
  }
  for (let j = 0; j < ncols; j++) {
    let previous = -1;
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      const i = rowIdx[p];
      if (i < 0 || i >= nrows) {
        throw new SparseError(
          "row-out-of-range",
          `invalid row in column ${j}`,
          i,
          `rows are 0 to ${nrows - 1}`,
        );
      }
      if (i <= previous) {
        throw new SparseError(
          "unsorted-rows",
          `${i === previous ? "duplicate" : "unsorted"} row in column ${j}`,
          i,
          "rows increase strictly within a column; fromTriplets sorts and sums",
        );
      }
      previous = i;
    }
  }
}

/** Throws unless every invariant of `CscMatrix` holds; values may be anything. Cost O(ncols + nnz). */
export function checkMatrix(matrix: CscMatrix): void {
  checkPattern(matrix);
  if (!(matrix.values?.length >= matrix.colPtr[matrix.ncols])) {
    throw new SparseError(
      "length-mismatch",
      "short values",
      matrix.values?.length,
      `colPtr asks for ${matrix.colPtr[matrix.ncols]} entries`,
    );
  }
}

/** By its tag: an array that comes from a worker or a frame is of another class with the same name. */
function isInt32Array(array: unknown): boolean {
  return ArrayBuffer.isView(array) && (array as Int32Array)[Symbol.toStringTag] === "Int32Array";
}

/** Throws when a stored value is NaN or infinite. Cost O(nnz). */
export function checkFinite(matrix: CscMatrix): void {
  const { values, colPtr, ncols } = matrix;
  const count = colPtr[ncols];
  for (let p = 0; p < count; p++) {
    if (!Number.isFinite(values[p])) {
      throw new SparseError(
        "not-finite",
        `non-finite value at entry ${p}`,
        values[p],
        "every value must be a finite number",
      );
    }
  }
}

/** Throws unless the matrix is square; returns its size. */
export function checkSquare(pattern: CscPattern): number {
  if (pattern.nrows !== pattern.ncols) {
    throw new SparseError(
      "not-square",
      "non-square matrix",
      `${pattern.nrows} x ${pattern.ncols}`,
      "this operation needs as many rows as columns",
    );
  }
  return pattern.nrows;
}

/** Throws unless `length` equals `expected`; `what` names the vector in the message. */
export function checkLength(length: number, expected: number, what: string): void {
  if (length !== expected) {
    throw new SparseError("dimension-mismatch", `wrong length of ${what}`, length, `need ${expected}`);
  }
}

/** Throws unless `n` is a whole number in 0 … 2³¹ − 2 (so that n + 1 pointers can be numbered). */
export function checkDimension(n: number): void {
  if (!Number.isInteger(n) || n < 0 || n > 0x7ffffffe) {
    throw new SparseError("bad-dimension", "invalid dimension", n, "need a whole number from 0 to 2^31 - 2");
  }
}
