import type { OrderedGraph, PermutedPattern } from "./permuted-pattern";
import type { SupernodePartition } from "./symbolic";

/**
 * Groups adjacent columns of L into supernodes: first columns whose rows agree exactly, then a supernode
 * with its parent when that adds few zeros.
 *
 * Columns j and j + 1 agree when j + 1 is the parent of j and has one entry less. A supernode is then merged
 * with the one behind it, if that is its parent, when the result has at most 4 columns, or at most 16 and
 * under 80 % zeros, or at most 48 and under 10 %, or under 5 %: few wide blocks are faster than many narrow
 * ones. Cost O(n).
 *
 * Source: Ng & Peyton (1993), Block sparse Cholesky algorithms on advanced uniprocessor computers, SIAM J.
 * Sci. Comput. 14(5), section 2; Ashcraft & Grimes (1989), The influence of relaxed supernode partitions on
 * the multifrontal method, ACM TOMS 15(4); thresholds as in the CHOLMOD user guide (nrelax, zrelax).
 *
 * @returns the first column of each supernode, and n at the end
 */
export function findSupernodes(parent: Int32Array, counts: Int32Array): Int32Array {
  const n = parent.length;
  if (n === 0) return new Int32Array(1);
  // Beginnings of groups of columns that agree, in increasing order, and of merged groups in decreasing order.
  const first = new Int32Array(n + 1);
  let groups = 1;
  for (let j = 1; j < n; j++) {
    if (parent[j - 1] !== j || counts[j - 1] !== counts[j] + 1) first[groups++] = j;
  }
  const merged = new Int32Array(groups + 1);
  merged[0] = n;
  let size = 1;
  // The group at hand, growing downwards: its columns, entries without zeros, and rows below it.
  let end = n;
  let start = first[groups - 1];
  let entries = sumOfCounts(counts, start, end);
  for (let s = groups - 2; s >= 0; s--) {
    const candidate = first[s];
    const below = counts[end - 1] - 1;
    const cols = end - candidate;
    const stored = cols * (cols + below) - (cols * (cols - 1)) / 2;
    const together = entries + sumOfCounts(counts, candidate, start);
    if (parent[start - 1] === start && worthMerging(cols, 1 - together / stored)) {
      entries = together;
    } else {
      merged[size++] = start;
      end = start;
      entries = together - entries;
    }
    start = candidate;
  }
  merged[size++] = 0;
  return merged.slice(0, size).reverse();
}

function sumOfCounts(counts: Int32Array, from: number, to: number): number {
  let sum = 0;
  for (let j = from; j < to; j++) sum += counts[j];
  return sum;
}

function worthMerging(cols: number, zeros: number): boolean {
  return cols <= 4 || (cols <= 16 && zeros < 0.8) || (cols <= 48 && zeros < 0.1) || zeros < 0.05;
}

/** The storage that a partition needs: entries of all blocks, zeros included. May exceed 2³¹. */
export function supernodalSize(first: Int32Array, counts: Int32Array): number {
  let size = 0;
  for (let s = 0; s + 1 < first.length; s++) {
    const cols = first[s + 1] - first[s];
    size += cols * (cols + counts[first[s + 1] - 1] - 1);
  }
  return size;
}

/**
 * Rows, blocks and work space of the supernodes that begin at `first`.
 *
 * Row i belongs to the supernodes on the walks up the supernodal elimination tree from each a_ij ≠ 0, j < i,
 * as for single columns. Cost O(total rows).
 *
 * @param graph with the neighbours before each node, at least; others are passed over
 */
export function layOutSupernodes(
  first: Int32Array,
  graph: OrderedGraph,
  parent: Int32Array,
  counts: Int32Array,
): SupernodePartition {
  const { colPtr, rowIdx, order, place } = graph;
  const n = parent.length;
  const count = first.length - 1;
  const ofColumn = new Int32Array(n);
  const rowPtr = new Int32Array(count + 1);
  const valuePtr = new Int32Array(count + 1);
  let maxRows = 0;
  let maxCols = 0;
  for (let s = 0; s < count; s++) {
    const cols = first[s + 1] - first[s];
    const rows = cols + counts[first[s + 1] - 1] - 1;
    ofColumn.fill(s, first[s], first[s + 1]);
    rowPtr[s + 1] = rowPtr[s] + rows;
    valuePtr[s + 1] = valuePtr[s] + rows * cols;
    maxRows = Math.max(maxRows, rows);
    maxCols = Math.max(maxCols, cols);
  }
  const above = new Int32Array(count);
  const next = new Int32Array(count);
  const rows = new Int32Array(rowPtr[count]);
  for (let s = 0; s < count; s++) {
    const up = parent[first[s + 1] - 1];
    above[s] = up === -1 ? -1 : ofColumn[up];
    next[s] = rowPtr[s];
    for (let j = first[s]; j < first[s + 1]; j++) rows[next[s]++] = j;
  }
  const mark = new Int32Array(count).fill(-1);
  for (let i = 0; i < n; i++) {
    mark[ofColumn[i]] = i;
    const node = order[i];
    for (let p = colPtr[node], end = colPtr[node + 1]; p < end; p++) {
      const j = place[rowIdx[p]];
      if (j > i) continue;
      for (let s = ofColumn[j]; mark[s] !== i; s = above[s]) {
        mark[s] = i;
        rows[next[s]++] = i;
      }
    }
  }
  const partition = { count, first, ofColumn, rowPtr, rows, valuePtr, maxRows, maxCols };
  return { ...partition, updateSize: largestUpdate(partition) };
}

/** Entries of the largest block that one supernode subtracts from another. */
function largestUpdate(partition: Omit<SupernodePartition, "updateSize">): number {
  const { count, first, ofColumn, rowPtr, rows } = partition;
  let largest = 0;
  for (let s = 0; s < count; s++) {
    const end = rowPtr[s + 1];
    let p = rowPtr[s] + first[s + 1] - first[s];
    while (p < end) {
      const last = first[ofColumn[rows[p]] + 1];
      let q = p + 1;
      while (q < end && rows[q] < last) q++;
      largest = Math.max(largest, (q - p) * (end - p));
      p = q;
    }
  }
  return largest;
}

/** Where each entry of the symmetric matrix goes in the blocks; −1 for entries that are not read. */
export function supernodalTargets(
  partition: SupernodePartition,
  lower: PermutedPattern,
  entries: number,
): Int32Array {
  const { count, first, rowPtr, rows, valuePtr } = partition;
  const { colPtr, rowIdx, source } = lower;
  const target = new Int32Array(entries).fill(-1);
  const place = new Int32Array(partition.ofColumn.length);
  for (let s = 0; s < count; s++) {
    const length = rowPtr[s + 1] - rowPtr[s];
    for (let r = 0; r < length; r++) place[rows[rowPtr[s] + r]] = r;
    for (let j = first[s]; j < first[s + 1]; j++) {
      const column = valuePtr[s] + (j - first[s]) * length;
      for (let q = colPtr[j], end = colPtr[j + 1]; q < end; q++)
        target[source[q]] = column + place[rowIdx[q]];
    }
  }
  return target;
}

/** Where each diagonal entry of L lies in the blocks. */
export function supernodalDiagonal(partition: SupernodePartition): Int32Array {
  const { count, first, rowPtr, valuePtr, ofColumn } = partition;
  const diagonal = new Int32Array(ofColumn.length);
  for (let s = 0; s < count; s++) {
    const length = rowPtr[s + 1] - rowPtr[s];
    for (let j = first[s]; j < first[s + 1]; j++) diagonal[j] = valuePtr[s] + (j - first[s]) * (length + 1);
  }
  return diagonal;
}
