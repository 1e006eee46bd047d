import { pivotedQr } from "@lmmkit/dense";
import type { ModelColumn, ModelMatrix } from "@lmmkit/formula";

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
 * Cost: n·p²/2, less for columns stored sparse; 2n·p² more and a dense copy of X when a column is nearly
 * dependent.
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
  const scratch = new Float64Array(matrix.nrows);
  const r = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    const column = matrix.columns[j];
    writeColumn(column, scratch);
    for (let i = 0; i <= j; i++) r[j * p + i] = dotColumn(matrix.columns[i], scratch);
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

function dotColumn(column: ModelColumn, other: Float64Array): number {
  let sum = 0;
  if (column.kind === "sparse") {
    for (let i = 0; i < column.rows.length; i++) sum += column.values[i] * other[column.rows[i]];
  } else if (column.kind === "dense") {
    for (let r = 0; r < other.length; r++) sum += column.values[r] * other[r];
  } else {
    for (let r = 0; r < other.length; r++) sum += other[r];
    sum *= column.value;
  }
  return sum;
}
