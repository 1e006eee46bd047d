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
  /** By name, in the file's order, unwanted ones as `unreadColumn`; an object without prototype, so every name is only a name. */
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

/** Which columns the caller will look at; the others need only their names. */
export type Wanted = (name: string) => boolean;

/** Wants every column. */
export const everyColumn: Wanted = () => true;

/**
 * What stands for a column that is not wanted: a factor without levels, all missing. It keeps the
 * name known, for messages that list or suggest names, and costs next to nothing.
 */
export function unreadColumn(nrows: number): FactorColumn {
  return { kind: "factor", levels: [], codes: new Int32Array(nrows).fill(-1), ordered: false };
}

/** An empty column map that has no inherited names. */
export function emptyColumns(): Record<string, DataColumn> {
  return Object.create(null) as Record<string, DataColumn>;
}

/** The text of each row of a factor, null where missing. */
export function labelsOf(factor: FactorColumn): (string | null)[] {
  return Array.from(factor.codes, (code) => (code < 0 ? null : factor.levels[code]));
}
