import { checkLength, checkSquare } from "./check";
import type { CscMatrix, Triangle } from "./csc";
import { nnz } from "./csc";
import { invertPermutation, type Permutation } from "./permutation";
import { transpose } from "./transpose";

/** The columns in new order: column k of the result is column `q[k]` of A (A Q'). Cost O(ncols + nnz). */
export function permuteColumns(matrix: CscMatrix, q: Permutation): CscMatrix {
  checkLength(q.length, matrix.ncols, "column permutation");
  const { nrows, ncols, colPtr, rowIdx, values } = matrix;
  const outPtr = new Int32Array(ncols + 1);
  const outIdx = new Int32Array(nnz(matrix));
  const outValues = new Float64Array(outIdx.length);
  let size = 0;
  for (let k = 0; k < ncols; k++) {
    const start = colPtr[q[k]];
    const end = colPtr[q[k] + 1];
    outIdx.set(rowIdx.subarray(start, end), size);
    outValues.set(values.subarray(start, end), size);
    size += end - start;
    outPtr[k + 1] = size;
  }
  return { nrows, ncols, colPtr: outPtr, rowIdx: outIdx, values: outValues };
}

/** The rows in new order: row k of the result is row `p[k]` of A (P A). Cost O(nrows + ncols + nnz). */
export function permuteRows(matrix: CscMatrix, p: Permutation): CscMatrix {
  checkLength(p.length, matrix.nrows, "row permutation");
  return transpose(permuteColumns(transpose(matrix), p));
}

/**
 * One triangle of P A P' from one triangle of a symmetric A; entries of the other triangle are ignored.
 *
 * (P A P')[i, j] = A[p[i], p[j]]. Throws `SparseError` when A is not square. Cost O(n + nnz).
 *
 * @param from the triangle of A that is stored
 * @param to the triangle of the result that is wanted, by default the same
 */
export function permuteSymmetric(
  matrix: CscMatrix,
  p: Permutation,
  from: Triangle,
  to: Triangle = from,
): CscMatrix {
  const n = checkSquare(matrix);
  checkLength(p.length, n, "permutation");
  const { colPtr, rowIdx, values } = matrix;
  const inverse = invertPermutation(p);
  const lowerFrom = from === "lower";
  const lowerTo = to === "lower";
  // Built as the transpose of what is wanted, so that one transposition sorts the rows.
  const outPtr = new Int32Array(n + 1);
  for (let j = 0; j < n; j++) {
    const newJ = inverse[j];
    for (let q = colPtr[j]; q < colPtr[j + 1]; q++) {
      const i = rowIdx[q];
      if (lowerFrom ? i < j : i > j) continue;
      const newI = inverse[i];
      outPtr[(lowerTo ? Math.max(newI, newJ) : Math.min(newI, newJ)) + 1]++;
    }
  }
  for (let j = 0; j < n; j++) outPtr[j + 1] += outPtr[j];
  const next = outPtr.slice(0, n);
  const outIdx = new Int32Array(outPtr[n]);
  const outValues = new Float64Array(outPtr[n]);
  for (let j = 0; j < n; j++) {
    const newJ = inverse[j];
    for (let q = colPtr[j]; q < colPtr[j + 1]; q++) {
      const i = rowIdx[q];
      if (lowerFrom ? i < j : i > j) continue;
      const newI = inverse[i];
      const high = Math.max(newI, newJ);
      const low = Math.min(newI, newJ);
      const slot = next[lowerTo ? high : low]++;
      outIdx[slot] = lowerTo ? low : high;
      outValues[slot] = values[q];
    }
  }
  return transpose({ nrows: n, ncols: n, colPtr: outPtr, rowIdx: outIdx, values: outValues });
}
