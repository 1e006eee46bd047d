import type { CscMatrix, Triangle } from "./csc";
import { nnz } from "./csc";
import { symmetrize } from "./triangle";

/** ‖A‖₁, the largest sum of absolute values of a column; 0 for a matrix without entries. */
export function norm1(matrix: CscMatrix): number {
  const { ncols, colPtr, values } = matrix;
  let largest = 0;
  for (let j = 0; j < ncols; j++) {
    let sum = 0;
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) sum += Math.abs(values[p]);
    // Written so that a NaN comes through.
    if (!(sum <= largest)) largest = sum;
  }
  return largest;
}

/** ‖A‖∞, the largest sum of absolute values of a row. */
export function normInf(matrix: CscMatrix): number {
  const { nrows, rowIdx, values } = matrix;
  const sums = new Float64Array(nrows);
  const count = nnz(matrix);
  for (let p = 0; p < count; p++) sums[rowIdx[p]] += Math.abs(values[p]);
  let largest = 0;
  for (let i = 0; i < nrows; i++) if (!(sums[i] <= largest)) largest = sums[i];
  return largest;
}

/** ‖A‖_F = √Σ a², scaled against overflow and underflow. */
export function normFrobenius(matrix: CscMatrix): number {
  const { values } = matrix;
  const count = nnz(matrix);
  let largest = 0;
  for (let p = 0; p < count; p++) {
    const size = Math.abs(values[p]);
    if (!(size <= largest)) largest = size;
  }
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let p = 0; p < count; p++) sum += (values[p] / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** ‖A‖₁ = ‖A‖∞ of a symmetric matrix of which one triangle is stored. */
export function normSymmetric(matrix: CscMatrix, stored: Triangle): number {
  return norm1(symmetrize(matrix, stored));
}
