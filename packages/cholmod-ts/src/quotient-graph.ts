import type { CscPattern } from "@lmmkit/sparse";

/**
 * The quotient graph on which minimum degree works.
 *
 * Nodes are *variables* (columns not yet eliminated) and *elements* (eliminated pivots). A variable i has a
 * list of adjacent elements E_i followed by a list of adjacent variables A_i; an element e has the list L_e
 * of variables that its elimination made into a clique. Indistinguishable variables are merged into one
 * *supervariable*, whose principal variable stays; `weight` counts how many columns it stands for.
 *
 * All lists live in one array. The graph never needs more room than it started with (a new element is not
 * longer than the lists it replaces), so one spare stretch of n entries is enough to build an element in;
 * when the spare stretch is used up, `compact` closes the gaps.
 *
 * Source: Amestoy, Davis & Duff (1996), An approximate minimum degree ordering algorithm, SIAM J. Matrix
 * Anal. Appl. 17(4), sections 2 and 3; George & Liu (1981), Computer Solution of Large Sparse Positive
 * Definite Systems, chapter 5.
 */
export class QuotientGraph {
  readonly n: number;
  /** Every list, one after the other, with gaps. */
  readonly lists: Int32Array;
  /** Where the unused end of `lists` begins. */
  free: number;
  /** Start of each node's list. */
  readonly start: Int32Array;
  /** Length of each node's list: |E_i| + |A_i| for a variable, |L_e| for an element, 0 when gone. */
  readonly length: Int32Array;
  /** |E_i| for a variable. */
  readonly elementCount: Int32Array;
  /** Columns a principal variable stands for, 0 when absorbed, negative while it is in the current L_p. */
  readonly weight: Int32Array;
  /** What absorbed a node (variable or element), −1 while it lives or when it is a root. */
  readonly parent: Int32Array;
  private readonly saved: Int32Array;

  /**
   * @param n number of nodes
   * @param start where the list of each node begins in `lists`; taken over
   * @param length length of each list; taken over
   * @param lists all lists, followed by at least n unused entries; taken over
   * @param used entries of `lists` that are in use
   * @param weights columns that each variable stands for, by default 1
   */
  private constructor(
    n: number,
    start: Int32Array,
    length: Int32Array,
    lists: Int32Array,
    used: number,
    weights: Int32Array | undefined,
  ) {
    this.n = n;
    this.lists = lists;
    this.free = used;
    this.start = start;
    this.length = length;
    this.elementCount = new Int32Array(n);
    this.weight = new Int32Array(n).fill(1);
    if (weights !== undefined) this.weight.set(weights);
    this.parent = new Int32Array(n).fill(-1);
    this.saved = new Int32Array(n);
  }

  /**
   * The graph of a symmetric matrix: n variables, no elements.
   *
   * @param colPtr pointers into `rowIdx`, length n + 1
   * @param rowIdx both triangles of the pattern, without the diagonal
   * @param weights columns that each variable stands for, by default 1
   */
  static ofSymmetric(n: number, colPtr: Int32Array, rowIdx: Int32Array, weights?: Int32Array): QuotientGraph {
    const used = colPtr[n];
    const lists = new Int32Array(used + Math.floor(used / 5) + n);
    lists.set(rowIdx.subarray(0, used));
    return new QuotientGraph(n, colPtr.slice(0, n), lengthsOf(n, colPtr), lists, used, weights);
  }

  /**
   * The graph of A A', which is never formed: the rows of A are variables 0 … nrows − 1, and each column of A
   * is an element behind them, the clique of its rows. Columns longer than `longest` are left out.
   */
  static ofProduct(pattern: CscPattern, longest: number): QuotientGraph {
    const { nrows, ncols, colPtr, rowIdx } = pattern;
    const nodes = nrows + ncols;
    const used = 2 * colPtr[ncols];
    const lists = new Int32Array(used + Math.floor(used / 5) + nodes);
    const start = new Int32Array(nodes);
    const length = new Int32Array(nodes);
    const kept = (k: number) => {
      const size = colPtr[k + 1] - colPtr[k];
      return size > 1 && size <= longest;
    };
    for (let k = 0; k < ncols; k++) {
      if (kept(k)) for (let p = colPtr[k]; p < colPtr[k + 1]; p++) length[rowIdx[p]]++;
    }
    let free = 0;
    for (let i = 0; i < nrows; i++) {
      start[i] = free;
      free += length[i];
      length[i] = 0;
    }
    for (let k = 0; k < ncols; k++) {
      if (!kept(k)) continue;
      const e = nrows + k;
      start[e] = free;
      length[e] = colPtr[k + 1] - colPtr[k];
      for (let p = colPtr[k]; p < colPtr[k + 1]; p++) {
        const i = rowIdx[p];
        lists[free++] = i;
        lists[start[i] + length[i]++] = e;
      }
    }
    const graph = new QuotientGraph(nodes, start, length, lists, free, undefined);
    for (let i = 0; i < nrows; i++) graph.elementCount[i] = length[i];
    return graph;
  }

  /** Makes sure that `count ≤ n` entries can be appended at `free`. */
  reserve(count: number): void {
    if (this.free + count > this.lists.length) this.compact();
  }

  /** Moves all living lists to the front, in their present order. Cost O(n + used length). */
  private compact(): void {
    const { n, lists, start, length, saved } = this;
    // The first entry of each list is put aside and replaced by the complement of its owner.
    for (let i = 0; i < n; i++) {
      if (length[i] === 0) continue;
      saved[i] = lists[start[i]];
      lists[start[i]] = ~i;
    }
    let to = 0;
    let from = 0;
    while (from < this.free) {
      const owner = ~lists[from++];
      if (owner < 0) continue;
      start[owner] = to;
      lists[to++] = saved[owner];
      for (let rest = length[owner] - 1; rest > 0; rest--) lists[to++] = lists[from++];
    }
    this.free = to;
  }
}

function lengthsOf(n: number, colPtr: Int32Array): Int32Array {
  const length = new Int32Array(n);
  for (let i = 0; i < n; i++) length[i] = colPtr[i + 1] - colPtr[i];
  return length;
}
