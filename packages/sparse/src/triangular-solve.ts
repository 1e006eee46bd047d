import { checkLength, checkSquare } from "./check";
import type { CscMatrix } from "./csc";
import { SparseError } from "./errors";

/**
 * x ← L⁻¹ x for a lower triangular L (diagonal stored, first in its column).
 *
 * Throws `SparseError` ("missing-diagonal") when a column does not start with its diagonal; a stored zero
 * there gives infinities or NaN. Cost O(n + nnz).
 */
export function solveLowerInPlace(x: Float64Array, lower: CscMatrix): void {
  const { colPtr, rowIdx, values } = lower;
  const n = checkSquare(lower);
  checkLength(x.length, n, "x");
  for (let j = 0; j < n; j++) {
    const start = colPtr[j];
    checkDiagonal(start < colPtr[j + 1] && rowIdx[start] === j, j);
    const xj = x[j] / values[start];
    x[j] = xj;
    for (let p = start + 1; p < colPtr[j + 1]; p++) x[rowIdx[p]] -= values[p] * xj;
  }
}

/** x ← L'⁻¹ x for a lower triangular L (diagonal stored, first in its column). Failure and cost as `solveLowerInPlace`. */
export function solveLowerTransposeInPlace(x: Float64Array, lower: CscMatrix): void {
  const { colPtr, rowIdx, values } = lower;
  const n = checkSquare(lower);
  checkLength(x.length, n, "x");
  for (let j = n - 1; j >= 0; j--) {
    const start = colPtr[j];
    checkDiagonal(start < colPtr[j + 1] && rowIdx[start] === j, j);
    let sum = x[j];
    for (let p = start + 1; p < colPtr[j + 1]; p++) sum -= values[p] * x[rowIdx[p]];
    x[j] = sum / values[start];
  }
}

/** x ← U⁻¹ x for an upper triangular U (diagonal stored, last in its column). Failure and cost as `solveLowerInPlace`. */
export function solveUpperInPlace(x: Float64Array, upper: CscMatrix): void {
  const { colPtr, rowIdx, values } = upper;
  const n = checkSquare(upper);
  checkLength(x.length, n, "x");
  for (let j = n - 1; j >= 0; j--) {
    const last = colPtr[j + 1] - 1;
    checkDiagonal(last >= colPtr[j] && rowIdx[last] === j, j);
    const xj = x[j] / values[last];
    x[j] = xj;
    for (let p = colPtr[j]; p < last; p++) x[rowIdx[p]] -= values[p] * xj;
  }
}

/** x ← U'⁻¹ x for an upper triangular U (diagonal stored, last in its column). Failure and cost as `solveLowerInPlace`. */
export function solveUpperTransposeInPlace(x: Float64Array, upper: CscMatrix): void {
  const { colPtr, rowIdx, values } = upper;
  const n = checkSquare(upper);
  checkLength(x.length, n, "x");
  for (let j = 0; j < n; j++) {
    const last = colPtr[j + 1] - 1;
    checkDiagonal(last >= colPtr[j] && rowIdx[last] === j, j);
    let sum = x[j];
    for (let p = colPtr[j]; p < last; p++) sum -= values[p] * x[rowIdx[p]];
    x[j] = sum / values[last];
  }
}

function checkDiagonal(stored: boolean, j: number): void {
  if (!stored) {
    throw new SparseError(
      "missing-diagonal",
      "missing diagonal entry in column",
      j,
      "pass a triangular matrix with a full diagonal",
    );
  }
}

/** L⁻¹ b; see `solveLowerInPlace`. */
export function solveLower(lower: CscMatrix, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  solveLowerInPlace(x, lower);
  return x;
}

/** L'⁻¹ b; see `solveLowerTransposeInPlace`. */
export function solveLowerTranspose(lower: CscMatrix, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  solveLowerTransposeInPlace(x, lower);
  return x;
}

/** U⁻¹ b; see `solveUpperInPlace`. */
export function solveUpper(upper: CscMatrix, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  solveUpperInPlace(x, upper);
  return x;
}

/** U'⁻¹ b; see `solveUpperTransposeInPlace`. */
export function solveUpperTranspose(upper: CscMatrix, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  solveUpperTransposeInPlace(x, upper);
  return x;
}
