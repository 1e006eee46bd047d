import type { CscPattern } from "./csc";

/** A largest matching of columns to rows along the entries of a pattern. */
export interface Matching {
  /** Matched columns: the structural rank. */
  readonly size: number;
  /** Row matched to each column, −1 for none. */
  readonly rowOfColumn: Int32Array;
  /** Column matched to each row, −1 for none. */
  readonly columnOfRow: Int32Array;
}

/**
 * A largest set of entries no two of which share a row or a column.
 *
 * Each column is matched by a depth-first search for an augmenting path, looking first for a free row in
 * each column on the way. Cost at worst O(ncols · nnz), in practice near O(ncols + nnz).
 *
 * Source: Duff (1981), On algorithms for obtaining a maximum transversal, ACM TOMS 7(3), section 2.
 */
export function maximumMatching(pattern: CscPattern): Matching {
  const { nrows, ncols, colPtr, rowIdx } = pattern;
  const rowOfColumn = new Int32Array(ncols).fill(-1);
  const columnOfRow = new Int32Array(nrows).fill(-1);
  /** Where the search for a free row in each column goes on; rows never become free again. */
  const cheap = colPtr.slice(0, ncols);
  const seen = new Int32Array(ncols).fill(-1);
  const path = new Int32Array(ncols);
  const at = new Int32Array(ncols);
  let size = 0;
  for (let root = 0; root < ncols; root++) {
    let depth = 0;
    path[0] = root;
    seen[root] = root;
    at[0] = colPtr[root];
    let free = -1;
    while (depth >= 0) {
      const j = path[depth];
      while (cheap[j] < colPtr[j + 1] && free === -1) {
        const i = rowIdx[cheap[j]++];
        if (columnOfRow[i] === -1) free = i;
      }
      if (free !== -1) break;
      let deeper = -1;
      while (at[depth] < colPtr[j + 1] && deeper === -1) {
        const owner = columnOfRow[rowIdx[at[depth]++]];
        if (seen[owner] !== root) deeper = owner;
      }
      if (deeper === -1) {
        depth--;
      } else {
        seen[deeper] = root;
        path[++depth] = deeper;
        at[depth] = colPtr[deeper];
      }
    }
    if (free === -1) continue;
    size++;
    // Every column on the path takes the row that the one below it gives up.
    for (let d = depth, row = free; d >= 0; d--) {
      const j = path[d];
      const given = rowOfColumn[j];
      rowOfColumn[j] = row;
      columnOfRow[row] = j;
      row = given;
    }
  }
  return { size, rowOfColumn, columnOfRow };
}

/** The rank of almost every matrix with this pattern: the size of a largest matching. */
export function structuralRank(pattern: CscPattern): number {
  return maximumMatching(pattern).size;
}
