import type { ModelColumn } from "@lmmkit/formula";

type SparseColumn = Extract<ModelColumn, { kind: "sparse" }>;

/** A column written out, one number per row. */
export function writeColumn(column: ModelColumn, out: Float64Array): void {
  if (column.kind === "constant") out.fill(column.value);
  else if (column.kind === "dense") out.set(column.values);
  else {
    out.fill(0);
    for (let i = 0; i < column.rows.length; i++) out[column.rows[i]] = column.values[i];
  }
}

/** a'b over `nrows` rows, whatever the two are stored as; nothing is written out for it. */
export function dotColumns(a: ModelColumn, b: ModelColumn, nrows: number): number {
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

/** y ← y − f a. */
export function subtractColumnInPlace(y: Float64Array, column: ModelColumn, factor: number): void {
  if (factor === 0) return;
  if (column.kind === "sparse") {
    const { rows, values } = column;
    for (let i = 0; i < rows.length; i++) y[rows[i]] -= factor * values[i];
  } else if (column.kind === "constant") {
    const value = factor * column.value;
    for (let r = 0; r < y.length; r++) y[r] -= value;
  } else {
    const { values } = column;
    for (let r = 0; r < y.length; r++) y[r] -= factor * values[r];
  }
}
