import type { OrderedGraph } from "./permuted-pattern";

/**
 * Entries in each column of L (diagonal included), without forming L.
 *
 * Row i of L is the subtree of the elimination tree that is spanned by the columns j < i with a_ij ≠ 0.
 * Counting every subtree's leaves at their columns, minus one at the least common ancestor of consecutive
 * leaves, and adding up along the tree gives how many row subtrees each column belongs to. Cost nearly
 * O(nnz(A)).
 *
 * Source: Gilbert, Ng & Peyton (1994), An efficient algorithm to compute row and column counts for sparse
 * Cholesky factorization, SIAM J. Matrix Anal. Appl. 15(4), section 3, Figure 3.
 *
 * @param graph with the neighbours behind each node, at least; others are passed over
 * @param parent elimination tree
 * @param post a postorder of it
 */
export function columnCounts(graph: OrderedGraph, parent: Int32Array, post: Int32Array): Int32Array {
  const { colPtr, rowIdx, order, place } = graph;
  const n = parent.length;
  /** Postorder number of the first descendant of each node. */
  const firstDescendant = new Int32Array(n).fill(-1);
  const count = new Int32Array(n);
  for (let k = 0; k < n; k++) {
    const j = post[k];
    count[j] = firstDescendant[j] === -1 ? 1 : 0;
    for (let a = j; a !== -1 && firstDescendant[a] === -1; a = parent[a]) firstDescendant[a] = k;
  }
  /** Largest first descendant among the leaves seen of each row subtree. */
  const largestFirst = new Int32Array(n).fill(-1);
  const previousLeaf = new Int32Array(n).fill(-1);
  const ancestor = new Int32Array(n);
  for (let j = 0; j < n; j++) ancestor[j] = j;
  for (let k = 0; k < n; k++) {
    const j = post[k];
    const above = parent[j];
    // A root has no neighbours behind it.
    if (above === -1) continue;
    count[above]--;
    const first = firstDescendant[j];
    const node = order[j];
    for (let p = colPtr[node], end = colPtr[node + 1]; p < end; p++) {
      const i = place[rowIdx[p]];
      if (i <= j || first <= largestFirst[i]) continue;
      // j is a leaf of the row subtree of i.
      largestFirst[i] = first;
      count[j]++;
      const before = previousLeaf[i];
      previousLeaf[i] = j;
      if (before === -1) continue;
      let common = before;
      while (common !== ancestor[common]) common = ancestor[common];
      for (let a = before; a !== common; ) {
        const next = ancestor[a];
        ancestor[a] = common;
        a = next;
      }
      count[common]--;
    }
    ancestor[j] = above;
  }
  for (let k = 0; k < n; k++) {
    const j = post[k];
    if (parent[j] !== -1) count[parent[j]] += count[j];
  }
  return count;
}
