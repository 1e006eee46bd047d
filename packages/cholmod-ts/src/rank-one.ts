import type { ColumnPattern } from "./symbolic";

/**
 * L L' ← L L' + σ w w' in place, along the path from the first nonzero of w to the root.
 *
 * Column by column a (for σ = −1 hyperbolic) rotation takes w_j into the diagonal:
 * r² = l_jj² + σ w_j², c = r / l_jj, s = w_j / l_jj; l_ij ← (l_ij + σ s w_i) / c, w_i ← c w_i − s l_ij.
 * Returns −1, or the column whose pivot would not be positive; columns before it are then changed already.
 * Cost: the entries of the columns on the path. Allocates nothing.
 *
 * Source: Gill, Golub, Murray & Saunders (1974), Methods for modifying matrix factorizations, Math. Comp.
 * 28(126), method C3; Davis & Hager (1999), Modifying a sparse Cholesky factorization, SIAM J. Matrix Anal.
 * Appl. 20(3), section 3 (the path).
 *
 * @param values L; overwritten
 * @param w dense, length n, nonzero on rows of column `first` only; zero when done
 * @param sigma 1 or −1
 */
export function rankOneLLtInPlace(
  values: Float64Array,
  pattern: ColumnPattern,
  parent: Int32Array,
  first: number,
  w: Float64Array,
  sigma: number,
): number {
  const { colPtr, rowIdx } = pattern;
  for (let j = first; j !== -1; j = parent[j]) {
    const wj = w[j];
    if (wj === 0) continue;
    w[j] = 0;
    const d = colPtr[j];
    const ljj = values[d];
    const square = ljj * ljj + sigma * wj * wj;
    if (!(square > 0 && square < Number.POSITIVE_INFINITY)) return j;
    const r = Math.sqrt(square);
    const c = r / ljj;
    const s = wj / ljj;
    values[d] = r;
    for (let q = d + 1; q < colPtr[j + 1]; q++) {
      const i = rowIdx[q];
      const l = (values[q] + sigma * s * w[i]) / c;
      values[q] = l;
      w[i] = c * w[i] - s * l;
    }
  }
  return -1;
}

/**
 * L D L' ← L D L' + σ w w' in place, for any σ; otherwise as `rankOneLLtInPlace`. Pivots may have either sign; the
 * column whose pivot would be zero is returned.
 *
 * Source: Gill, Golub, Murray & Saunders (1974), method C1; Davis & Hager (1999), Algorithm 1.
 */
export function rankOneLDLtInPlace(
  values: Float64Array,
  pattern: ColumnPattern,
  parent: Int32Array,
  first: number,
  w: Float64Array,
  sigma: number,
): number {
  const { colPtr, rowIdx } = pattern;
  /** σ over α of the papers: what is left of w w' has this factor. */
  let factor = sigma;
  for (let j = first; j !== -1; j = parent[j]) {
    const wj = w[j];
    if (wj === 0) continue;
    w[j] = 0;
    const position = colPtr[j];
    const d = values[position];
    const changed = d + factor * wj * wj;
    if (changed === 0 || !Number.isFinite(changed)) return j;
    values[position] = changed;
    const gamma = (factor * wj) / changed;
    factor = (factor * d) / changed;
    for (let q = position + 1; q < colPtr[j + 1]; q++) {
      const i = rowIdx[q];
      w[i] -= wj * values[q];
      values[q] += gamma * w[i];
    }
  }
  return -1;
}
