/**
 * Columns by kind. A missing value is NaN in numbers and logicals and −1 in a factor's codes.
 */

/** Numbers; NaN is missing. */
export interface NumericColumn {
  readonly kind: "numeric";
  readonly values: Float64Array;
}

/** R's logical: 1 is true, 0 is false, NaN is missing. */
export interface LogicalColumn {
  readonly kind: "logical";
  readonly values: Float64Array;
}

/**
 * A categorical column: for each row the 0-based position of its level, −1 where it is missing.
 * What a reader that knows a column's categories hands over, without decoding it to text.
 */
export interface FactorColumn {
  readonly kind: "factor";
  /** Distinct texts, in the order that codings and groupings follow. */
  readonly levels: readonly string[];
  readonly codes: Int32Array;
  /** Ordered factors get polynomial contrasts by default. */
  readonly ordered: boolean;
}

export type Column = NumericColumn | LogicalColumn | FactorColumn;

/** Number of rows of a column. */
export function columnLength(column: Column): number {
  return column.kind === "factor" ? column.codes.length : column.values.length;
}
