/** Work space of `factorizeSimplicialInPlace` for one factor of size n. */
export class SimplicialWorkspace {
  readonly accumulator: Float64Array;
  /** The first of the columns whose next entry lies in a given row, −1 for none. */
  readonly head: Int32Array;
  /** The next column with its next entry in the same row. */
  readonly next: Int32Array;
  /** Where each finished column stands: the position of its next entry. */
  readonly at: Int32Array;

  constructor(n: number) {
    this.accumulator = new Float64Array(n);
    this.head = new Int32Array(n);
    this.next = new Int32Array(n);
    this.at = new Int32Array(n);
  }
}

/**
 * L of P A P' = L L', or L and D of L D L', column by column, in the place of the lower triangle of P A P'.
 *
 * l_ij = (a_ij − Σ_k<j l_ik l_jk) / l_jj, the sum taken over the columns k with l_jk ≠ 0, which are found
 * through linked lists: column k waits in the list of the row of its next entry. For L D L' (`unit`)
 * d_j = a_jj − Σ_k l_jk² d_k takes the place of the diagonal, and l_ij = (a_ij − Σ_k l_ik d_k l_jk) / d_j; pivots
 * are taken as they come, of either sign: safe for positive definite and for symmetric quasi-definite matrices,
 * not for indefinite ones in general.
 *
 * Returns −1, or the first column whose pivot is not positive (for L D L': is zero) or not finite; the values
 * are then of no use. Allocates nothing. Cost Σ over columns of their length squared.
 *
 * Source: George & Liu (1981), Computer Solution of Large Sparse Positive Definite Systems, section 5.4;
 * Vanderbei (1995), Symmetric quasidefinite matrices, SIAM J. Optim. 5(1).
 *
 * @param values lower triangle of P A P' spread over the pattern of L; overwritten
 * @param unit L D L' with a unit diagonal in L
 */
export function factorizeSimplicialInPlace(
  values: Float64Array,
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  unit: boolean,
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
        const scaled = unit ? ljk * values[colPtr[k]] : ljk;
        // The pivot may lose thousands of squares, so what each subtraction rounds away is kept (Kahan).
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
    if (!Number.isFinite(pivot) || (unit ? pivot === 0 : pivot <= 0)) return j;
    const divisor = unit ? pivot : Math.sqrt(pivot);
    values[start] = divisor;
    for (let p = start + 1; p < end; p++) values[p] /= divisor;
    if (start + 1 < end) {
      const row = rowIdx[start + 1];
      at[j] = start + 1;
      next[j] = head[row];
      head[row] = j;
    }
  }
  return -1;
}

/**
 * x ← L⁻¹ x for each of `ncols` columns of length n that lie one after the other from `offset` on.
 * Cost 2 nnz(L) per column; allocates nothing.
 *
 * @param unit the diagonal of L is one, and D stands in its place
 */
export function solveLowerSimplicialInPlace(
  x: Float64Array,
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  values: Float64Array,
  unit: boolean,
  ncols: number,
  offset: number,
): void {
  let c = 0;
  let base = offset;
  for (; c + 4 <= ncols; c += 4, base += 4 * n) {
    solveLowerFour(x, n, colPtr, rowIdx, values, unit, base);
  }
  for (; c < ncols; c++, base += n) {
    for (let j = 0; j < n; j++) {
      const start = colPtr[j];
      const xj = unit ? x[base + j] : x[base + j] / values[start];
      x[base + j] = xj;
      if (xj === 0) continue;
      for (let p = start + 1, end = colPtr[j + 1]; p < end; p++) x[base + rowIdx[p]] -= values[p] * xj;
    }
  }
}

/** Four columns together, so that an entry of L and its place are read once for the four; the same bits. */
function solveLowerFour(
  x: Float64Array,
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  values: Float64Array,
  unit: boolean,
  base: number,
): void {
  const base1 = base + n;
  const base2 = base1 + n;
  const base3 = base2 + n;
  for (let j = 0; j < n; j++) {
    const start = colPtr[j];
    // Division by one changes nothing.
    const pivot = unit ? 1 : values[start];
    const x0 = x[base + j] / pivot;
    const x1 = x[base1 + j] / pivot;
    const x2 = x[base2 + j] / pivot;
    const x3 = x[base3 + j] / pivot;
    x[base + j] = x0;
    x[base1 + j] = x1;
    x[base2 + j] = x2;
    x[base3 + j] = x3;
    if (x0 === 0 && x1 === 0 && x2 === 0 && x3 === 0) continue;
    for (let p = start + 1, end = colPtr[j + 1]; p < end; p++) {
      const i = rowIdx[p];
      const value = values[p];
      x[base + i] -= value * x0;
      x[base1 + i] -= value * x1;
      x[base2 + i] -= value * x2;
      x[base3 + i] -= value * x3;
    }
  }
}

/** x ← L'⁻¹ x; as `solveLowerSimplicialInPlace`. */
export function solveUpperSimplicialInPlace(
  x: Float64Array,
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  values: Float64Array,
  unit: boolean,
  ncols: number,
  offset: number,
): void {
  let c = 0;
  let base = offset;
  for (; c + 4 <= ncols; c += 4, base += 4 * n) {
    solveUpperFour(x, n, colPtr, rowIdx, values, unit, base);
  }
  for (; c < ncols; c++, base += n) {
    for (let j = n - 1; j >= 0; j--) {
      const start = colPtr[j];
      let sum = x[base + j];
      for (let p = start + 1, end = colPtr[j + 1]; p < end; p++) sum -= values[p] * x[base + rowIdx[p]];
      x[base + j] = unit ? sum : sum / values[start];
    }
  }
}

/** As `solveLowerFour`, for L'. */
function solveUpperFour(
  x: Float64Array,
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  values: Float64Array,
  unit: boolean,
  base: number,
): void {
  const base1 = base + n;
  const base2 = base1 + n;
  const base3 = base2 + n;
  for (let j = n - 1; j >= 0; j--) {
    const start = colPtr[j];
    let sum0 = x[base + j];
    let sum1 = x[base1 + j];
    let sum2 = x[base2 + j];
    let sum3 = x[base3 + j];
    for (let p = start + 1, end = colPtr[j + 1]; p < end; p++) {
      const i = rowIdx[p];
      const value = values[p];
      sum0 -= value * x[base + i];
      sum1 -= value * x[base1 + i];
      sum2 -= value * x[base2 + i];
      sum3 -= value * x[base3 + i];
    }
    const pivot = unit ? 1 : values[start];
    x[base + j] = sum0 / pivot;
    x[base1 + j] = sum1 / pivot;
    x[base2 + j] = sum2 / pivot;
    x[base3 + j] = sum3 / pivot;
  }
}
