import type { OrderedGraph } from "./permuted-pattern";
import type { ColumnPattern } from "./symbolic";

/**
 * The pattern of L, rows of each column sorted, the diagonal first.
 *
 * Row i of L is found by walking from each a_ij ≠ 0, j < i, up the elimination tree until a column already
 * visited for this row; rows come in increasing order, so columns end up sorted. Cost O(nnz(L)).
 *
 * Source: Liu (1990), SIAM J. Matrix Anal. Appl. 11(1), section 3.2 (row structure of L).
 *
 * @param graph with the neighbours before each node, at least; others are passed over
 * @param parent elimination tree
 * @param counts entries in each column of L
 */
export function factorPattern(graph: OrderedGraph, parent: Int32Array, counts: Int32Array): ColumnPattern {
  const { order, place } = graph;
  const n = parent.length;
  const colPtr = new Int32Array(n + 1);
  for (let j = 0; j < n; j++) colPtr[j + 1] = colPtr[j] + counts[j];
  const rowIdx = new Int32Array(colPtr[n]);
  const next = colPtr.slice(0, n);
  const mark = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    mark[i] = i;
    rowIdx[next[i]++] = i;
    const node = order[i];
    for (let p = graph.colPtr[node], end = graph.colPtr[node + 1]; p < end; p++) {
      let j = place[graph.rowIdx[p]];
      if (j > i) continue;
      for (; mark[j] !== i; j = parent[j]) {
        mark[j] = i;
        rowIdx[next[j]++] = i;
      }
    }
  }
  return { colPtr, rowIdx };
}
