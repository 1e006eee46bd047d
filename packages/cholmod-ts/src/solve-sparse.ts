import type { CscMatrix } from "@lmmkit/sparse";
import { invertPermutation } from "@lmmkit/sparse";
import { checkInputMatrix } from "./check-input";
import { CholmodError } from "./errors";
import type { CholeskyFactor } from "./factor";
import type { SolveSystem } from "./solve-system";

/**
 * The solution of one of the systems for a sparse right-hand side, as a sparse matrix whose pattern is what
 * the structure of L allows to be nonzero.
 *
 * L x = b has entries on the paths from the rows of b to the roots of the elimination tree; L' x = b on all
 * rows below a row of b; A x = b on all trees that b touches. Each column is solved densely and the pattern
 * taken out, so the cost is that of dense solves; what is saved is memory.
 *
 * Source: Gilbert (1994), Predicting structure in sparse matrix computations, SIAM J. Matrix Anal. Appl.
 * 15(1), section 3.
 *
 * @param b n × k; not changed
 */
export function solveSparse(factor: CholeskyFactor, b: CscMatrix, system: SolveSystem = "A"): CscMatrix {
  const { n, parent, permutation } = factor.symbolic;
  checkInputMatrix(b);
  if (b.nrows !== n)
    throw new CholmodError("dimension-mismatch", "wrong number of rows of b", b.nrows, `need ${n}`);
  const inverse = invertPermutation(permutation);
  // Rows of b and of x are in A's numbering or in the permuted one, depending on the system.
  const rowsIn = system === "A" || system === "P" ? inverse : null;
  const rowsOut = system === "A" || system === "Pt" ? permutation : null;
  const up = system === "A" || system === "L" || system === "LD" || system === "LDLt";
  const down = system === "A" || system === "Lt" || system === "DLt" || system === "LDLt";
  const x = new Float64Array(n);
  const reached = new Uint8Array(n);
  const colPtr = new Int32Array(b.ncols + 1);
  const rowIdx: number[] = [];
  const values: number[] = [];
  for (let c = 0; c < b.ncols; c++) {
    x.fill(0);
    reached.fill(0);
    for (let p = b.colPtr[c]; p < b.colPtr[c + 1]; p++) {
      x[b.rowIdx[p]] = b.values[p];
      let k = rowsIn === null ? b.rowIdx[p] : rowsIn[b.rowIdx[p]];
      reached[k] = 1;
      if (!up) continue;
      for (k = parent[k]; k !== -1 && reached[k] === 0; k = parent[k]) reached[k] = 1;
    }
    // Parents have larger numbers, so one sweep from the last row passes marks down.
    if (down)
      for (let k = n - 1; k >= 0; k--) if (parent[k] !== -1 && reached[parent[k]] === 1) reached[k] = 1;
    factor.solveInPlace(x, system);
    const rows: number[] = [];
    for (let k = 0; k < n; k++) if (reached[k] === 1) rows.push(rowsOut === null ? k : rowsOut[k]);
    rows.sort((i, j) => i - j);
    for (const i of rows) {
      rowIdx.push(i);
      values.push(x[i]);
    }
    colPtr[c + 1] = rowIdx.length;
  }
  return {
    nrows: n,
    ncols: b.ncols,
    colPtr,
    rowIdx: Int32Array.from(rowIdx),
    values: Float64Array.from(values),
  };
}

/**
 * Chosen columns of (A + βI)⁻¹, n × k, one after the other, in the numbering of A. Cost: k solves.
 *
 * Throws `CholmodError` ("invalid-index") on a column that A does not have.
 */
export function inverseColumns(factor: CholeskyFactor, cols: ArrayLike<number>): Float64Array {
  const { n } = factor.symbolic;
  const out = new Float64Array(n * cols.length);
  for (let c = 0; c < cols.length; c++) {
    if (!Number.isInteger(cols[c]) || cols[c] < 0 || cols[c] >= n) {
      throw new CholmodError("invalid-index", "invalid column", cols[c], `columns are 0 to ${n - 1}`);
    }
    out[cols[c] + c * n] = 1;
  }
  factor.solveInPlace(out, "A", cols.length);
  return out;
}
