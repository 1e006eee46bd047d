import type { StoredTable } from "./stored-table";
import { decodeTable } from "./stored-table";

/**
 * A categorical column: for each row the position of its level.
 *
 * The shape is that of `FactorColumn` in `@lmmkit/formula`, so a table of these columns goes into
 * a model as it is.
 */
export interface FactorColumn {
  readonly kind: "factor";
  readonly levels: readonly string[];
  /** Length nrows; `levels[codes[i]]` is the value of row i, −1 would be a missing value. */
  readonly codes: Int32Array;
  /** True when the order of `levels` means something (R's `ordered`). */
  readonly ordered: boolean;
}

/** A column of a bundled table: numbers, or a factor. */
export type Column = Float64Array | FactorColumn;

/** What a column holds. */
export interface ColumnInfo {
  readonly name: string;
  /** `integer` columns hold whole numbers; `ordered` is a factor whose levels have an order. */
  readonly kind: "number" | "integer" | "factor" | "ordered";
  readonly description: string;
  /** Unit of a measured quantity; absent for counts, codes and factors. */
  readonly unit?: string;
}

/** Everything about a data set but its values. */
export interface DatasetInfo<Name extends string = string> {
  /** R's name for it, also the name of the subpath: `@lmmkit/datasets/sleepstudy`. */
  readonly name: Name;
  readonly title: string;
  /** What was observed, and how. */
  readonly description: string;
  /** The package that the values come from. */
  readonly source: string;
  /** The publications to cite. */
  readonly citation: string;
  readonly nrows: number;
  readonly columns: readonly ColumnInfo[];
  /** A linear mixed model to begin with, in R's formula language. */
  readonly example: string;
}

/** A data set with its values. `Columns` names the columns and says which are factors. */
export interface Dataset<
  Columns extends Readonly<Record<string, Column>> = Readonly<Record<string, Column>>,
  Name extends string = string,
> extends DatasetInfo<Name> {
  /**
   * The columns by name, each of length `nrows`. Decoded on first access and the same object from
   * then on: copy a column before writing to it.
   */
  readonly table: Columns;
}

/**
 * Joins what is known of a data set with its stored values, which are decoded when `table` is
 * first read.
 *
 * Cost: nothing until then; then linear in rows × columns, tens of milliseconds for InstEval.
 */
export function defineDataset<Columns extends Readonly<Record<string, Column>>, Name extends string>(
  info: DatasetInfo<Name>,
  stored: StoredTable,
): Dataset<Columns, Name> {
  let table: Columns | undefined;
  return {
    ...info,
    get table() {
      table ??= decodeTable(stored) as Columns;
      return table;
    },
  };
}
