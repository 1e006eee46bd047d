import type { CscPattern } from "./csc";

/** Entries counted by square blocks. */
export interface CellTally {
  /** Rows and columns of blocks. */
  readonly rows: number;
  readonly cols: number;
  /** Entries of each block, block (i, j) at i + j · rows. */
  readonly counts: Float64Array;
  /** Places in block (i, j), which is smaller at the right and lower edge. */
  readonly capacity: (i: number, j: number) => number;
}

/** Counts the entries of each `size` × `size` block of a pattern. Cost O(ncols + nnz + blocks). */
export function tallyCells(pattern: CscPattern, size: number): CellTally {
  const { nrows, ncols, colPtr, rowIdx } = pattern;
  const rows = Math.ceil(nrows / size);
  const cols = Math.ceil(ncols / size);
  const counts = new Float64Array(rows * cols);
  for (let j = 0; j < ncols; j++) {
    const column = Math.floor(j / size) * rows;
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) counts[column + Math.floor(rowIdx[p] / size)]++;
  }
  const capacity = (i: number, j: number) =>
    Math.min(size, nrows - i * size) * Math.min(size, ncols - j * size);
  return { rows, cols, counts, capacity };
}
