import type { CscPattern, Triangle } from "@lmmkit/sparse";
import { invertPermutation, type Permutation } from "@lmmkit/sparse";
import type { ColumnPattern } from "./symbolic";

/**
 * The graph of P A P' without permuting it: the neighbours of node k are `place[rowIdx[q]]` for q in the list of
 * column `order[k]` of the graph of A.
 */
export interface OrderedGraph extends ColumnPattern {
  readonly order: Int32Array;
  /** The inverse of `order`. */
  readonly place: Int32Array;
}

/** A graph in a given order, as a view of it. Cost O(n). */
export function orderedGraph(graph: ColumnPattern, order: Permutation): OrderedGraph {
  return { colPtr: graph.colPtr, rowIdx: graph.rowIdx, order, place: invertPermutation(order) };
}

/** Entries of one triangle of P A P' by columns, with the position in A that each comes from. */
export interface PermutedPattern extends ColumnPattern {
  /** Position in A's arrays of each entry. */
  readonly source: Int32Array;
}

/**
 * The lower triangle of P A P' (rows of each column not sorted) from one stored triangle of A; entries of
 * the other triangle are left out. Cost O(n + nnz).
 *
 * @param place the inverse of the permutation
 */
export function permutedLower(pattern: CscPattern, stored: Triangle, place: Int32Array): PermutedPattern {
  const n = pattern.ncols;
  const { colPtr, rowIdx } = pattern;
  const lower = stored === "lower";
  const outPtr = new Int32Array(n + 1);
  for (let j = 0; j < n; j++) {
    const newJ = place[j];
    let own = 0;
    for (let q = colPtr[j], end = colPtr[j + 1]; q < end; q++) {
      const i = rowIdx[q];
      if (lower ? i < j : i > j) continue;
      const newI = place[i];
      if (newI < newJ) outPtr[newI + 1]++;
      else own++;
    }
    outPtr[newJ + 1] += own;
  }
  for (let j = 0; j < n; j++) outPtr[j + 1] += outPtr[j];
  const next = outPtr.slice(0, n);
  const outIdx = new Int32Array(outPtr[n]);
  const source = new Int32Array(outPtr[n]);
  for (let j = 0; j < n; j++) {
    const newJ = place[j];
    let own = next[newJ];
    for (let q = colPtr[j], end = colPtr[j + 1]; q < end; q++) {
      const i = rowIdx[q];
      if (lower ? i < j : i > j) continue;
      const newI = place[i];
      if (newI < newJ) {
        const slot = next[newI]++;
        outIdx[slot] = newJ;
        source[slot] = q;
      } else {
        outIdx[own] = newI;
        source[own++] = q;
      }
    }
    next[newJ] = own;
  }
  return { colPtr: outPtr, rowIdx: outIdx, source };
}

/**
 * Both triangles of the symmetric pattern without the diagonal, as `amdOrder` wants it.
 *
 * @param stored the triangle of A to read; entries of the other are left out
 */
export function adjacency(pattern: CscPattern, stored: Triangle): ColumnPattern {
  const n = pattern.ncols;
  const { colPtr, rowIdx } = pattern;
  const lower = stored === "lower";
  const outPtr = new Int32Array(n + 1);
  for (let j = 0; j < n; j++) {
    let own = 0;
    for (let q = colPtr[j], end = colPtr[j + 1]; q < end; q++) {
      const i = rowIdx[q];
      if (lower ? i <= j : i >= j) continue;
      outPtr[i + 1]++;
      own++;
    }
    outPtr[j + 1] += own;
  }
  for (let j = 0; j < n; j++) outPtr[j + 1] += outPtr[j];
  const next = outPtr.slice(0, n);
  const outIdx = new Int32Array(outPtr[n]);
  for (let j = 0; j < n; j++) {
    let own = next[j];
    for (let q = colPtr[j], end = colPtr[j + 1]; q < end; q++) {
      const i = rowIdx[q];
      if (lower ? i <= j : i >= j) continue;
      outIdx[next[i]++] = j;
      outIdx[own++] = i;
    }
    next[j] = own;
  }
  return { colPtr: outPtr, rowIdx: outIdx };
}
