import { checkLength } from "./check";
import type { CscMatrix } from "./csc";
import { nnz } from "./csc";
import { SparseError } from "./errors";

/**
 * α A + β B on the union of the two patterns. Throws `SparseError` when the shapes differ.
 *
 * Two sorted columns are merged; cost O(ncols + nnz(A) + nnz(B)).
 */
export function add(a: CscMatrix, b: CscMatrix, alpha = 1, beta = 1): CscMatrix {
  if (a.nrows !== b.nrows || a.ncols !== b.ncols) {
    throw new SparseError(
      "dimension-mismatch",
      "different shapes",
      `${a.nrows} x ${a.ncols} and ${b.nrows} x ${b.ncols}`,
      "both matrices must have the same shape",
    );
  }
  const { nrows, ncols } = a;
  const colPtr = new Int32Array(ncols + 1);
  const rowIdx = new Int32Array(nnz(a) + nnz(b));
  const values = new Float64Array(rowIdx.length);
  let size = 0;
  for (let j = 0; j < ncols; j++) {
    let p = a.colPtr[j];
    let q = b.colPtr[j];
    const endA = a.colPtr[j + 1];
    const endB = b.colPtr[j + 1];
    while (p < endA || q < endB) {
      const rowA = p < endA ? a.rowIdx[p] : nrows;
      const rowB = q < endB ? b.rowIdx[q] : nrows;
      rowIdx[size] = Math.min(rowA, rowB);
      if (rowA === rowB) values[size] = alpha * a.values[p++] + beta * b.values[q++];
      else if (rowA < rowB) values[size] = alpha * a.values[p++];
      else values[size] = beta * b.values[q++];
      size++;
    }
    colPtr[j + 1] = size;
  }
  return { nrows, ncols, colPtr, rowIdx: rowIdx.slice(0, size), values: values.slice(0, size) };
}

/**
 * The product A B. Throws `SparseError` when A has not as many columns as B has rows.
 *
 * Column by column with a dense accumulator: c_ij = Σ_k a_ik b_kj in increasing k. Entries that cancel
 * stay stored. Cost O(ncols + multiplications), plus sorting each column.
 *
 * Source: Gustavson (1978), Two fast algorithms for sparse matrices, ACM TOMS 4(3), section 4.
 */
export function multiply(a: CscMatrix, b: CscMatrix): CscMatrix {
  if (a.ncols !== b.nrows) {
    throw new SparseError(
      "dimension-mismatch",
      "incompatible shapes",
      `${a.nrows} x ${a.ncols} times ${b.nrows} x ${b.ncols}`,
      "the left matrix needs as many columns as the right one has rows",
    );
  }
  const nrows = a.nrows;
  const ncols = b.ncols;
  const mark = new Int32Array(nrows).fill(-1);
  const sum = new Float64Array(nrows);
  const colPtr = new Int32Array(ncols + 1);
  for (let j = 0, size = 0; j < ncols; j++) {
    for (let q = b.colPtr[j]; q < b.colPtr[j + 1]; q++) {
      const k = b.rowIdx[q];
      for (let p = a.colPtr[k]; p < a.colPtr[k + 1]; p++) {
        if (mark[a.rowIdx[p]] === j) continue;
        mark[a.rowIdx[p]] = j;
        size++;
      }
    }
    colPtr[j + 1] = size;
  }
  const rowIdx = new Int32Array(colPtr[ncols]);
  const values = new Float64Array(colPtr[ncols]);
  mark.fill(-1);
  for (let j = 0; j < ncols; j++) {
    let size = colPtr[j];
    for (let q = b.colPtr[j]; q < b.colPtr[j + 1]; q++) {
      const k = b.rowIdx[q];
      const bkj = b.values[q];
      for (let p = a.colPtr[k]; p < a.colPtr[k + 1]; p++) {
        const i = a.rowIdx[p];
        if (mark[i] !== j) {
          mark[i] = j;
          sum[i] = 0;
          rowIdx[size++] = i;
        }
        sum[i] += a.values[p] * bkj;
      }
    }
    rowIdx.subarray(colPtr[j], size).sort();
    for (let p = colPtr[j]; p < size; p++) values[p] = sum[rowIdx[p]];
  }
  return { nrows, ncols, colPtr, rowIdx, values };
}

/** α A. */
export function scale(matrix: CscMatrix, alpha: number): CscMatrix {
  const values = matrix.values.slice(0, nnz(matrix));
  for (let p = 0; p < values.length; p++) values[p] *= alpha;
  return { ...matrix, values };
}

/** diag(r) A: row i times `r[i]`. */
export function scaleRows(matrix: CscMatrix, r: ArrayLike<number>): CscMatrix {
  checkLength(r.length, matrix.nrows, "row factors");
  const values = matrix.values.slice(0, nnz(matrix));
  for (let p = 0; p < values.length; p++) values[p] *= r[matrix.rowIdx[p]];
  return { ...matrix, values };
}

/** A diag(c): column j times `c[j]`. */
export function scaleColumns(matrix: CscMatrix, c: ArrayLike<number>): CscMatrix {
  checkLength(c.length, matrix.ncols, "column factors");
  const values = matrix.values.slice(0, nnz(matrix));
  for (let j = 0; j < matrix.ncols; j++) {
    for (let p = matrix.colPtr[j]; p < matrix.colPtr[j + 1]; p++) values[p] *= c[j];
  }
  return { ...matrix, values };
}
