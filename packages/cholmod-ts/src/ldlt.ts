import type { SimplicialWorkspace } from "./simplicial";

/**
 * L and D of P A P' = L D L', L with a unit diagonal, in the place of the lower triangle of P A P'; D takes
 * the place of the diagonal.
 *
 * d_j = a_jj − Σ_k l_jk² d_k and l_ij = (a_ij − Σ_k l_ik d_k l_jk) / d_j. Pivots are taken as they come, of
 * either sign: safe for positive definite and for symmetric quasi-definite matrices, not for indefinite ones
 * in general. Returns −1, or the first column whose pivot is zero or not finite. Allocates nothing.
 * Cost Σ over columns of their length squared.
 *
 * Source: George & Liu (1981), Computer Solution of Large Sparse Positive Definite Systems, section 5.4;
 * Vanderbei (1995), Symmetric quasidefinite matrices, SIAM J. Optim. 5(1).
 *
 * @param values lower triangle of P A P' spread over the pattern of L; overwritten
 */
export function factorizeLdltInPlace(
  values: Float64Array,
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  work: SimplicialWorkspace,
): number {
  const { accumulator, head, next, at } = work;
  head.fill(-1);
  for (let j = 0; j < n; j++) {
    const start = colPtr[j];
    const end = colPtr[j + 1];
    let k = head[j];
    let pivot = values[start];
    if (k !== -1) {
      let lost = 0;
      for (let p = start + 1; p < end; p++) accumulator[rowIdx[p]] = values[p];
      while (k !== -1) {
        const following = next[k];
        const from = at[k];
        const to = colPtr[k + 1];
        const ljk = values[from];
        const scaled = ljk * values[colPtr[k]];
        const decrease = ljk * scaled + lost;
        const left = pivot - decrease;
        lost = left - pivot + decrease;
        pivot = left;
        for (let p = from + 1; p < to; p++) accumulator[rowIdx[p]] -= values[p] * scaled;
        if (from + 1 < to) {
          const row = rowIdx[from + 1];
          at[k] = from + 1;
          next[k] = head[row];
          head[row] = k;
        }
        k = following;
      }
      for (let p = start + 1; p < end; p++) values[p] = accumulator[rowIdx[p]];
    }
    if (pivot === 0 || !Number.isFinite(pivot)) return j;
    values[start] = pivot;
    for (let p = start + 1; p < end; p++) values[p] /= pivot;
    if (start + 1 < end) {
      const row = rowIdx[start + 1];
      at[j] = start + 1;
      next[j] = head[row];
      head[row] = j;
    }
  }
  return -1;
}

/** x ← L⁻¹ x with a unit diagonal, for `ncols` columns from `offset` on. Allocates nothing. */
export function solveUnitLowerInPlace(
  x: Float64Array,
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  values: Float64Array,
  ncols: number,
  offset: number,
): void {
  for (let c = 0, base = offset; c < ncols; c++, base += n) {
    for (let j = 0; j < n; j++) {
      const xj = x[base + j];
      if (xj === 0) continue;
      for (let p = colPtr[j] + 1, end = colPtr[j + 1]; p < end; p++) x[base + rowIdx[p]] -= values[p] * xj;
    }
  }
}

/** x ← L'⁻¹ x with a unit diagonal; as `solveUnitLowerInPlace`. */
export function solveUnitUpperInPlace(
  x: Float64Array,
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  values: Float64Array,
  ncols: number,
  offset: number,
): void {
  for (let c = 0, base = offset; c < ncols; c++, base += n) {
    for (let j = n - 1; j >= 0; j--) {
      let sum = x[base + j];
      for (let p = colPtr[j] + 1, end = colPtr[j + 1]; p < end; p++) sum -= values[p] * x[base + rowIdx[p]];
      x[base + j] = sum;
    }
  }
}

/** L ← L √D and back: turns L D L' into L L' in place. All of D must be positive. Cost O(nnz(L)). */
export function toLLtInPlace(values: Float64Array, n: number, colPtr: Int32Array): void {
  for (let j = 0; j < n; j++) {
    const root = Math.sqrt(values[colPtr[j]]);
    values[colPtr[j]] = root;
    for (let p = colPtr[j] + 1; p < colPtr[j + 1]; p++) values[p] *= root;
  }
}

/** Turns L L' into L D L' in place, d_j = l_jj². Cost O(nnz(L)). */
export function toLDLtInPlace(values: Float64Array, n: number, colPtr: Int32Array): void {
  for (let j = 0; j < n; j++) {
    const ljj = values[colPtr[j]];
    values[colPtr[j]] = ljj * ljj;
    for (let p = colPtr[j] + 1; p < colPtr[j + 1]; p++) values[p] /= ljj;
  }
}
