/**
 * The positions of the entries of a sparse matrix in compressed-column form, without values.
 *
 * Invariants (checked by `checkPattern`, assumed everywhere else):
 * - `colPtr.length === ncols + 1`, `colPtr[0] === 0`, never decreasing;
 * - the row indices of column j are `rowIdx[colPtr[j]] … rowIdx[colPtr[j + 1] - 1]`,
 *   strictly increasing (so no duplicates) and in `0 … nrows - 1`;
 * - `rowIdx.length >= colPtr[ncols]`; what lies behind is ignored.
 */
export interface CscPattern {
  readonly nrows: number;
  readonly ncols: number;
  readonly colPtr: Int32Array;
  readonly rowIdx: Int32Array;
}

/**
 * A sparse matrix in compressed-column form: a pattern and one value per entry.
 *
 * A plain object, so it survives `structuredClone` and `postMessage`. An entry that is stored may be
 * zero; the pattern is what is stored. `values.length >= colPtr[ncols]`.
 */
export interface CscMatrix extends CscPattern {
  readonly values: Float64Array;
}

/** One triangle of a symmetric matrix, diagonal included. */
export type Triangle = "lower" | "upper";

/** Number of stored entries, `colPtr[ncols]`. */
export function nnz(pattern: CscPattern): number {
  return pattern.colPtr[pattern.ncols];
}

/** The pattern of a matrix; the index arrays are shared, not copied. */
export function patternOf(matrix: CscPattern): CscPattern {
  return { nrows: matrix.nrows, ncols: matrix.ncols, colPtr: matrix.colPtr, rowIdx: matrix.rowIdx };
}

/** A matrix on `pattern` (index arrays shared) with the given values, or zeros that can be filled. */
export function withValues(pattern: CscPattern, values?: Float64Array): CscMatrix {
  return {
    nrows: pattern.nrows,
    ncols: pattern.ncols,
    colPtr: pattern.colPtr,
    rowIdx: pattern.rowIdx,
    values: values ?? new Float64Array(nnz(pattern)),
  };
}

/** A deep copy whose arrays are exactly as long as needed. */
export function copy(matrix: CscMatrix): CscMatrix {
  const count = nnz(matrix);
  return {
    nrows: matrix.nrows,
    ncols: matrix.ncols,
    colPtr: matrix.colPtr.slice(),
    rowIdx: matrix.rowIdx.slice(0, count),
    values: matrix.values.slice(0, count),
  };
}

/** The nrows × ncols matrix without entries. */
export function zeros(nrows: number, ncols: number): CscMatrix {
  return {
    nrows,
    ncols,
    colPtr: new Int32Array(ncols + 1),
    rowIdx: new Int32Array(0),
    values: new Float64Array(0),
  };
}

/** The diagonal matrix with `d` (length n, copied) on its diagonal; zeros are stored. */
export function diagonal(d: ArrayLike<number>): CscMatrix {
  const n = d.length;
  const colPtr = new Int32Array(n + 1);
  const rowIdx = new Int32Array(n);
  for (let j = 0; j < n; j++) {
    colPtr[j + 1] = j + 1;
    rowIdx[j] = j;
  }
  return { nrows: n, ncols: n, colPtr, rowIdx, values: Float64Array.from(d) };
}

/** The n × n identity. */
export function identity(n: number): CscMatrix {
  return diagonal(new Float64Array(n).fill(1));
}

/** The diagonal of a matrix, length min(nrows, ncols); entries that are not stored are zero. */
export function diagonalOf(matrix: CscMatrix): Float64Array {
  const d = new Float64Array(Math.min(matrix.nrows, matrix.ncols));
  for (let j = 0; j < d.length; j++) d[j] = valueAt(matrix, j, j);
  return d;
}

/**
 * Position in `rowIdx`/`values` of entry (row, col), or −1 when it is not stored.
 *
 * Binary search: O(log of the column's length).
 */
export function findEntry(pattern: CscPattern, row: number, col: number): number {
  const { colPtr, rowIdx } = pattern;
  let low = colPtr[col];
  let high = colPtr[col + 1] - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const r = rowIdx[middle];
    if (r === row) return middle;
    if (r < row) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The value at (row, col); zero when it is not stored. O(log of the column's length). */
export function valueAt(matrix: CscMatrix, row: number, col: number): number {
  const p = findEntry(matrix, row, col);
  return p < 0 ? 0 : matrix.values[p];
}
