import type { ColumnView } from "./column-view";
import { dot } from "./sums";
import type { Views } from "./views";

/** X̃'X̃, p×p, column-major, both triangles. */
export function fixedProducts(views: Views, n: number): Float64Array {
  const p = views.fixed.length;
  const xtx = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    for (let i = 0; i <= j; i++) {
      const rows = views.fixedRows[i] ?? views.fixedRows[j];
      const value =
        rows === null
          ? dot(n, views.fixed[i], views.fixed[j], views.weights)
          : dotRows(rows, views.fixed[i], views.fixed[j], views.weights);
      xtx[j * p + i] = value;
      xtx[i * p + j] = value;
    }
  }
  return xtx;
}

/** Σ over some rows of w a b; the products are 0 in all others. */
function dotRows(rows: Int32Array, a: ColumnView, b: ColumnView, weights: Float64Array | null): number {
  let sum = 0;
  let lost = 0;
  for (const r of rows) {
    let value =
      (a.values === null ? a.constant : a.values[r] - a.shift) *
      (b.values === null ? b.constant : b.values[r] - b.shift);
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
      for (const r of rows) y[r] -= column.values[r] * b[j];
    } else {
      for (let r = 0; r < y.length; r++) y[r] -= (column.values[r] - column.shift) * b[j];
    }
  });
}
