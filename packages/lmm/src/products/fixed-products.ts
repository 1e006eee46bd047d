import { eachSparseProduct } from "../design/sparse-gram";
import type { ColumnView } from "./column-view";
import { dot } from "./sums";
import type { Views } from "./views";

/** X̃'X̃, p×p, column-major, both triangles. */
export function fixedProducts(views: Views, n: number): Float64Array {
  const p = views.fixed.length;
  const xtx = new Float64Array(p * p);
  const sparse = Array.from({ length: p }, (_, j) => j).filter((j) => views.fixedRows[j] !== null);
  const byRows = sparse.length >= MANY_COLUMNS;
  if (byRows) {
    const columns = sparse.map((j) => ({
      rows: views.fixedRows[j] ?? NO_ROWS,
      values: views.fixed[j].values ?? NONE,
    }));
    eachSparseProduct(columns, n, views.weights, (a, b, value) => {
      xtx[sparse[b] * p + sparse[a]] = value;
      xtx[sparse[a] * p + sparse[b]] = value;
    });
  }
  for (let j = 0; j < p; j++) {
    for (let i = 0; i <= j; i++) {
      if (byRows && views.fixedRows[i] !== null && views.fixedRows[j] !== null) continue;
      const value = dotFixed(views, i, j, n);
      xtx[j * p + i] = value;
      xtx[i * p + j] = value;
    }
  }
  return xtx;
}

/** The product of two columns of X̃. */
function dotFixed(views: Views, i: number, j: number, n: number): number {
  const [left, right] = [views.fixedRows[i], views.fixedRows[j]];
  const [a, b] = [views.fixed[i], views.fixed[j]];
  if (left !== null && right !== null) return dotSparse(left, a, right, b, views.weights);
  if (left !== null) return dotRows(left, a, b, views.weights);
  if (right !== null) return dotRows(right, b, a, views.weights);
  return dot(n, a, b, views.weights);
}

/** From this many sparse columns on their products are formed row by row. */
const MANY_COLUMNS = 64;
const NONE = new Float64Array(0);
const NO_ROWS = new Int32Array(0);

/** Σ w a b over the rows where a, which holds their values alone, is not zero. */
function dotRows(rows: Int32Array, a: ColumnView, b: ColumnView, weights: Float64Array | null): number {
  const values = a.values ?? NONE;
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i];
    let value = values[i] * (b.values === null ? b.constant : b.values[r] - b.shift);
    if (weights !== null) value *= weights[r];
    const total = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    sum = total;
  }
  return sum + lost;
}

/** Σ w a b over the rows where neither is zero: one walk along both. */
function dotSparse(
  left: Int32Array,
  a: ColumnView,
  right: Int32Array,
  b: ColumnView,
  weights: Float64Array | null,
): number {
  const u = a.values ?? NONE;
  const v = b.values ?? NONE;
  let sum = 0;
  let lost = 0;
  let j = 0;
  for (let i = 0; i < left.length && j < right.length; i++) {
    const r = left[i];
    while (j < right.length && right[j] < r) j++;
    if (j === right.length || right[j] !== r) continue;
    let value = u[i] * v[j];
    if (weights !== null) value *= weights[r];
    const total = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    sum = total;
  }
  return sum + lost;
}

/** X̃'y. */
export function timesFixed(views: Views, y: ColumnView, n: number): Float64Array {
  return Float64Array.from(views.fixed, (column, j) => {
    const rows = views.fixedRows[j];
    return rows === null ? dot(n, column, y, views.weights) : dotRows(rows, column, y, views.weights);
  });
}

/** y ← y − X̃b. */
export function subtractFixedInPlace(y: Float64Array, views: Views, b: Float64Array): void {
  views.fixed.forEach((column, j) => {
    const rows = views.fixedRows[j];
    if (column.values === null) {
      for (let r = 0; r < y.length; r++) y[r] -= column.constant * b[j];
    } else if (rows !== null) {
      for (let i = 0; i < rows.length; i++) y[rows[i]] -= column.values[i] * b[j];
    } else {
      for (let r = 0; r < y.length; r++) y[r] -= (column.values[r] - column.shift) * b[j];
    }
  });
}
