/**
 * A table as an object of columns of one length: numbers as `Float64Array` with NaN for what is missing, texts as
 * arrays with null.
 *
 * `tableFromArrays(table)` of apache-arrow, `aq.table(table)` of Arquero and `lmm(formula, table)` take it as it is.
 */
export type ColumnTable = Readonly<Record<string, Float64Array | readonly (string | null)[]>>;

/** Number of rows of a table of columns. */
export function rowCount(table: ColumnTable): number {
  const [first] = Object.values(table);
  return first === undefined ? 0 : first.length;
}

/** The rows of a table of columns as objects; NaN becomes null, as JSON would have it. */
export function toRecords(table: ColumnTable): Record<string, number | string | null>[] {
  const columns = Object.entries(table);
  return Array.from({ length: rowCount(table) }, (_, r) =>
    Object.fromEntries(
      columns.map(([name, values]) => {
        const value = values[r];
        return [name, typeof value === "number" && Number.isNaN(value) ? null : value];
      }),
    ),
  );
}

/** A cell that is being gathered; undefined where a row has nothing to say. */
export type Cell = number | string | undefined;

/**
 * Columns from rows: those of `names` that some row has, in that order.
 *
 * @param texts names of the columns that hold texts
 */
export function columnsOf(
  rows: readonly Readonly<Record<string, Cell>>[],
  names: readonly string[],
  texts: ReadonlySet<string>,
): ColumnTable {
  const present = names.filter((name) => rows.some((row) => row[name] !== undefined));
  return Object.fromEntries(
    present.map((name) => {
      if (texts.has(name))
        return [name, rows.map((row) => (row[name] === undefined ? null : String(row[name])))];
      return [name, Float64Array.from(rows, (row) => Number(row[name] ?? Number.NaN))];
    }),
  );
}
