import { cholesky, pivotedQr } from "@lmmkit/dense";
import type { ModelColumn, ModelMatrix } from "@lmmkit/formula";
import { LmmError } from "../errors";
import { dotColumns, writeColumn } from "./column-products";
import { keptByElimination } from "./kept-by-elimination";
import { CERTAIN, TOLERANCE } from "./rank-tolerance";
import { eachSparseProduct } from "./sparse-gram";

/** From here on the Cholesky factorization in blocks pays. */
const MANY_COLUMNS = 64;
/** Numbers of X up to which it is written out for a QR factorization; beyond, with many columns, near dependence is decided column by column. */
const MOST_NUMBERS = 2e6;
/** The same for the Gram matrix, several of which are needed later on (2 GB each). */
const MOST_SQUARE = 2.5e8;

/**
 * The columns of X that are kept, increasing: those that do not depend linearly on kept columns before
 * them, by the rule of R's `qr` (LINPACK dqrdc2, tolerance 1e-7), which lme4 applies to X as it stands.
 *
 * A Cholesky factorization of X'X settles clear cases; otherwise a QR factorization of X decides, or, where X
 * written out would not fit in memory, the residuals of the doubtful columns.
 *
 * @throws LmmError `too-large` where X'X would take more than 2 GB
 * Cost: n·p²/2, far less for columns stored sparse, no copy of a column; 2n·p² more and a dense copy of X when a
 * column is nearly dependent.
 */
export function keptColumns(matrix: ModelMatrix): Int32Array {
  const p = matrix.columns.length;
  if (p * p > MOST_SQUARE) {
    throw new LmmError(
      "too-large",
      `too many fixed effects: ${p} columns need about ${Math.ceil((6 * 8 * p * p) / 2 ** 30)} GB`,
      p,
      "make a factor of so many levels a random effect",
    );
  }
  const gram = p < MANY_COLUMNS ? null : gramOf(matrix);
  if (gram === null ? clearlyIndependent(matrix) : clearFactor(gram, matrix)) {
    return Int32Array.from({ length: p }, (_, j) => j);
  }
  const { nrows } = matrix;
  if (gram !== null && nrows * p > MOST_NUMBERS) return keptByElimination(gram, matrix);
  const x = new Float64Array(nrows * p);
  for (let j = 0; j < p; j++) writeColumn(matrix.columns[j], x.subarray(j * nrows, (j + 1) * nrows));
  const { pivot, rank } = pivotedQr(x, nrows, p, TOLERANCE);
  return pivot.slice(0, rank).sort();
}

/** The lower triangle of X'X, p×p, column-major. */
function gramOf(matrix: ModelMatrix): Float64Array {
  const p = matrix.columns.length;
  const gram = new Float64Array(p * p);
  const sparse: number[] = [];
  const columns: Extract<ModelColumn, { kind: "sparse" }>[] = [];
  matrix.columns.forEach((column, j) => {
    if (column.kind !== "sparse") return;
    sparse.push(j);
    columns.push(column);
  });
  eachSparseProduct(columns, matrix.nrows, null, (a, b, value) => {
    gram[sparse[a] * p + sparse[b]] = value;
  });
  for (let j = 0; j < p; j++) {
    for (let i = j; i < p; i++) {
      if (matrix.columns[i].kind === "sparse" && matrix.columns[j].kind === "sparse") continue;
      gram[j * p + i] = dotColumns(matrix.columns[i], matrix.columns[j], matrix.nrows);
    }
  }
  return gram;
}

function clearFactor(gram: Float64Array, { columns, nrows }: ModelMatrix): boolean {
  const p = columns.length;
  if (p > nrows) return false;
  const result = cholesky(gram, p);
  if (result.status !== "ok") return false;
  for (let j = 0; j < p; j++) {
    if (!(result.factor[j * p + j] ** 2 > gram[j * p + j] * CERTAIN * CERTAIN)) return false;
  }
  return true;
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
