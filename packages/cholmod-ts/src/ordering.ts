import type { CscPattern, Permutation, Triangle } from "@lmmkit/sparse";
import { identityPermutation, isPermutation } from "@lmmkit/sparse";
import { amdOrder, colamdOrder } from "./amd";
import { contractBlocks, expandBlocks } from "./blocks";
import { columnCounts } from "./column-counts";
import { CholmodError } from "./errors";
import { eliminationTree, postorder } from "./etree";
import { nestedDissectionOrder } from "./nested-dissection";
import { adjacency, orderedGraph } from "./permuted-pattern";
import type { ColumnPattern } from "./symbolic";

/**
 * How the columns are ordered.
 *
 * - "amd": approximate minimum degree;
 * - "colamd": for A A' the same without forming the product; for a symmetric A it is "amd", as in CHOLMOD;
 * - "nesdis": nested dissection, for large grid-like problems;
 * - "natural": as they are;
 * - "best": each of these, and the one with the fewest entries in L is kept (the first of equals);
 * - a list of the columns in the order in which they are to be eliminated.
 */
export type Ordering = "amd" | "colamd" | "nesdis" | "natural" | "best" | Int32Array | readonly number[];

/** An ordering with what follows from it. */
export interface OrderedTree {
  readonly permutation: Permutation;
  /** Elimination tree of the permuted matrix. */
  readonly parent: Int32Array;
  /** Entries of each column of L. */
  readonly counts: Int32Array;
  /** Both triangles of the pattern, without the diagonal, in its own numbering. */
  readonly graph: ColumnPattern;
}

/** What `orderColumns` is asked to do. */
export interface OrderingRequest {
  /** The symmetric pattern, or that of A A'. */
  readonly pattern: CscPattern;
  readonly uplo: Triangle;
  /** A itself when A A' is factorized. */
  readonly factor: CscPattern | null;
  readonly ordering: Ordering;
  /** Block of each column; those of one block stay together. */
  readonly blocks?: ArrayLike<number>;
  /** Renumber along a postorder; by default true for names other than "natural", without blocks. */
  readonly postorder?: boolean;
}

/** Orders the columns as asked and finds elimination tree and column counts. */
export function orderColumns(request: OrderingRequest): OrderedTree {
  return orderGraph(request, adjacency(request.pattern, request.uplo));
}

function orderGraph(request: OrderingRequest, graph: ColumnPattern): OrderedTree {
  const { pattern, ordering } = request;
  const n = pattern.ncols;
  if (ordering === "best") {
    const names =
      request.factor === null
        ? (["amd", "nesdis", "natural"] as const)
        : (["amd", "colamd", "nesdis", "natural"] as const);
    const trees = names.map((name) =>
      orderGraph({ ...request, ordering: name, postorder: request.postorder ?? true }, graph),
    );
    const sizes = trees.map((tree) => tree.counts.reduce((sum, count) => sum + count, 0));
    return trees[sizes.indexOf(Math.min(...sizes))];
  }
  if (typeof ordering !== "string") return refine(graph, checkOrder(ordering, n), request.postorder ?? false);
  if (ordering === "natural") return refine(graph, identityPermutation(n), request.postorder ?? false);
  if (ordering !== "amd" && ordering !== "colamd" && ordering !== "nesdis") {
    throw new CholmodError(
      "unsupported-ordering",
      "unknown ordering",
      ordering,
      'need "amd", "colamd", "nesdis", "natural", "best" or a list',
    );
  }
  if (request.blocks !== undefined) {
    return refine(graph, orderByBlocks(graph, request.blocks), request.postorder ?? false);
  }
  let first: Permutation;
  if (ordering === "colamd" && request.factor !== null) first = colamdOrder(request.factor);
  else if (ordering === "nesdis") first = nestedDissectionOrder(n, graph.colPtr, graph.rowIdx);
  else first = amdOrder(n, graph.colPtr, graph.rowIdx);
  return refine(graph, first, request.postorder ?? true);
}

function checkOrder(order: ArrayLike<number>, n: number): Permutation {
  if (order.length !== n) {
    throw new CholmodError("invalid-ordering", "wrong length of the ordering", order.length, `need ${n}`);
  }
  if (!isPermutation(order)) {
    throw new CholmodError(
      "invalid-ordering",
      "invalid ordering",
      "not a permutation",
      `need 0 to ${n - 1}, each once`,
    );
  }
  return Int32Array.from(order) as Permutation;
}

/** Minimum degree on the graph of blocks, postordered there, so that the columns of a block stay together. */
function orderByBlocks(columns: ColumnPattern, blocks: ArrayLike<number>): Permutation {
  const n = columns.colPtr.length - 1;
  const { count, colPtr, rowIdx, weights } = contractBlocks(n, columns.colPtr, columns.rowIdx, blocks);
  const first = amdOrder(count, colPtr, rowIdx, { weights });
  const tree = refine({ colPtr, rowIdx }, first, true);
  return expandBlocks(tree.permutation, blocks);
}

/** Elimination tree and column counts under `first`, all renumbered along a postorder if wanted. */
function refine(graph: ColumnPattern, first: Permutation, reorder: boolean): OrderedTree {
  const n = first.length;
  const ordered = orderedGraph(graph, first);
  const parent = eliminationTree(ordered);
  const counts = columnCounts(ordered, parent, postorder(parent));
  if (!reorder) return { permutation: first, parent, counts, graph };
  const post = postorder(parent, counts);
  const newNumber = new Int32Array(n);
  for (let k = 0; k < n; k++) newNumber[post[k]] = k;
  const permutation = new Int32Array(n) as Permutation;
  const newParent = new Int32Array(n);
  const newCounts = new Int32Array(n);
  for (let k = 0; k < n; k++) {
    const j = post[k];
    permutation[k] = first[j];
    newParent[k] = parent[j] === -1 ? -1 : newNumber[parent[j]];
    newCounts[k] = counts[j];
  }
  return { permutation, parent: newParent, counts: newCounts, graph };
}
