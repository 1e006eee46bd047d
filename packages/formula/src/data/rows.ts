import { FormulaError } from "../syntax/formula-error";
import type { Span } from "../syntax/span";
import { describeValue, type RowValue, type Value } from "./value";

/** A variable to be checked for missing values: its name in messages and its values. */
export interface CheckedVariable {
  readonly text: string;
  readonly value: RowValue;
  readonly span: Span | null;
}

/** Which rows stay, and what was missing. */
export interface RowSelection {
  /** Increasing positions in the table; null when every row stays. */
  readonly rows: Int32Array | null;
  readonly count: number;
  readonly missing: Record<string, number>;
}

/**
 * Finds the rows of the subset in which no variable is missing.
 * `subset` holds 1 for the rows wanted (NaN counts as not wanted, as in R); null for all.
 * Throws missing-value when `fail` and something is missing. Cost: O(rows · variables).
 */
export function selectRows(
  variables: readonly CheckedVariable[],
  nrows: number,
  subset: Float64Array | null,
  fail: boolean,
): RowSelection {
  // 0 stays, 1 has a missing value, 2 is outside the subset. Made when the first row is to go.
  let state: Uint8Array | null = null;
  if (subset !== null) {
    state = new Uint8Array(nrows);
    for (let i = 0; i < nrows; i++) if (subset[i] !== 1) state[i] = 2;
  }
  const missing: Record<string, number> = Object.create(null);
  for (const { text, value, span } of variables) {
    let count = 0;
    for (const values of arraysOf(value)) {
      let i = values instanceof Int32Array ? nextNegative(values, 0) : nextNaN(values, 0);
      while (i < nrows) {
        state ??= new Uint8Array(nrows);
        if (state[i] !== 2) {
          if (fail) throw missingValue(text, i, span);
          state[i] = 1;
          count++;
        }
        i = values instanceof Int32Array ? nextNegative(values, i + 1) : nextNaN(values, i + 1);
      }
    }
    // A row may be missing in several columns of a matrix; it counts once.
    if (count > 0)
      missing[text] = Math.min(count, value.kind === "matrix" ? rowsMissing(value.columns) : count);
  }
  if (state === null) return { rows: null, count: nrows, missing: {} };
  let kept = 0;
  for (let i = 0; i < nrows; i++) if (state[i] === 0) kept++;
  if (kept === nrows) return { rows: null, count: nrows, missing: {} };
  const rows = new Int32Array(kept);
  let at = 0;
  for (let i = 0; i < nrows; i++) if (state[i] === 0) rows[at++] = i;
  return { rows, count: kept, missing: { ...missing } };
}

// One loop per array type, so that each stays fast.
function nextNaN(values: Float64Array, from: number): number {
  let i = from;
  while (i < values.length && !Number.isNaN(values[i])) i++;
  return i;
}

function nextNegative(codes: Int32Array, from: number): number {
  let i = from;
  while (i < codes.length && codes[i] >= 0) i++;
  return i;
}

function rowsMissing(columns: readonly Float64Array[]): number {
  let count = 0;
  for (let i = 0; i < columns[0].length; i++) if (columns.some((column) => Number.isNaN(column[i]))) count++;
  return count;
}

function missingValue(text: string, row: number, span: Span | null): FormulaError {
  return new FormulaError("missing-value", `missing value: ${text} in row ${row + 1}`, {
    value: row,
    hint: 'naAction is "fail"; "omit" drops such rows',
    span,
  });
}

function arraysOf(value: RowValue): readonly (Float64Array | Int32Array)[] {
  if (value.kind === "factor") return [value.codes];
  return value.kind === "matrix" ? value.columns : [value.values];
}

/** The same value on the selected rows. */
export function takeRows<T extends RowValue>(value: T, rows: Int32Array | null): T {
  if (rows === null) return value;
  if (value.kind === "factor") {
    const codes = new Int32Array(rows.length);
    for (let i = 0; i < rows.length; i++) codes[i] = value.codes[rows[i]];
    return { ...value, codes };
  }
  if (value.kind === "matrix")
    return { ...value, columns: value.columns.map((column) => takeNumbers(column, rows)) };
  return { ...value, values: takeNumbers(value.values, rows) };
}

export function takeNumbers(values: Float64Array, rows: Int32Array | null): Float64Array {
  if (rows === null) return values;
  const out = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]];
  return out;
}

/** Throws infinite-value when a value is infinite; `rows` are the table's positions of the values, null for all. */
export function checkFinite(variable: CheckedVariable, rows: Int32Array | null): void {
  const { value, text, span } = variable;
  if (value.kind === "factor" || value.kind === "logical") return;
  for (const values of arraysOf(value)) {
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      if (v - v === 0 || Number.isNaN(v)) continue;
      const row = (rows === null ? i : rows[i]) + 1;
      throw new FormulaError(
        "infinite-value",
        `infinite value: ${text} is ${v > 0 ? "Inf" : "-Inf"} in row ${row}`,
        {
          value: v,
          hint: "correct the value, or make it missing",
          span,
        },
      );
    }
  }
}

/** A value with one entry per row, or an error that says what it is instead. */
export function requireRows(value: Value, text: string, span: Span | null, nrows: number): RowValue {
  if (value.kind === "vector" && value.values.length === nrows && nrows > 1) {
    return { kind: value.logical ? "logical" : "numeric", values: Float64Array.from(value.values) };
  }
  if (value.kind === "vector" || value.kind === "texts" || value.kind === "null") {
    throw new FormulaError("wrong-type", `constant variable: ${text} is ${describeValue(value)}`, {
      value: text,
      hint: "a variable has one value per row; it must use a column",
      span,
    });
  }
  return value;
}
