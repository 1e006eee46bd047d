import type { OrderedGraph } from "./permuted-pattern";

/**
 * Parent of each column in the elimination tree of a symmetric matrix, −1 for roots.
 *
 * parent(j) is the row of the first entry below the diagonal in column j of L. Each row of the lower
 * triangle is one walk up the tree built so far, with path compression. Cost nearly O(nnz).
 *
 * Source: Liu (1990), The role of elimination trees in sparse factorization, SIAM J. Matrix Anal. Appl.
 * 11(1), section 4.1, Algorithm 4.2.
 *
 * @param graph with the neighbours before each node, at least; others are passed over
 */
export function eliminationTree(graph: OrderedGraph): Int32Array {
  const { colPtr, rowIdx, order, place } = graph;
  const n = order.length;
  const parent = new Int32Array(n).fill(-1);
  const ancestor = new Int32Array(n).fill(-1);
  for (let j = 0; j < n; j++) {
    const node = order[j];
    for (let p = colPtr[node], end = colPtr[node + 1]; p < end; p++) {
      let i = place[rowIdx[p]];
      while (i !== -1 && i < j) {
        const above = ancestor[i];
        ancestor[i] = j;
        if (above === -1) parent[i] = j;
        i = above;
      }
    }
  }
  return parent;
}

/**
 * Postorder of a forest: `post[k]` is the node visited k-th, every node after all of its descendants.
 *
 * Children are visited by increasing weight (ties by number), so that the heaviest child comes right before
 * its parent; without weights by number. Roots are visited by number. Cost O(n).
 *
 * @param parent parent of each node, −1 for roots
 * @param weight optional non-negative whole weights below n + 1 (for example column counts)
 */
export function postorder(parent: Int32Array, weight?: Int32Array): Int32Array {
  const n = parent.length;
  const head = new Int32Array(n).fill(-1);
  const next = new Int32Array(n).fill(-1);
  // Children are pushed in reverse of the order in which they shall be visited.
  const pushing = weight === undefined ? null : byDecreasingWeight(weight);
  for (let k = 0; k < n; k++) {
    const j = pushing === null ? n - 1 - k : pushing[k];
    if (parent[j] === -1) continue;
    next[j] = head[parent[j]];
    head[parent[j]] = j;
  }
  const post = new Int32Array(n);
  const stack = new Int32Array(n);
  let size = 0;
  for (let root = 0; root < n; root++) {
    if (parent[root] !== -1) continue;
    let top = 0;
    stack[0] = root;
    while (top >= 0) {
      const j = stack[top];
      const child = head[j];
      if (child === -1) {
        top--;
        post[size++] = j;
      } else {
        head[j] = next[child];
        stack[++top] = child;
      }
    }
  }
  return post;
}

/** Nodes by decreasing weight, equal weights by decreasing number (bucket sort). */
function byDecreasingWeight(weight: Int32Array): Int32Array {
  const n = weight.length;
  let largest = 0;
  for (let j = 0; j < n; j++) if (weight[j] > largest) largest = weight[j];
  const start = new Int32Array(largest + 2);
  for (let j = 0; j < n; j++) start[largest - weight[j] + 1]++;
  for (let w = 0; w <= largest; w++) start[w + 1] += start[w];
  const order = new Int32Array(n);
  for (let j = n - 1; j >= 0; j--) order[start[largest - weight[j]]++] = j;
  return order;
}
