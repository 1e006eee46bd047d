import type { Permutation } from "@lmmkit/sparse";
import { CholmodError } from "./errors";

/** The graph of blocks of columns. */
export interface BlockGraph {
  /** Number of blocks. */
  readonly count: number;
  /** Both triangles of the pattern of blocks, without the diagonal. */
  readonly colPtr: Int32Array;
  readonly rowIdx: Int32Array;
  /** Columns in each block. */
  readonly weights: Int32Array;
}

/**
 * Contracts the columns of each block into one node; two blocks are adjacent when any of their columns are.
 *
 * Throws `CholmodError` ("invalid-ordering") unless `blockOf` has a whole number from 0 on for each column
 * and no number is left out. Cost O(n + nnz).
 *
 * @param n number of columns
 * @param colPtr pointers of the adjacency (both triangles, no diagonal)
 * @param rowIdx its rows
 * @param blockOf block of each column
 */
export function contractBlocks(
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  blockOf: ArrayLike<number>,
): BlockGraph {
  const count = countBlocks(n, blockOf);
  const members = new Int32Array(count + 1);
  for (let j = 0; j < n; j++) members[blockOf[j] + 1]++;
  const weights = members.slice(1);
  for (let b = 0; b < count; b++) members[b + 1] += members[b];
  const columns = new Int32Array(n);
  const next = members.slice(0, count);
  for (let j = 0; j < n; j++) columns[next[blockOf[j]]++] = j;

  const mark = new Int32Array(count).fill(-1);
  const outPtr = new Int32Array(count + 1);
  const outIdx = new Int32Array(colPtr[n]);
  let size = 0;
  for (let b = 0; b < count; b++) {
    mark[b] = b;
    for (let q = members[b]; q < members[b + 1]; q++) {
      const j = columns[q];
      for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
        const other = blockOf[rowIdx[p]];
        if (mark[other] === b) continue;
        mark[other] = b;
        outIdx[size++] = other;
      }
    }
    outPtr[b + 1] = size;
  }
  return { count, colPtr: outPtr, rowIdx: outIdx.slice(0, size), weights };
}

/** The columns in the order of their blocks, those of one block in their old order. Cost O(n). */
export function expandBlocks(blockOrder: Int32Array, blockOf: ArrayLike<number>): Permutation {
  const n = blockOf.length;
  const position = new Int32Array(blockOrder.length);
  for (let k = 0; k < blockOrder.length; k++) position[blockOrder[k]] = k;
  const start = new Int32Array(blockOrder.length + 1);
  for (let j = 0; j < n; j++) start[position[blockOf[j]] + 1]++;
  for (let k = 0; k < blockOrder.length; k++) start[k + 1] += start[k];
  const p = new Int32Array(n);
  for (let j = 0; j < n; j++) p[start[position[blockOf[j]]]++] = j;
  return p as Permutation;
}

function countBlocks(n: number, blockOf: ArrayLike<number>): number {
  if (blockOf.length !== n) {
    throw new CholmodError(
      "invalid-ordering",
      "wrong length of blocks",
      blockOf.length,
      `need one for each of ${n} columns`,
    );
  }
  let count = 0;
  for (let j = 0; j < n; j++) {
    const b = blockOf[j];
    if (!Number.isInteger(b) || b < 0 || b >= n) {
      throw new CholmodError(
        "invalid-ordering",
        `invalid block of column ${j}`,
        b,
        `need a whole number from 0 to ${n - 1}`,
      );
    }
    count = Math.max(count, b + 1);
  }
  const seen = new Uint8Array(count);
  for (let j = 0; j < n; j++) seen[blockOf[j]] = 1;
  const missing = seen.indexOf(0);
  if (missing !== -1) {
    throw new CholmodError(
      "invalid-ordering",
      "empty block",
      missing,
      "blocks are numbered from 0 without gaps",
    );
  }
  return count;
}
