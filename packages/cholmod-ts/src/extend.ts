import { identityPermutation } from "@lmmkit/sparse";
import { buildSymbolic } from "./build-symbolic";
import { columnCounts } from "./column-counts";
import { eliminationTree, postorder } from "./etree";
import { orderedGraph } from "./permuted-pattern";
import type { ColumnPattern, Symbolic } from "./symbolic";

/** Places of L in permuted numbers, `rows[k] > cols[k]`. */
export interface Places {
  readonly rows: readonly number[];
  readonly cols: readonly number[];
}

/** Position of entry (i, j) in a pattern with sorted columns, −1 when it has none. Bisection. */
export function positionOf(pattern: ColumnPattern, i: number, j: number): number {
  let low = pattern.colPtr[j];
  let high = pattern.colPtr[j + 1] - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const row = pattern.rowIdx[middle];
    if (row === i) return middle;
    if (row < i) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Whether L has an entry at each of the places. */
export function hasPlaces(pattern: ColumnPattern, places: Places): boolean {
  return places.rows.every((i, k) => positionOf(pattern, i, places.cols[k]) >= 0);
}

/**
 * The symbolic factorization whose L has the entries of the old one, the given places, and the fill that
 * follows from both; simplicial. Cost O(nnz(L)).
 */
export function extendSymbolic(symbolic: Symbolic, places: Places): Symbolic {
  const { n } = symbolic;
  const upper = withPlaces(symbolic.simplicial!, n, places);
  const order = identityPermutation(n);
  const parent = eliminationTree(orderedGraph(upper, order));
  const lower = orderedGraph(transposeColumns(upper, n), order);
  const counts = columnCounts(lower, parent, postorder(parent));
  return buildSymbolic({ ...symbolic, kind: "simplicial", parent, columnCounts: counts, structure: upper });
}

/** Carries values over to a pattern that has all entries of the old one; the others become zero. */
export function carryOver(from: ColumnPattern, values: Float64Array, to: ColumnPattern): Float64Array {
  const out = new Float64Array(to.rowIdx.length);
  for (let j = 0; j + 1 < from.colPtr.length; j++) {
    let q = to.colPtr[j];
    for (let p = from.colPtr[j]; p < from.colPtr[j + 1]; p++) {
      while (to.rowIdx[q] !== from.rowIdx[p]) q++;
      out[q] = values[p];
    }
  }
  return out;
}

/** Upper triangle by columns: the transpose of a pattern of L, and the places that it does not have. */
function withPlaces(pattern: ColumnPattern, n: number, places: Places): ColumnPattern {
  const old = transposeColumns(pattern, n);
  const extra: number[][] = Array.from({ length: n }, () => []);
  places.rows.forEach((i, k) => {
    if (positionOf(pattern, i, places.cols[k]) < 0) extra[i].push(places.cols[k]);
  });
  const colPtr = new Int32Array(n + 1);
  const rowIdx = new Int32Array(old.rowIdx.length + places.rows.length);
  for (let j = 0, size = 0; j < n; j++) {
    for (let p = old.colPtr[j]; p < old.colPtr[j + 1]; p++) rowIdx[size++] = old.rowIdx[p];
    for (const i of new Set(extra[j])) rowIdx[size++] = i;
    colPtr[j + 1] = size;
  }
  return { colPtr, rowIdx: rowIdx.slice(0, colPtr[n]) };
}

function transposeColumns(pattern: ColumnPattern, n: number): ColumnPattern {
  const count = pattern.colPtr[n];
  const colPtr = new Int32Array(n + 1);
  for (let p = 0; p < count; p++) colPtr[pattern.rowIdx[p] + 1]++;
  for (let i = 0; i < n; i++) colPtr[i + 1] += colPtr[i];
  const next = colPtr.slice(0, n);
  const rowIdx = new Int32Array(count);
  for (let j = 0; j < n; j++) {
    for (let p = pattern.colPtr[j]; p < pattern.colPtr[j + 1]; p++) rowIdx[next[pattern.rowIdx[p]]++] = j;
  }
  return { colPtr, rowIdx };
}
