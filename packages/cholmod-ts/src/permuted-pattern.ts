import type { CscPattern, Triangle } from "@lmmkit/sparse";
import { invertPermutation, type Permutation } from "@lmmkit/sparse";

/** One triangle of P A P' as a pattern, with the position in A that each entry comes from. */
export interface PermutedPattern {
  readonly colPtr: Int32Array;
  readonly rowIdx: Int32Array;
  /** Position in A's arrays of each entry. */
  readonly source: Int32Array;
}

/**
 * The upper triangle of P A P' (rows of each column not sorted) from one stored triangle of A; entries of
 * the other triangle are left out. Cost O(n + nnz).
 */
export function permutedUpper(pattern: CscPattern, stored: Triangle, p: Permutation): PermutedPattern {
  const n = pattern.ncols;
  const { colPtr, rowIdx } = pattern;
  const inverse = invertPermutation(p);
  const lower = stored === "lower";
  const outPtr = new Int32Array(n + 1);
  for (let j = 0; j < n; j++) {
    for (let q = colPtr[j]; q < colPtr[j + 1]; q++) {
      const i = rowIdx[q];
      if (lower ? i < j : i > j) continue;
      outPtr[Math.max(inverse[i], inverse[j]) + 1]++;
    }
  }
  for (let j = 0; j < n; j++) outPtr[j + 1] += outPtr[j];
  const next = outPtr.slice(0, n);
  const outIdx = new Int32Array(outPtr[n]);
  const source = new Int32Array(outPtr[n]);
  for (let j = 0; j < n; j++) {
    for (let q = colPtr[j]; q < colPtr[j + 1]; q++) {
      const i = rowIdx[q];
      if (lower ? i < j : i > j) continue;
      const newI = inverse[i];
      const newJ = inverse[j];
      const slot = next[Math.max(newI, newJ)]++;
      outIdx[slot] = Math.min(newI, newJ);
      source[slot] = q;
    }
  }
  return { colPtr: outPtr, rowIdx: outIdx, source };
}

/** The transpose of a permuted triangle, sources carried along; its rows are sorted. Cost O(n + nnz). */
export function transposePermuted(pattern: PermutedPattern): PermutedPattern {
  const n = pattern.colPtr.length - 1;
  const { colPtr, rowIdx, source } = pattern;
  const outPtr = new Int32Array(n + 1);
  for (let q = 0; q < rowIdx.length; q++) outPtr[rowIdx[q] + 1]++;
  for (let j = 0; j < n; j++) outPtr[j + 1] += outPtr[j];
  const next = outPtr.slice(0, n);
  const outIdx = new Int32Array(rowIdx.length);
  const outSource = new Int32Array(rowIdx.length);
  for (let j = 0; j < n; j++) {
    for (let q = colPtr[j]; q < colPtr[j + 1]; q++) {
      const slot = next[rowIdx[q]]++;
      outIdx[slot] = j;
      outSource[slot] = source[q];
    }
  }
  return { colPtr: outPtr, rowIdx: outIdx, source: outSource };
}

/**
 * Both triangles of the symmetric pattern without the diagonal, as `amdOrder` wants it.
 *
 * @param stored the triangle of A to read; entries of the other are left out
 */
export function adjacency(pattern: CscPattern, stored: Triangle): { colPtr: Int32Array; rowIdx: Int32Array } {
  const n = pattern.ncols;
  const { colPtr, rowIdx } = pattern;
  const lower = stored === "lower";
  const outPtr = new Int32Array(n + 1);
  for (let j = 0; j < n; j++) {
    for (let q = colPtr[j]; q < colPtr[j + 1]; q++) {
      const i = rowIdx[q];
      if (lower ? i <= j : i >= j) continue;
      outPtr[i + 1]++;
      outPtr[j + 1]++;
    }
  }
  for (let j = 0; j < n; j++) outPtr[j + 1] += outPtr[j];
  const next = outPtr.slice(0, n);
  const outIdx = new Int32Array(outPtr[n]);
  for (let j = 0; j < n; j++) {
    for (let q = colPtr[j]; q < colPtr[j + 1]; q++) {
      const i = rowIdx[q];
      if (lower ? i <= j : i >= j) continue;
      outIdx[next[i]++] = j;
      outIdx[next[j]++] = i;
    }
  }
  return { colPtr: outPtr, rowIdx: outIdx };
}
