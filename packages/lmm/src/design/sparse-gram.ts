/** A column of which only some rows are not zero; the rows increase. */
export interface SparseColumnView {
  readonly rows: Int32Array;
  readonly values: Float64Array;
}

/**
 * The products of all pairs of many sparse columns, row by row: Σ_r w_r x_ri x_rj, each sum compensated and in the
 * order of the rows.
 *
 * @param weights one per row, or null for 1
 * @param visit called with every pair i ≤ j of positions and its product
 * Cost: Σ over rows of the square of the nonzeros in a row, and p²/2 calls.
 */
export function eachSparseProduct(
  columns: readonly SparseColumnView[],
  nrows: number,
  weights: Float64Array | null,
  visit: (i: number, j: number, value: number) => void,
): void {
  // The same columns by rows; positions increase within a row.
  const start = new Int32Array(nrows + 1);
  for (const { rows } of columns) for (const r of rows) start[r + 1]++;
  for (let r = 0; r < nrows; r++) start[r + 1] += start[r];
  const position = new Int32Array(start[nrows]);
  const entry = new Float64Array(start[nrows]);
  const next = start.slice(0, nrows);
  columns.forEach(({ rows, values }, j) => {
    for (let i = 0; i < rows.length; i++) {
      const at = next[rows[i]]++;
      position[at] = j;
      entry[at] = values[i];
    }
  });
  const sum = new Float64Array(columns.length);
  const lost = new Float64Array(columns.length);
  columns.forEach(({ rows, values }, j) => {
    sum.fill(0, 0, j + 1);
    lost.fill(0, 0, j + 1);
    for (let k = 0; k < rows.length; k++) {
      const r = rows[k];
      for (let at = start[r]; position[at] < j; at++) {
        const i = position[at];
        let value = entry[at] * values[k];
        if (weights !== null) value *= weights[r];
        const total = sum[i] + value;
        lost[i] += Math.abs(sum[i]) >= Math.abs(value) ? sum[i] - total + value : value - total + sum[i];
        sum[i] = total;
      }
      let value = values[k] * values[k];
      if (weights !== null) value *= weights[r];
      const total = sum[j] + value;
      lost[j] += Math.abs(sum[j]) >= value ? sum[j] - total + value : value - total + sum[j];
      sum[j] = total;
    }
    for (let i = 0; i <= j; i++) visit(i, j, sum[i] + lost[i]);
  });
}
