import { coarsen, type WeightedGraph } from "./graph";
import { IndexedHeap } from "./indexed-heap";

/** Parts of a graph: no edge joins 0 and 1, what lies between them is 2. */
export const separatorPart = 2;

/** Graphs of at most this many nodes are separated directly. */
const coarsest = 80;

/** A side may have at most this share of what the two sides have together. */
const mostShare = 0.62;

/**
 * A small set of nodes (part 2) whose removal leaves two sides (parts 0 and 1) of about equal weight.
 *
 * The graph is coarsened by heavy-edge matching, separated by a breadth-first level where it is small, and
 * the separator carried back level by level, refined each time. The graph should be connected. Cost about
 * O(edges · log nodes).
 *
 * Source: Karypis & Kumar (1998), SIAM J. Sci. Comput. 20(1) (multilevel scheme); Hendrickson & Rothberg
 * (1998), Improving the run time and quality of nested dissection ordering, SIAM J. Sci. Comput. 20(2)
 * (separators rather than edge cuts on every level).
 *
 * @returns the part of each node
 */
export function vertexSeparator(graph: WeightedGraph): Uint8Array {
  const levels: { graph: WeightedGraph; coarseOf: Int32Array }[] = [];
  let current = graph;
  while (current.n > coarsest) {
    const next = coarsen(current);
    // A star hardly shrinks: each match takes one ray.
    if (next.graph.n > 0.9 * current.n) break;
    levels.push({ graph: current, coarseOf: next.coarseOf });
    current = next.graph;
  }
  let part = firstSeparator(current);
  refine(current, part);
  while (levels.length > 0) {
    const { graph: finer, coarseOf } = levels.pop()!;
    const carried = new Uint8Array(finer.n);
    for (let v = 0; v < finer.n; v++) carried[v] = part[coarseOf[v]];
    part = carried;
    refine(finer, part);
  }
  return part;
}

/** The best level of breadth-first searches from a few nodes far from each other. */
function firstSeparator(graph: WeightedGraph): Uint8Array {
  const { n } = graph;
  let best: Uint8Array | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  let root = 0;
  for (let attempt = 0; attempt < 6; attempt++) {
    const { level, order, depth } = levels(graph, root);
    const weightOfLevel = new Float64Array(depth + 1);
    let total = 0;
    for (let v = 0; v < n; v++) {
      weightOfLevel[level[v]] += graph.nodeWeight[v];
      total += graph.nodeWeight[v];
    }
    let before = 0;
    for (let l = 0; l <= depth; l++) {
      const behind = total - before - weightOfLevel[l];
      const cost = separatorCost(weightOfLevel[l], before, behind);
      if (cost < bestCost) {
        bestCost = cost;
        best = Uint8Array.from(level, (k) => (k < l ? 0 : k > l ? 1 : separatorPart));
      }
      before += weightOfLevel[l];
    }
    // The farthest node first, then others spread over the order of the search.
    root = attempt === 0 ? order[n - 1] : order[Math.floor((n * attempt) / 6)];
  }
  return best!;
}

/** Weight of the separator, more when the sides are unequal: what refinement makes small. */
function separatorCost(separator: number, a: number, b: number): number {
  const sides = a + b;
  const excess = Math.max(0, Math.max(a, b) - mostShare * sides);
  return separator + 0.02 * Math.abs(a - b) + 2 * excess;
}

function levels(graph: WeightedGraph, root: number): { level: Int32Array; order: Int32Array; depth: number } {
  const { n, ptr, idx } = graph;
  const level = new Int32Array(n).fill(-1);
  const order = new Int32Array(n);
  let size = 0;
  let next = root;
  let depth = -1;
  // More than one round only where the graph is not connected.
  for (let start = 0; size < n; next = level.indexOf(-1)) {
    level[next] = ++depth;
    order[size++] = next;
    for (; start < size; start++) {
      const v = order[start];
      depth = Math.max(depth, level[v]);
      for (let p = ptr[v]; p < ptr[v + 1]; p++) {
        if (level[idx[p]] !== -1) continue;
        level[idx[p]] = level[v] + 1;
        order[size++] = idx[p];
      }
    }
  }
  return { level, order, depth };
}

/**
 * Makes the separator lighter or the sides more equal, in place.
 *
 * A node of the separator moves to a side; its neighbours on the other side take its place. Of all such
 * moves the one that gains most is made, even at a loss, each node leaving the separator once in a pass; then
 * the pass goes back to the best state that it saw.
 *
 * Source: Fiduccia & Mattheyses (1982), 19th Design Automation Conf.; Ashcraft & Liu (1997), Using domain
 * decomposition to find graph bisectors, BIT 37(3) (moves of separator nodes).
 */
function refine(graph: WeightedGraph, part: Uint8Array): void {
  const { n, nodeWeight } = graph;
  const weights = [0, 0, 0];
  for (let v = 0; v < n; v++) weights[part[v]] += nodeWeight[v];
  for (let pass = 0; pass < 8; pass++) if (!refineOnce(graph, part, weights)) return;
}

function refineOnce(graph: WeightedGraph, part: Uint8Array, weights: number[]): boolean {
  const { n, ptr, idx, nodeWeight } = graph;
  const heaps = [new IndexedHeap(n), new IndexedHeap(n)];
  const left = new Uint8Array(n);
  /** The node whose move brought each node into the separator last. */
  const pulledBy = new Int32Array(n).fill(-1);
  const enter = (v: number) => {
    if (left[v] === 1) return;
    for (let side = 0; side < 2; side++) {
      let pulled = 0;
      for (let p = ptr[v]; p < ptr[v + 1]; p++) if (part[idx[p]] === 1 - side) pulled += nodeWeight[idx[p]];
      heaps[side].set(v, nodeWeight[v] - pulled);
    }
  };
  for (let v = 0; v < n; v++) if (part[v] === separatorPart) enter(v);

  const began = separatorCost(weights[2], weights[0], weights[1]);
  let best = began;
  let bestLength = 0;
  /** Every change of part, to be undone behind the best state: node and the part it had. */
  const changed: number[] = [];
  const had: number[] = [];
  const patience = 60 + Math.floor(n / 40);
  for (let idle = 0; idle < patience; idle++) {
    const side = chooseSide(heaps, weights);
    if (side === -1) break;
    const v = heaps[side].top();
    heaps[0].remove(v);
    heaps[1].remove(v);
    left[v] = 1;
    const move = (node: number, to: number) => {
      changed.push(node);
      had.push(part[node]);
      weights[part[node]] -= nodeWeight[node];
      weights[to] += nodeWeight[node];
      part[node] = to;
    };
    move(v, side);
    const pulled: number[] = [];
    for (let p = ptr[v]; p < ptr[v + 1]; p++) {
      const u = idx[p];
      if (part[u] === 1 - side) {
        move(u, separatorPart);
        pulledBy[u] = v;
        pulled.push(u);
      } else if (part[u] === separatorPart && left[u] === 0) {
        // To the other side u would now pull v.
        heaps[1 - side].set(u, heaps[1 - side].keyOf(u) - nodeWeight[v]);
      }
    }
    for (const u of pulled) {
      enter(u);
      for (let p = ptr[u]; p < ptr[u + 1]; p++) {
        const x = idx[p];
        // Neighbours in the separator no longer pull u; those just pulled are entered on their own.
        if (part[x] === separatorPart && left[x] === 0 && pulledBy[x] !== v) {
          heaps[side].set(x, heaps[side].keyOf(x) + nodeWeight[u]);
        }
      }
    }
    const cost = separatorCost(weights[2], weights[0], weights[1]);
    if (cost < best) {
      best = cost;
      bestLength = changed.length;
      idle = 0;
    }
  }
  for (let k = changed.length - 1; k >= bestLength; k--) {
    const v = changed[k];
    weights[part[v]] -= nodeWeight[v];
    weights[had[k]] += nodeWeight[v];
    part[v] = had[k];
  }
  return best < began;
}

/** The side to move a node to: the better gain, unless that side is too heavy already; −1 when there is none. */
function chooseSide(heaps: readonly IndexedHeap[], weights: readonly number[]): number {
  const tops = [heaps[0].top(), heaps[1].top()];
  if (tops[0] === -1) return -1;
  const sides = weights[0] + weights[1];
  if (weights[0] > mostShare * sides) return 1;
  if (weights[1] > mostShare * sides) return 0;
  const gains = [heaps[0].keyOf(tops[0]), heaps[1].keyOf(tops[1])];
  if (gains[0] !== gains[1]) return gains[0] > gains[1] ? 0 : 1;
  return weights[0] <= weights[1] ? 0 : 1;
}
