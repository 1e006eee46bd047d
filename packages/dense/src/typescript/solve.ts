import type { PackingWorkspace } from "../workspace";
import { subtractProduct } from "./product";

/** Unknowns that are solved for directly before their products are subtracted from the others. */
const panelWidth = 48;
/** With fewer right-hand sides than this, packing the coefficients costs more than it saves. */
const fewest = 4;

/**
 * M x = b for every right-hand side, in place and in plain TypeScript, for triangular M:
 * x_i = (b_i − m_ij x_j − m_ik x_k − …) / m_ii, subtracted one after the other, in increasing order of the
 * unknowns for lower triangular M, decreasing for upper.
 *
 * @param x entry i of right-hand side r at `xOffset + r · xRow + i · xCol`; overwritten. One stride is 1
 * @param m coefficient (i, j) at `mOffset + i · mRow + j · mCol`. One stride is 1
 * @param columns right-hand sides are columns: xCol is 1
 * @param backward M is upper triangular
 * @param work without it nothing is packed, which is slower and gives the same bits
 */
export function solveTriangular(
  x: Float64Array,
  xOffset: number,
  xRow: number,
  xCol: number,
  count: number,
  m: Float64Array,
  mOffset: number,
  mRow: number,
  mCol: number,
  n: number,
  columns: boolean,
  backward: boolean,
  work: PackingWorkspace | undefined,
): void {
  const sign = backward ? -1 : 1;
  const step = work === undefined || count < fewest ? n : panelWidth;
  for (let k = 0; k < n; k += step) {
    const width = Math.min(step, n - k);
    const first = backward ? n - 1 - k : k;
    const diagonal = mOffset + first * (mRow + mCol);
    const known = xOffset + first * xCol;
    const down = sign * mRow;
    const across = sign * mCol;
    const next = sign * xCol;
    if (!columns) solveRows(x, known, next, count, m, diagonal, down, across, width);
    else if (mRow === 1) solveByColumns(x, known, xRow, next, count, m, diagonal, down, across, width);
    else solveByRows(x, known, xRow, next, count, m, diagonal, down, across, width);
    const rest = n - k - width;
    if (rest === 0 || work === undefined) continue;
    const low = backward ? 0 : k + width;
    const c = xOffset + low * xCol;
    const a = mOffset + low * mRow + first * mCol;
    if (columns) {
      subtractProduct(
        x,
        c,
        xRow,
        rest,
        count,
        width,
        1,
        m,
        a,
        mRow,
        across,
        x,
        known,
        xRow,
        next,
        false,
        true,
        work,
      );
    } else {
      subtractProduct(
        x,
        c,
        xCol,
        count,
        rest,
        width,
        1,
        x,
        known,
        xRow,
        next,
        m,
        a,
        mRow,
        across,
        false,
        true,
        work,
      );
    }
  }
}

/** Right-hand sides are rows, so that the innermost loop runs along a column of X. */
function solveRows(
  x: Float64Array,
  xOffset: number,
  xCol: number,
  count: number,
  m: Float64Array,
  mOffset: number,
  mRow: number,
  mCol: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const to = xOffset + i * xCol;
    const row = mOffset + i * mRow;
    for (let j = 0; j < i; j++) {
      const from = xOffset + j * xCol;
      const mij = m[row + j * mCol];
      for (let r = 0; r < count; r++) x[to + r] -= x[from + r] * mij;
    }
    const mii = m[row + i * mCol];
    for (let r = 0; r < count; r++) x[to + r] /= mii;
  }
}

/** M is stored by columns: what is known is subtracted from all that follows. */
function solveByColumns(
  x: Float64Array,
  xOffset: number,
  xRow: number,
  xCol: number,
  count: number,
  m: Float64Array,
  mOffset: number,
  mRow: number,
  mCol: number,
  n: number,
): void {
  for (let r = 0; r < count; r++) {
    const base = xOffset + r * xRow;
    for (let j = 0; j < n; j++) {
      const column = mOffset + j * mCol;
      const xj = x[base + j * xCol] / m[column + j * mRow];
      x[base + j * xCol] = xj;
      for (let i = j + 1, at = base + i * xCol, mt = column + i * mRow; i < n; i++, at += xCol, mt += mRow) {
        x[at] -= m[mt] * xj;
      }
    }
  }
}

/** M is stored by rows: all that is known is subtracted from one unknown after the other. */
function solveByRows(
  x: Float64Array,
  xOffset: number,
  xRow: number,
  xCol: number,
  count: number,
  m: Float64Array,
  mOffset: number,
  mRow: number,
  mCol: number,
  n: number,
): void {
  for (let r = 0; r < count; r++) {
    const base = xOffset + r * xRow;
    for (let i = 0; i < n; i++) {
      let mt = mOffset + i * mRow;
      let sum = x[base + i * xCol];
      for (let j = 0, at = base; j < i; j++, at += xCol, mt += mCol) sum -= m[mt] * x[at];
      x[base + i * xCol] = sum / m[mt];
    }
  }
}
