import { checkDimension, checkLength } from "./check";
import type { CscMatrix } from "./csc";
import { nnz } from "./csc";
import { SparseError } from "./errors";

/** A sparse matrix as a list of (row, column, value). */
export interface Triplets {
  readonly nrows: number;
  readonly ncols: number;
  readonly rows: Int32Array;
  readonly cols: Int32Array;
  readonly values: Float64Array;
}

/**
 * Matrix from triplets, duplicates summed in the order in which they are given.
 *
 * A stable bucket sort by row and then by column; cost O(nrows + ncols + entries). Throws `SparseError`
 * when an index is out of range or the three lists differ in length.
 *
 * @param nrows number of rows
 * @param ncols number of columns
 * @param rows row of each entry, 0-based
 * @param cols column of each entry, 0-based
 * @param values value of each entry; sums that cancel to zero stay stored
 */
export function fromTriplets(
  nrows: number,
  ncols: number,
  rows: ArrayLike<number>,
  cols: ArrayLike<number>,
  values: ArrayLike<number>,
): CscMatrix {
  checkDimension(nrows);
  checkDimension(ncols);
  const count = rows.length;
  checkLength(cols.length, count, "cols");
  checkLength(values.length, count, "values");

  const rowPtr = new Int32Array(nrows + 1);
  const colCount = new Int32Array(ncols + 1);
  for (let t = 0; t < count; t++) {
    const i = rows[t];
    const j = cols[t];
    if (!Number.isInteger(i) || i < 0 || i >= nrows) {
      throw new SparseError(
        "index-out-of-range",
        `invalid row of triplet ${t}`,
        i,
        `rows are 0 to ${nrows - 1}`,
      );
    }
    if (!Number.isInteger(j) || j < 0 || j >= ncols) {
      throw new SparseError(
        "index-out-of-range",
        `invalid column of triplet ${t}`,
        j,
        `columns are 0 to ${ncols - 1}`,
      );
    }
    rowPtr[i + 1]++;
    colCount[j + 1]++;
  }
  for (let i = 0; i < nrows; i++) rowPtr[i + 1] += rowPtr[i];
  for (let j = 0; j < ncols; j++) colCount[j + 1] += colCount[j];

  // Stable sort by row: order[q] is the triplet that comes q-th.
  const order = new Int32Array(count);
  for (let t = 0; t < count; t++) order[rowPtr[rows[t]]++] = t;
  // Then by column: within a column the rows now come in increasing order.
  const next = colCount.slice();
  const sorted = new Int32Array(count);
  for (let q = 0; q < count; q++) {
    const t = order[q];
    sorted[next[cols[t]]++] = t;
  }

  const colPtr = new Int32Array(ncols + 1);
  const rowIdx = new Int32Array(count);
  const out = new Float64Array(count);
  let size = 0;
  for (let j = 0; j < ncols; j++) {
    const start = size;
    for (let q = colCount[j]; q < colCount[j + 1]; q++) {
      const t = sorted[q];
      const i = rows[t];
      if (size > start && rowIdx[size - 1] === i) {
        out[size - 1] += values[t];
      } else {
        rowIdx[size] = i;
        out[size] = values[t];
        size++;
      }
    }
    colPtr[j + 1] = size;
  }
  return size === count
    ? { nrows, ncols, colPtr, rowIdx, values: out }
    : { nrows, ncols, colPtr, rowIdx: rowIdx.slice(0, size), values: out.slice(0, size) };
}

/** The stored entries as triplets, column by column. Cost O(ncols + nnz). */
export function toTriplets(matrix: CscMatrix): Triplets {
  const { nrows, ncols, colPtr, rowIdx, values } = matrix;
  const count = nnz(matrix);
  const cols = new Int32Array(count);
  for (let j = 0; j < ncols; j++) cols.fill(j, colPtr[j], colPtr[j + 1]);
  return { nrows, ncols, rows: rowIdx.slice(0, count), cols, values: values.slice(0, count) };
}

/** One entry of a matrix as an object. */
export interface Entry {
  readonly row: number;
  readonly col: number;
  readonly value: number;
}

/** Matrix from a list of entry objects; as `fromTriplets`. */
export function fromEntries(nrows: number, ncols: number, entries: readonly Entry[]): CscMatrix {
  return fromTriplets(
    nrows,
    ncols,
    entries.map((entry) => entry.row),
    entries.map((entry) => entry.col),
    entries.map((entry) => entry.value),
  );
}

/** The stored entries as objects, column by column: for tables and printing, not for large matrices. */
export function toEntries(matrix: CscMatrix): Entry[] {
  const { rows, cols, values } = toTriplets(matrix);
  return Array.from(rows, (row, p) => ({ row, col: cols[p], value: values[p] }));
}
