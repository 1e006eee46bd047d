/** Which levels of two grouping factors meet in a row, by columns, and where each row belongs. */
export interface LevelPairs {
  /** Length ncols + 1; columns are the levels of the first factor. */
  readonly colPtr: Int32Array;
  /** Levels of the second factor, increasing within a column. */
  readonly rowIdx: Int32Array;
  /** For each row of data the position of its pair in `rowIdx`; a part of the scratch that was given. */
  readonly target: Int32Array;
}

/**
 * The pairs of levels that occur together, found by two stable counting sorts.
 *
 * @param colCodes level of the first factor per row, below `ncols`
 * @param rowCodes level of the second factor per row, below `nrows`
 * @param scratch at least two numbers per row, overwritten
 * Cost: n + ncols + nrows.
 */
export function levelPairs(
  colCodes: Int32Array,
  ncols: number,
  rowCodes: Int32Array,
  nrows: number,
  scratch: Int32Array,
): LevelPairs {
  const n = colCodes.length;
  const byRow = scratch.subarray(0, n);
  const order = scratch.subarray(n, 2 * n);
  countingSortInto(rowCodes, nrows, null, byRow);
  countingSortInto(colCodes, ncols, byRow, order);
  // The first order has served.
  const target = byRow;
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
function countingSortInto(
  codes: Int32Array,
  ncodes: number,
  order: Int32Array | null,
  outSorted: Int32Array,
): void {
  const n = codes.length;
  const next = new Int32Array(ncodes + 1);
  for (let r = 0; r < n; r++) next[codes[r] + 1]++;
  for (let c = 0; c < ncodes; c++) next[c + 1] += next[c];
  for (let i = 0; i < n; i++) {
    const r = order === null ? i : order[i];
    outSorted[next[codes[r]]++] = r;
  }
}
