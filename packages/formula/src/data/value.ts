import type { ContrastSpec } from "../schema/contrasts";
import type { FactorColumn, LogicalColumn, NumericColumn } from "./column";

/** A factor that a call made. */
export interface FactorValue extends FactorColumn {
  readonly contrasts?: ContrastSpec;
  /** Made by `as.character()`: a number again by what it says, not by its code. */
  readonly text?: boolean;
}

/** Several numeric columns that one variable makes, as `poly(x, 2)` does. */
export interface MatrixValue {
  readonly kind: "matrix";
  readonly columns: readonly Float64Array[];
  /** Suffixes of the column names; null for 1, 2, …. */
  readonly names: readonly string[] | null;
}

/** Numbers (or logicals) that do not depend on the rows: `3`, `c(1, 2)`. */
export interface VectorValue {
  readonly kind: "vector";
  readonly values: readonly number[];
  readonly logical: boolean;
}

/** Texts that do not depend on the rows. */
export interface TextsValue {
  readonly kind: "texts";
  readonly values: readonly string[];
}

export interface NullValue {
  readonly kind: "null";
}

/** What an expression evaluates to: something with one entry per row, or a constant. */
export type Value = RowValue | VectorValue | TextsValue | NullValue;

/** A value with one entry per row of the table. */
export type RowValue = NumericColumn | LogicalColumn | FactorValue | MatrixValue;

/** What a value is, in words, for messages. */
export function describeValue(value: Value): string {
  switch (value.kind) {
    case "numeric":
      return "a number column";
    case "logical":
      return "a logical column";
    case "factor":
      return value.ordered ? "an ordered factor" : "a factor";
    case "matrix":
      return `a matrix of ${value.columns.length} columns`;
    case "vector":
      return value.values.length === 1 ? "a number" : "a vector of numbers";
    case "texts":
      return value.values.length === 1 ? "a text" : "a vector of texts";
    case "null":
      return "NULL";
  }
}

/** Numbers as a column. */
export const numeric = (values: Float64Array): NumericColumn => ({ kind: "numeric", values });
/** Zeros, ones and NaN as a logical column. */
export const logical = (values: Float64Array): LogicalColumn => ({ kind: "logical", values });
/** Constants. */
export const vector = (values: readonly number[], isLogical = false): VectorValue => ({
  kind: "vector",
  values,
  logical: isLogical,
});
