import { pivotedQr } from "@lmmkit/dense";
import type { ModelColumn, ModelMatrix } from "@lmmkit/formula";

type SparseColumn = Extract<ModelColumn, { kind: "sparse" }>;

/** R's tolerance: a column whose part outside the columns before it is shorter than this share of it. */
const TOLERANCE = 1e-7;

/** Below this share the Gram matrix has too few digits left to decide, and a QR of X itself is asked. */
const CERTAIN = 1e-4;

/**
 * The columns of X that are kept, increasing: those that do not depend linearly on kept columns before
 * them, by the rule of R's `qr` (LINPACK dqrdc2, tolerance 1e-7), which lme4 applies to X as it stands.
 *
 * A Cholesky factorization of X'X settles clear cases; otherwise a QR factorization of X decides.
 *
 * Cost: n·p²/2, less for columns stored sparse, no copy of a column; 2n·p² more and a dense copy of X when a
 * column is nearly dependent.
 */
export function keptColumns(matrix: ModelMatrix): Int32Array {
  const p = matrix.columns.length;
  if (clearlyIndependent(matrix)) return Int32Array.from({ length: p }, (_, j) => j);
  const { nrows } = matrix;
  const x = new Float64Array(nrows * p);
  for (let j = 0; j < p; j++) writeColumn(matrix.columns[j], x.subarray(j * nrows, (j + 1) * nrows));
  const { pivot, rank } = pivotedQr(x, nrows, p, TOLERANCE);
  return pivot.slice(0, rank).sort();
}

function clearlyIndependent(matrix: ModelMatrix): boolean {
  const p = matrix.columns.length;
  if (p > matrix.nrows) return false;
  const r = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    for (let i = 0; i <= j; i++)
      r[j * p + i] = dotColumns(matrix.columns[i], matrix.columns[j], matrix.nrows);
    const whole = r[j * p + j];
    for (let i = 0; i < j; i++) {
      let value = r[j * p + i];
      for (let k = 0; k < i; k++) value -= r[i * p + k] * r[j * p + k];
      r[j * p + i] = value / r[i * p + i];
    }
    let rest = whole;
    for (let k = 0; k < j; k++) rest -= r[j * p + k] * r[j * p + k];
    if (!(rest > whole * CERTAIN * CERTAIN)) return false;
    r[j * p + j] = Math.sqrt(rest);
  }
  return true;
}

function writeColumn(column: ModelColumn, out: Float64Array): void {
  if (column.kind === "constant") out.fill(column.value);
  else if (column.kind === "dense") out.set(column.values);
  else {
    out.fill(0);
    for (let i = 0; i < column.rows.length; i++) out[column.rows[i]] = column.values[i];
  }
}

/** a'b over `nrows` rows, whatever the two are stored as; nothing is written out for it. */
function dotColumns(a: ModelColumn, b: ModelColumn, nrows: number): number {
  if (a.kind === "sparse") return b.kind === "sparse" ? dotSparse(a, b) : sumOfSparse(a, b);
  if (b.kind === "sparse") return sumOfSparse(b, a);
  if (a.kind === "constant")
    return b.kind === "constant" ? nrows * a.value * b.value : a.value * sum(b.values);
  return b.kind === "constant" ? b.value * sum(a.values) : dotDense(a.values, b.values);
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let r = 0; r < values.length; r++) total += values[r];
  return total;
}

function dotDense(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let r = 0; r < a.length; r++) total += a[r] * b[r];
  return total;
}

function sumOfSparse(a: SparseColumn, b: Exclude<ModelColumn, SparseColumn>): number {
  if (b.kind === "constant") return b.value * sum(a.values);
  let total = 0;
  for (let i = 0; i < a.rows.length; i++) total += a.values[i] * b.values[a.rows[i]];
  return total;
}

/** The rows of both increase, so one walk along them meets every common row. */
function dotSparse(a: SparseColumn, b: SparseColumn): number {
  let total = 0;
  let j = 0;
  for (let i = 0; i < a.rows.length; i++) {
    const row = a.rows[i];
    while (j < b.rows.length && b.rows[j] < row) j++;
    if (j < b.rows.length && b.rows[j] === row) total += a.values[i] * b.values[j];
  }
  return total;
}
