import type { Permutation } from "@lmmkit/sparse";
import { amdOrder } from "./amd";
import { subgraph, type WeightedGraph } from "./graph";
import { separatorPart, vertexSeparator } from "./separator";

/** Parts of at most this many columns are not divided any further. */
const smallPart = 200;

/**
 * Nested dissection ordering of a symmetric pattern: a small separator goes last, and the two sides before it
 * are divided the same way until they are small.
 *
 * The separators only say what goes behind what: the columns that belong to none, then the separators of each
 * depth, the deepest first, are ordered by approximate minimum degree, which sees the whole graph. Often better
 * than minimum degree alone on large meshes in 2-D and 3-D and on crossed random effects with few levels in
 * common. Deterministic. Cost about O(nnz · log² n).
 *
 * Source: George (1973), Nested dissection of a regular finite element mesh, SIAM J. Numer. Anal. 10(2);
 * Pellegrini, Roman & Amestoy (2000), Hybridizing nested dissection and halo approximate minimum degree,
 * Concurrency 12(2-3); separators: see `vertexSeparator`.
 *
 * @param n number of columns
 * @param colPtr pointers into `rowIdx`, length n + 1
 * @param rowIdx both triangles of the pattern, without the diagonal and without duplicates
 */
export function nestedDissectionOrder(n: number, colPtr: Int32Array, rowIdx: Int32Array): Permutation {
  const whole: WeightedGraph = {
    n,
    ptr: colPtr,
    idx: rowIdx,
    edgeWeight: new Int32Array(colPtr[n]).fill(1),
    nodeWeight: new Int32Array(n).fill(1),
  };
  const depthOf = new Int32Array(n).fill(-1);
  const local = new Int32Array(n).fill(-1);
  let deepest = -1;
  /** Connected parts that are still to be divided, with the number of separators around them. */
  const waiting = components(whole).map((nodes) => ({ nodes, depth: 0 }));
  while (waiting.length > 0) {
    const { nodes, depth } = waiting.pop()!;
    if (nodes.length <= smallPart) continue;
    const part = vertexSeparator(subgraph(whole, nodes, local));
    const sides = [0, 1].map((side) => nodes.filter((_, k) => part[k] === side));
    // Where no small separator cuts off much, minimum degree does better.
    const [a, b] = sides.map((members) => members.length / nodes.length);
    if (1 - a - b > 0.4 || Math.max(a, b) > 0.9) continue;
    deepest = Math.max(deepest, depth);
    nodes.forEach((v, k) => {
      if (part[k] === separatorPart) depthOf[v] = depth;
    });
    for (const members of sides) {
      for (const piece of components(subgraph(whole, members, local))) {
        waiting.push({ nodes: piece.map((k) => members[k]), depth: depth + 1 });
      }
    }
  }
  const sets = depthOf.map((depth) => (depth === -1 ? 0 : deepest + 1 - depth));
  return amdOrder(n, colPtr, rowIdx, { sets });
}

/** The nodes of each connected component, in the order of their least node. */
function components(graph: WeightedGraph): Int32Array[] {
  const { n, ptr, idx } = graph;
  const seen = new Uint8Array(n);
  const found: Int32Array[] = [];
  const queue = new Int32Array(n);
  for (let root = 0; root < n; root++) {
    if (seen[root] === 1) continue;
    let size = 0;
    queue[size++] = root;
    seen[root] = 1;
    for (let k = 0; k < size; k++) {
      for (let p = ptr[queue[k]]; p < ptr[queue[k] + 1]; p++) {
        if (seen[idx[p]] === 1) continue;
        seen[idx[p]] = 1;
        queue[size++] = idx[p];
      }
    }
    found.push(queue.slice(0, size).sort());
  }
  return found;
}
