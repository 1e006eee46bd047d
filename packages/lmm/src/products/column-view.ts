import type { ModelColumn } from "@lmmkit/formula";

/**
 * A design column less a shift, never copied: row r is `constant` when `values` is null, else
 * `values[r] − shift`. Sparse columns are written out once.
 */
export interface ColumnView {
  readonly values: Float64Array | null;
  readonly shift: number;
  readonly constant: number;
}

/** The view of a column of `nrows` rows, shifted if it is dense. */
export function columnView(column: ModelColumn, nrows: number, shift: number): ColumnView {
  if (column.kind === "constant") return { values: null, shift: 0, constant: column.value };
  if (column.kind === "dense") return { values: column.values, shift, constant: 0 };
  const values = new Float64Array(nrows);
  for (let i = 0; i < column.rows.length; i++) values[column.rows[i]] = column.values[i];
  return { values, shift, constant: 0 };
}

/**
 * A number near the mean of the values with at most 24 significant bits, so that subtracting it from
 * data with few digits is exact.
 */
export function centre(values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const total = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    sum = total;
  }
  const mean = Math.fround((sum + lost) / values.length);
  return Number.isFinite(mean) ? mean : 0;
}
