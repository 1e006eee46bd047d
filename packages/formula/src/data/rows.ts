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
  const drop = new Uint8Array(nrows);
  let kept = nrows;
  const mark = (i: number) => {
    if (drop[i] === 0) {
      drop[i] = 1;
      kept--;
    }
  };
  const outside = subset === null ? null : new Uint8Array(nrows);
  if (subset !== null && outside !== null) {
    for (let i = 0; i < nrows; i++) {
      if (subset[i] === 1) continue;
      outside[i] = 1;
      mark(i);
    }
  }
  const missing: Record<string, number> = Object.create(null);
  for (const { text, value, span } of variables) {
    let count = 0;
    for (const values of arraysOf(value)) {
      const codes = value.kind === "factor";
      for (let i = 0; i < nrows; i++) {
        const absent = codes ? values[i] < 0 : Number.isNaN(values[i]);
        if (!absent || outside?.[i] === 1) continue;
        if (fail) {
          throw new FormulaError("missing-value", `missing value: ${text} in row ${i + 1}`, {
            value: i,
            hint: 'naAction is "fail"; "omit" drops such rows',
            span,
          });
        }
        count++;
        mark(i);
      }
      // A matrix variable counts the rows of its first column that has any.
      if (count > 0) {
        if (value.kind === "matrix") continue;
        break;
      }
    }
    if (count > 0) missing[text] = count;
  }
  if (kept === nrows) return { rows: null, count: nrows, missing: { ...missing } };
  const rows = new Int32Array(kept);
  let at = 0;
  for (let i = 0; i < nrows; i++) if (drop[i] === 0) rows[at++] = i;
  return { rows, count: kept, missing: { ...missing } };
}

function arraysOf(value: RowValue): readonly ArrayLike<number>[] {
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
