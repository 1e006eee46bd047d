import type { CscMatrix } from "@lmmkit/sparse";
import { invertPermutation } from "@lmmkit/sparse";
import { checkInputMatrix } from "./check-input";
import { CholmodError } from "./errors";
import { carryOver, extendSymbolic, hasPlaces, type Places, positionOf } from "./extend";
import type { FactorState } from "./factor-state";
import { rankOneLDLtInPlace, rankOneLLtInPlace } from "./rank-one";
import { solvePlans } from "./solve-system";
import type { ColumnPattern } from "./symbolic";

/** One column of the right length, in permuted numbers, sorted. */
interface PermutedColumn {
  readonly rows: number[];
  readonly values: number[];
}

/**
 * Takes σ C C' into the factor, a column of C after the other. Stops at the first column that would leave
 * it without positive pivots; for L L' that column is not taken in at all.
 *
 * Where C joins rows that L does not join, the pattern grows (and allocates). Returns −1 or the place of the
 * pivot that failed.
 *
 * @param state a simplicial factor; changed
 * @param matrix C, n rows, in the numbering of A
 * @param sigma 1 or −1
 */
export function modifyByColumns(state: FactorState, matrix: CscMatrix, sigma: 1 | -1): number {
  checkColumns(state, matrix, matrix.ncols);
  const inverse = invertPermutation(state.symbolic.permutation);
  const w = new Float64Array(state.symbolic.n);
  for (let c = 0; c < matrix.ncols; c++) {
    const column = permutedColumn(matrix, c, inverse);
    if (column.rows.length === 0) continue;
    // Eliminating the first row joins all others, so it is enough that its column has them.
    const rest = column.rows.slice(1);
    makeRoom(state, { rows: rest, cols: rest.map(() => column.rows[0]) });
    if (sigma === -1) {
      const bad = downdateFails(state, column);
      if (bad !== -1) return bad;
    }
    column.rows.forEach((i, k) => {
      w[i] = column.values[k];
    });
    const failed = rankOne(state, column.rows[0], w, sigma);
    if (failed !== -1) return failed;
  }
  return -1;
}

/**
 * Makes row and column `index` of A that of the identity. The pattern stays, so the row can be added again.
 * Returns −1 or the place of the pivot that failed (only by overflow).
 *
 * With A in blocks (before, k, behind) the factor of what lies behind changes by + l l' d, where l is column
 * k of L below its diagonal: a rank-one update.
 *
 * Source: Davis & Hager (2005), Row modifications of a sparse Cholesky factorization, SIAM J. Matrix Anal.
 * Appl. 26(3), section 4.
 */
export function deleteRow(state: FactorState, index: number): number {
  const { symbolic, values, type } = state;
  const k = placeOf(state, index);
  const pattern = symbolic.simplicial!;
  const { colPtr, rowIdx } = pattern;
  const w = new Float64Array(symbolic.n);
  const pivot = values[colPtr[k]];
  for (let p = colPtr[k] + 1; p < colPtr[k + 1]; p++) {
    w[rowIdx[p]] = values[p];
    values[p] = 0;
  }
  values[colPtr[k]] = 1;
  forRowEntries(pattern, symbolic.parent, k, (p) => {
    values[p] = 0;
  });
  return rankOne(state, symbolic.parent[k], w, type === "LLt" ? 1 : pivot);
}

/**
 * Puts a row and column into A at `index`, where it has none but the diagonal (as after `deleteRow`).
 * Returns −1 or the place of the pivot that failed; throws "occupied-row", before anything is changed, where A has
 * entries off the diagonal in that row already. It has none just when row and column of L have none.
 *
 * l₁₂ = L₁₁⁻¹ a₁₂ (over D₁₁), d = a₂₂ − l₁₂' D₁₁ l₁₂, l₃₂ = (a₃₂ − L₃₁ D₁₁ l₁₂) / d, and the factor of what
 * lies behind changes by − l₃₂ l₃₂' d.
 *
 * Source: Davis & Hager (2005), SIAM J. Matrix Anal. Appl. 26(3), section 3.
 *
 * @param matrix n × 1: the new column of A, its diagonal entry among the others
 */
export function addRow(state: FactorState, index: number, matrix: CscMatrix): number {
  checkColumns(state, matrix, 1);
  const k = placeOf(state, index);
  checkEmpty(state, k, index);
  const column = permutedColumn(matrix, 0, invertPermutation(state.symbolic.permutation));
  makeRoom(state, {
    rows: column.rows.filter((i) => i !== k).map((i) => Math.max(i, k)),
    cols: column.rows.filter((i) => i !== k).map((i) => Math.min(i, k)),
  });
  const { symbolic, values, type } = state;
  const pattern = symbolic.simplicial!;
  const { colPtr, rowIdx } = pattern;
  const x = new Float64Array(symbolic.n);
  column.rows.forEach((i, c) => {
    x[i] = column.values[c];
  });
  // Forward substitution with the columns that row k of L has: x becomes a₁₂ → D₁₁ l₁₂, and a₃₂ − L₃₁ D₁₁ l₁₂.
  const rowEntries: number[] = [];
  const rowColumns: number[] = [];
  forRowEntries(pattern, symbolic.parent, k, (p, j) => {
    rowEntries.push(p);
    rowColumns.push(j);
  });
  let pivot = x[k];
  for (let c = 0; c < rowColumns.length; c++) {
    const j = rowColumns[c];
    const diagonal = values[colPtr[j]];
    const xj = type === "LLt" ? x[j] / diagonal : x[j];
    const lkj = type === "LLt" ? xj : xj / diagonal;
    for (let p = colPtr[j] + 1; p < colPtr[j + 1]; p++) if (rowIdx[p] !== k) x[rowIdx[p]] -= values[p] * xj;
    pivot -= xj * lkj;
    values[rowEntries[c]] = lkj;
  }
  const unusable = type === "LLt" ? !(pivot > 0) : pivot === 0;
  if (unusable || !Number.isFinite(pivot)) return k;
  const divisor = type === "LLt" ? Math.sqrt(pivot) : pivot;
  const w = new Float64Array(symbolic.n);
  values[colPtr[k]] = divisor;
  for (let p = colPtr[k] + 1; p < colPtr[k + 1]; p++) {
    values[p] = x[rowIdx[p]] / divisor;
    w[rowIdx[p]] = values[p];
  }
  return rankOne(state, symbolic.parent[k], w, type === "LLt" ? -1 : -pivot);
}

function rankOne(state: FactorState, first: number, w: Float64Array, sigma: number): number {
  const { values, symbolic, type } = state;
  const kernel = type === "LLt" ? rankOneLLtInPlace : rankOneLDLtInPlace;
  return kernel(values, symbolic.simplicial!, symbolic.parent, first, w, sigma);
}

/** Whether L L' − w w' has a pivot that is not positive: 1 − |L⁻¹ w|² ≤ 0. Returns its place, or −1. */
function downdateFails(state: FactorState, column: PermutedColumn): number {
  if (state.type === "LDLt") return -1;
  const { n } = state.symbolic;
  const x = new Float64Array(n);
  column.rows.forEach((i, k) => {
    x[i] = column.values[k];
  });
  state.layout.solveInPlace(x, state.values, 1, 0, solvePlans.L);
  let left = 1;
  for (let j = 0; j < n; j++) {
    left -= x[j] * x[j];
    if (!(left > 0)) return j;
  }
  return -1;
}

/** Lets L grow by the places that it does not have. */
function makeRoom(state: FactorState, places: Places): void {
  const pattern = state.symbolic.simplicial!;
  if (hasPlaces(pattern, places)) return;
  const symbolic = extendSymbolic(state.symbolic, places);
  state.replace(symbolic, carryOver(pattern, state.values, symbolic.simplicial!));
}

/** Calls `visit(position, column)` for the entries of row k of L left of the diagonal, by columns. */
function forRowEntries(
  pattern: ColumnPattern,
  parent: Int32Array,
  k: number,
  visit: (position: number, column: number) => void,
): void {
  // Row k has entries only in columns that lie below k in the tree.
  const below = new Uint8Array(k);
  for (let j = k - 1; j >= 0; j--)
    if (parent[j] === k || (parent[j] < k && below[parent[j]] === 1)) below[j] = 1;
  for (let j = 0; j < k; j++) {
    if (below[j] === 0) continue;
    const p = positionOf(pattern, k, j);
    if (p >= 0) visit(p, j);
  }
}

function permutedColumn(matrix: CscMatrix, c: number, inverse: Int32Array): PermutedColumn {
  const entries: [number, number][] = [];
  for (let p = matrix.colPtr[c]; p < matrix.colPtr[c + 1]; p++) {
    entries.push([inverse[matrix.rowIdx[p]], matrix.values[p]]);
  }
  entries.sort((a, b) => a[0] - b[0]);
  return { rows: entries.map((e) => e[0]), values: entries.map((e) => e[1]) };
}

function checkColumns(state: FactorState, matrix: CscMatrix, ncols: number): void {
  const { n } = state.symbolic;
  checkInputMatrix(matrix);
  if (matrix.nrows !== n || matrix.ncols !== ncols) {
    throw new CholmodError(
      "dimension-mismatch",
      "wrong shape of the columns",
      `${matrix.nrows} x ${matrix.ncols}`,
      `need ${n} x ${ncols}`,
    );
  }
  const count = matrix.colPtr[matrix.ncols];
  for (let p = 0; p < count; p++) {
    if (Number.isFinite(matrix.values[p])) continue;
    throw new CholmodError(
      "non-finite-value",
      `non-finite value at entry ${p}`,
      matrix.values[p],
      "every value must be finite",
    );
  }
}

/** Throws unless row and column k of L have nothing but zeros off the diagonal. */
function checkEmpty({ symbolic, values }: FactorState, k: number, index: number): void {
  const pattern = symbolic.simplicial!;
  const { colPtr } = pattern;
  let occupied = false;
  for (let p = colPtr[k] + 1; p < colPtr[k + 1]; p++) if (values[p] !== 0) occupied = true;
  forRowEntries(pattern, symbolic.parent, k, (p) => {
    if (values[p] !== 0) occupied = true;
  });
  if (!occupied) return;
  throw new CholmodError("occupied-row", "occupied row", index, "deleteRow takes out what is there");
}

function placeOf(state: FactorState, index: number): number {
  const { n, permutation } = state.symbolic;
  if (!Number.isInteger(index) || index < 0 || index >= n) {
    throw new CholmodError("invalid-index", "invalid row", index, `rows are 0 to ${n - 1}`);
  }
  return permutation.indexOf(index);
}
