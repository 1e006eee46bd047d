/** A categorical column; −1 is a missing value. The shape that `@lmmkit/formula` takes as it is. */
export interface FactorColumn {
  readonly kind: "factor";
  readonly levels: readonly string[];
  readonly codes: Int32Array;
  readonly ordered: boolean;
}

/** A column as a reader hands it over: numbers (NaN is missing), a factor, true/false/null, or dates. */
export type DataColumn = Float64Array | FactorColumn | readonly (boolean | null)[] | readonly (Date | null)[];

/** A table read from a file. */
export interface DataTable {
  /** By name, in the file's order; an object without prototype, so every name is only a name. */
  readonly columns: Readonly<Record<string, DataColumn>>;
  readonly nrows: number;
  /** Things worth knowing about single columns, shown when a column is used. */
  readonly notes: readonly ColumnNote[];
}

/** One remark about how a column was read. */
export interface ColumnNote {
  /** null: about the table. */
  readonly column: string | null;
  readonly message: string;
}

/** An empty column map that has no inherited names. */
export function emptyColumns(): Record<string, DataColumn> {
  return Object.create(null) as Record<string, DataColumn>;
}

/** The text of each row of a factor, null where missing. */
export function labelsOf(factor: FactorColumn): (string | null)[] {
  return Array.from(factor.codes, (code) => (code < 0 ? null : factor.levels[code]));
}
