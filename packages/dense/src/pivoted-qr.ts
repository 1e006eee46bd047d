import { checkBlock } from "./errors";

/** A Householder QR factorization with limited column pivoting; see `pivotedQr`. */
export interface PivotedQr {
  readonly nrows: number;
  readonly ncols: number;
  /** Column-major nrows × ncols: R in the upper triangle, the Householder vectors below it. */
  readonly qr: Float64Array;
  /** First entry of each Householder vector, length ncols; 0 where there is none. */
  readonly head: Float64Array;
  /** Column of A that stands at each place: kept columns first in their old order, dropped ones behind. */
  readonly pivot: Int32Array;
  /** How many columns are kept. */
  readonly rank: number;
}

/**
 * A Π = Q R by Householder reflections, moving nearly collinear columns to the end.
 *
 * The columns are taken from left to right. One whose remaining norm (what is left of it orthogonal to the
 * columns already taken) has fallen below `tolerance` times its original norm is moved to the end, and the
 * others close up; so the kept columns are those that R's `lm` and lme4 keep (LINPACK `dqrdc2`, tolerance
 * 1e-7), in the same order. Norms are downdated and computed anew after a large reduction, as R does.
 *
 * Cost 2 ncols² (nrows − ncols / 3) flops.
 *
 * Source: Dongarra, Bunch, Moler & Stewart (1979), LINPACK Users' Guide, chapter 9 (QR with Householder
 * vectors and norm downdating); the limited pivoting is that of R's documentation of `qr`.
 *
 * @param a nrows × ncols, column-major; not changed
 * @param tolerance a column is dropped when its remaining norm is below this share of its norm
 */
export function pivotedQr(a: ArrayLike<number>, nrows: number, ncols: number, tolerance = 1e-7): PivotedQr {
  checkBlock(a.length, 0, nrows, ncols, nrows, "matrix");
  const qr = Float64Array.from({ length: nrows * ncols }, (_, q) => a[q]);
  const head = new Float64Array(ncols);
  const pivot = Int32Array.from({ length: ncols }, (_, j) => j);
  /** Remaining norm of each column, the value it was last computed anew at, and its original norm. */
  const norm = new Float64Array(ncols);
  const original = new Float64Array(ncols);
  for (let j = 0; j < ncols; j++) {
    norm[j] = columnNorm(qr, j * nrows, nrows);
    original[j] = norm[j] === 0 ? 1 : norm[j];
  }

  let kept = ncols;
  const steps = Math.min(nrows, ncols);
  for (let l = 0; l < steps && l < kept; l++) {
    while (l < kept && norm[l] < original[l] * tolerance) {
      moveToEnd(qr, nrows, ncols, l, norm, original, pivot);
      kept--;
    }
    if (l >= kept || l === nrows - 1) break;
    head[l] = reflect(qr, nrows, ncols, l);
    if (head[l] === 0) continue;
    for (let j = l + 1; j < ncols; j++) {
      if (norm[j] === 0) continue;
      const share = Math.abs(qr[l + j * nrows]) / norm[j];
      const left = Math.max(0, 1 - share * share);
      // After a reduction this large the downdated norm would have few correct digits.
      if (left < 1e-6) norm[j] = columnNorm(qr, l + 1 + j * nrows, nrows - l - 1);
      else norm[j] *= Math.sqrt(left);
    }
  }
  return { nrows, ncols, qr, head, pivot, rank: Math.min(kept, nrows) };
}

/** b ← Q' b for each of `count` columns of length nrows. Cost 4 nrows · rank flops per column. */
export function applyQtInPlace(b: Float64Array, factor: PivotedQr, count = 1): void {
  const { nrows, rank } = factor;
  checkBlock(b.length, 0, nrows, count, nrows, "right-hand side");
  for (let c = 0; c < count; c++) {
    for (let l = 0; l < rank; l++) applyReflector(factor, l, b, c * nrows);
  }
}

/** b ← Q b for each of `count` columns of length nrows. */
export function applyQInPlace(b: Float64Array, factor: PivotedQr, count = 1): void {
  const { nrows, rank } = factor;
  checkBlock(b.length, 0, nrows, count, nrows, "right-hand side");
  for (let c = 0; c < count; c++) {
    for (let l = rank - 1; l >= 0; l--) applyReflector(factor, l, b, c * nrows);
  }
}

/** The upper triangle R of the kept columns, rank × rank, column-major, zeros below. */
export function triangleOfQr(factor: PivotedQr): Float64Array {
  const { nrows, rank, qr } = factor;
  const r = new Float64Array(rank * rank);
  for (let j = 0; j < rank; j++) for (let i = 0; i <= j; i++) r[i + j * rank] = qr[i + j * nrows];
  return r;
}

/**
 * The least-squares solution of A x ≈ b on the kept columns: x[j] for every column of A, 0 for dropped ones.
 *
 * @param b length nrows; not changed
 */
export function leastSquares(factor: PivotedQr, b: ArrayLike<number>): Float64Array {
  const { nrows, ncols, rank, qr, pivot } = factor;
  const y = Float64Array.from(b);
  applyQtInPlace(y, factor);
  for (let j = rank - 1; j >= 0; j--) {
    y[j] /= qr[j + j * nrows];
    for (let i = 0; i < j; i++) y[i] -= qr[i + j * nrows] * y[j];
  }
  const x = new Float64Array(ncols);
  for (let j = 0; j < rank; j++) x[pivot[j]] = y[j];
  return x;
}

/** √Σ x², scaled so that it neither overflows nor loses tiny entries. */
function columnNorm(x: Float64Array, offset: number, count: number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const size = Math.abs(x[offset + i]);
    if (!(size <= largest)) largest = size;
  }
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const ratio = x[offset + i] / largest;
    sum += ratio * ratio;
  }
  return largest * Math.sqrt(sum);
}

function moveToEnd(
  qr: Float64Array,
  nrows: number,
  ncols: number,
  from: number,
  norm: Float64Array,
  original: Float64Array,
  pivot: Int32Array,
): void {
  const column = qr.slice(from * nrows, (from + 1) * nrows);
  qr.copyWithin(from * nrows, (from + 1) * nrows, ncols * nrows);
  qr.set(column, (ncols - 1) * nrows);
  for (const list of [norm, original, pivot]) {
    const moved = list[from];
    list.copyWithin(from, from + 1);
    list[ncols - 1] = moved;
  }
}

/**
 * Makes and applies the reflector of column l: H = I − v v' / v_l with v = x / ±‖x‖ + e_l, the sign that of
 * x_l. Returns v_l (0 when the column is zero); R's diagonal entry ∓‖x‖ takes the place of x_l.
 */
function reflect(qr: Float64Array, nrows: number, ncols: number, l: number): number {
  const column = l * nrows;
  const size = columnNorm(qr, column + l, nrows - l);
  if (size === 0) return 0;
  const signed = qr[column + l] < 0 ? -size : size;
  for (let i = l; i < nrows; i++) qr[column + i] /= signed;
  qr[column + l] += 1;
  const head = qr[column + l];
  for (let j = l + 1; j < ncols; j++) {
    const other = j * nrows;
    let sum = 0;
    for (let i = l; i < nrows; i++) sum += qr[column + i] * qr[other + i];
    const t = sum / head;
    for (let i = l; i < nrows; i++) qr[other + i] -= t * qr[column + i];
  }
  qr[column + l] = -signed;
  return head;
}

function applyReflector(factor: PivotedQr, l: number, b: Float64Array, offset: number): void {
  const { nrows, qr, head } = factor;
  if (head[l] === 0) return;
  const column = l * nrows;
  let sum = head[l] * b[offset + l];
  for (let i = l + 1; i < nrows; i++) sum += qr[column + i] * b[offset + i];
  const t = sum / head[l];
  b[offset + l] -= t * head[l];
  for (let i = l + 1; i < nrows; i++) b[offset + i] -= t * qr[column + i];
}
