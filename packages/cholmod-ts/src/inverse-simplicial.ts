/** Work space of `inverseSimplicialInto`. */
export class SimplicialInverseWorkspace {
  /** One column of L spread out; zero between calls. */
  readonly column: Float64Array;
  readonly sums: Float64Array;

  constructor(n: number) {
    this.column = new Float64Array(n);
    this.sums = new Float64Array(n);
  }
}

/** Looking one row up costs about as much as walking past this many. */
const SEARCH = 16;

/**
 * The entries of Z = (L L')⁻¹, or (L D L')⁻¹, on the pattern of L, from the last column to the first.
 *
 * Column j needs only what is known by then: z_ij = −Σ_k z_ik l_kj / l_jj and
 * z_jj = (1 / l_jj − Σ_k l_kj z_kj) / l_jj (with l_jj = 1 and 1 / d_j first for L D L'), the sums over the entries l_kj below the diagonal; all z_ik that
 * occur lie on the pattern, because the rows of a column of L are adjacent to each other in L.
 * Allocates nothing. Cost Σ over the entries l_kj of the length of column k, less where that is much longer than
 * column j.
 *
 * Source: Takahashi, Fagan & Chin (1973), Formation of a sparse bus impedance matrix, 8th PICA Conf.;
 * Erisman & Tinney (1975), On computing certain elements of the inverse of a sparse matrix, CACM 18(3).
 *
 * @param values L on its pattern, the diagonal (or D) first in each column
 * @param unit whether the diagonal of L is one and D stands in its place
 * @param out lower triangle of Z on the same pattern; overwritten
 */
export function inverseSimplicialInto(
  values: Float64Array,
  n: number,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  unit: boolean,
  work: SimplicialInverseWorkspace,
  out: Float64Array,
): void {
  const { column, sums } = work;
  for (let j = n - 1; j >= 0; j--) {
    const start = colPtr[j];
    const end = colPtr[j + 1];
    const ljj = unit ? 1 : values[start];
    for (let p = start + 1; p < end; p++) {
      column[rowIdx[p]] = values[p];
      sums[rowIdx[p]] = 0;
    }
    for (let p = start + 1; p < end; p++) {
      const k = rowIdx[p];
      const lkj = values[p];
      const first = colPtr[k];
      const last = colPtr[k + 1];
      let sum = out[first] * lkj;
      if (SEARCH * (end - p) < last - first) {
        // Column k is much longer than what is left of column j: its rows are looked up. All of them are there.
        let from = first + 1;
        for (let r = p + 1; r < end; r++) {
          const i = rowIdx[r];
          let to = last;
          while (to - from > 1) {
            const middle = (from + to) >>> 1;
            if (rowIdx[middle] <= i) from = middle;
            else to = middle;
          }
          sums[i] += out[from] * lkj;
          sum += out[from] * values[r];
          from++;
        }
      } else {
        for (let q = first + 1; q < last; q++) {
          const i = rowIdx[q];
          // Rows that are not in column j have l_ij = 0, and their sums are not read.
          sums[i] += out[q] * lkj;
          sum += out[q] * column[i];
        }
      }
      sums[k] += sum;
    }
    let dot = 0;
    for (let p = start + 1; p < end; p++) {
      const z = -sums[rowIdx[p]] / ljj;
      out[p] = z;
      dot += values[p] * z;
      column[rowIdx[p]] = 0;
    }
    out[start] = (1 / values[start] - dot) / ljj;
  }
}
