/** An undirected graph with weights: both directions of every edge are stored, no loops. */
export interface WeightedGraph {
  readonly n: number;
  /** Where the neighbours of each node begin in `idx`, length n + 1. */
  readonly ptr: Int32Array;
  readonly idx: Int32Array;
  /** How many edges of the original graph each edge stands for. */
  readonly edgeWeight: Int32Array;
  /** How many columns each node stands for. */
  readonly nodeWeight: Int32Array;
}

/** The graph with half as many nodes or so, and the coarse node of each node. */
export interface CoarseGraph {
  readonly graph: WeightedGraph;
  readonly coarseOf: Int32Array;
}

/**
 * Contracts a matching of heavy edges: each node, those of few neighbours first, is matched with the free
 * neighbour it shares the heaviest edge with (the lighter node of equals). Cost O(nodes + edges).
 *
 * Source: Karypis & Kumar (1998), A fast and high quality multilevel scheme for partitioning irregular
 * graphs, SIAM J. Sci. Comput. 20(1), section 3.1 (heavy-edge matching).
 */
export function coarsen(graph: WeightedGraph): CoarseGraph {
  const { n, ptr, idx, edgeWeight, nodeWeight } = graph;
  const match = new Int32Array(n).fill(-1);
  const coarseOf = new Int32Array(n);
  for (const v of byDegree(graph)) {
    if (match[v] !== -1) continue;
    let best = v;
    let heaviest = 0;
    for (let p = ptr[v]; p < ptr[v + 1]; p++) {
      const u = idx[p];
      if (match[u] !== -1) continue;
      const heavier = edgeWeight[p] > heaviest;
      if (heavier || (edgeWeight[p] === heaviest && nodeWeight[u] < nodeWeight[best])) {
        best = u;
        heaviest = edgeWeight[p];
      }
    }
    match[v] = best;
    match[best] = v;
  }
  let count = 0;
  for (let v = 0; v < n; v++) if (match[v] >= v) coarseOf[v] = count++;
  for (let v = 0; v < n; v++) if (match[v] < v) coarseOf[v] = coarseOf[match[v]];

  const outPtr = new Int32Array(count + 1);
  const outIdx = new Int32Array(idx.length);
  const outEdge = new Int32Array(idx.length);
  const outNode = new Int32Array(count);
  /** Where the edge to each coarse node was put, if behind the beginning of the list at hand. */
  const place = new Int32Array(count).fill(-1);
  let size = 0;
  for (let v = 0; v < n; v++) {
    if (match[v] < v) continue;
    const c = coarseOf[v];
    const start = size;
    const members = match[v] === v ? [v] : [v, match[v]];
    for (const m of members) {
      outNode[c] += nodeWeight[m];
      for (let p = ptr[m]; p < ptr[m + 1]; p++) {
        const other = coarseOf[idx[p]];
        if (other === c) continue;
        if (place[other] < start || outIdx[place[other]] !== other) {
          place[other] = size;
          outIdx[size] = other;
          outEdge[size++] = edgeWeight[p];
        } else {
          outEdge[place[other]] += edgeWeight[p];
        }
      }
    }
    outPtr[c + 1] = size;
  }
  return {
    graph: {
      n: count,
      ptr: outPtr,
      idx: outIdx.slice(0, size),
      edgeWeight: outEdge.slice(0, size),
      nodeWeight: outNode,
    },
    coarseOf,
  };
}

/** Nodes by number of neighbours, equal ones by number (bucket sort). */
function byDegree(graph: WeightedGraph): Int32Array {
  const { n, ptr } = graph;
  let most = 0;
  for (let v = 0; v < n; v++) most = Math.max(most, ptr[v + 1] - ptr[v]);
  const start = new Int32Array(most + 2);
  for (let v = 0; v < n; v++) start[ptr[v + 1] - ptr[v] + 1]++;
  for (let d = 0; d <= most; d++) start[d + 1] += start[d];
  const order = new Int32Array(n);
  for (let v = 0; v < n; v++) order[start[ptr[v + 1] - ptr[v]]++] = v;
  return order;
}

/**
 * The part of a graph on some of its nodes; node k of the result is `nodes[k]`.
 *
 * @param local work space of the graph's size, −1 everywhere, and so again when done
 */
export function subgraph(graph: WeightedGraph, nodes: Int32Array, local: Int32Array): WeightedGraph {
  const { ptr, idx, edgeWeight, nodeWeight } = graph;
  const n = nodes.length;
  for (let k = 0; k < n; k++) local[nodes[k]] = k;
  const outPtr = new Int32Array(n + 1);
  for (let k = 0; k < n; k++) {
    let kept = 0;
    for (let p = ptr[nodes[k]]; p < ptr[nodes[k] + 1]; p++) if (local[idx[p]] !== -1) kept++;
    outPtr[k + 1] = outPtr[k] + kept;
  }
  const outIdx = new Int32Array(outPtr[n]);
  const outEdge = new Int32Array(outPtr[n]);
  const outNode = new Int32Array(n);
  for (let k = 0, size = 0; k < n; k++) {
    outNode[k] = nodeWeight[nodes[k]];
    for (let p = ptr[nodes[k]]; p < ptr[nodes[k] + 1]; p++) {
      if (local[idx[p]] === -1) continue;
      outIdx[size] = local[idx[p]];
      outEdge[size++] = edgeWeight[p];
    }
  }
  for (let k = 0; k < n; k++) local[nodes[k]] = -1;
  return { n, ptr: outPtr, idx: outIdx, edgeWeight: outEdge, nodeWeight: outNode };
}
