/** Which levels of two grouping factors meet in a row, by columns, and where each row belongs. */
export interface LevelPairs {
  /** Length ncols + 1; columns are the levels of the first factor. */
  readonly colPtr: Int32Array;
  /** Levels of the second factor, increasing within a column. */
  readonly rowIdx: Int32Array;
  /** For each row of data the position of its pair in `rowIdx`. */
  readonly target: Int32Array;
}

/**
 * The pairs of levels that occur together, found by two stable counting sorts.
 *
 * @param colCodes level of the first factor per row, below `ncols`
 * @param rowCodes level of the second factor per row, below `nrows`
 * Cost: n + ncols + nrows.
 */
export function levelPairs(
  colCodes: Int32Array,
  ncols: number,
  rowCodes: Int32Array,
  nrows: number,
): LevelPairs {
  const n = colCodes.length;
  const byRow = countingSort(rowCodes, nrows, null);
  const order = countingSort(colCodes, ncols, byRow);
  const target = new Int32Array(n);
  const colPtr = new Int32Array(ncols + 1);
  let npairs = 0;
  let lastCol = -1;
  let lastRow = -1;
  for (let i = 0; i < n; i++) {
    const r = order[i];
    if (colCodes[r] !== lastCol || rowCodes[r] !== lastRow) {
      lastCol = colCodes[r];
      lastRow = rowCodes[r];
      colPtr[lastCol + 1]++;
      npairs++;
    }
    target[r] = npairs - 1;
  }
  for (let j = 0; j < ncols; j++) colPtr[j + 1] += colPtr[j];
  const rowIdx = new Int32Array(npairs);
  for (let r = 0; r < n; r++) rowIdx[target[r]] = rowCodes[r];
  return { colPtr, rowIdx, target };
}

/** Positions sorted by code, stable in the order given (natural when null). */
function countingSort(codes: Int32Array, ncodes: number, order: Int32Array | null): Int32Array {
  const n = codes.length;
  const next = new Int32Array(ncodes + 1);
  for (let r = 0; r < n; r++) next[codes[r] + 1]++;
  for (let c = 0; c < ncodes; c++) next[c + 1] += next[c];
  const sorted = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const r = order === null ? i : order[i];
    sorted[next[codes[r]]++] = r;
  }
  return sorted;
}
