/**
 * A table from delimited text.
 *
 * Types are guessed from the first rows and taken back when a later row contradicts: the text
 * is then read again with that column as text, so that a column is never half one thing and
 * half another. With a schema nothing is guessed, and a value that does not fit is an error.
 */
import { CliError } from "../errors";
import { BooleanBuilder, type ColumnBuilder, NumberBuilder, TextBuilder } from "./column-builders";
import {
  type ColumnNote,
  type DataTable,
  emptyColumns,
  type FactorColumn,
  unreadColumn,
  type Wanted,
} from "./data-table";
import { type DelimitedSource, readRows } from "./delimited-rows";
import { checkSchemaNames, fieldBuilder, invalidValueError } from "./field-builder";
import { isInexactInteger, parseBoolean, parseNumber } from "./number-text";
import type { TableSchema } from "./table-schema";

type GuessedType = "number" | "boolean" | "text";

/** Rows looked at before the types of columns are guessed. */
const GUESS_ROWS = 1000;

/** Texts that stand for a missing value when no schema says otherwise. */
const DEFAULT_MISSING: readonly string[] = ["", "NA"];

/**
 * Reads the table; throws `CliError` for everything that is wrong with the text. Of columns that
 * are not wanted only the number of fields is checked.
 */
export function readDelimitedTable(
  source: DelimitedSource,
  schema: TableSchema | null,
  wanted: Wanted,
): DataTable {
  const missing = new Set(schema?.missingValues ?? DEFAULT_MISSING);
  const layout = readLayout(source, schema, missing);
  const notes: ColumnNote[] = [];
  if (layout.rowNames) {
    notes.push({
      column: null,
      message: `the first column of ${source.name} has no name; it was taken for row names and left out`,
    });
  }
  for (;;) {
    const builders = layout.names.map((name, j) =>
      wanted(name) ? (fieldBuilder(schema?.fields.get(name)) ?? guessedBuilder(layout.types[j])) : null,
    );
    const contradiction = fill(source, schema, layout, builders, missing);
    if (contradiction === null) {
      const columns = emptyColumns();
      const unread = unreadColumn(layout.nrows);
      for (let j = 0; j < builders.length; j++) {
        const name = layout.names[j];
        const column = builders[j]?.finish() ?? unread;
        columns[name] = column;
        if (fieldBuilder(schema?.fields.get(name)) === null && "kind" in column)
          notes.push(...strayTextNotes(name, column));
      }
      return { columns, nrows: layout.nrows, notes };
    }
    layout.types[contradiction] = "text";
  }
}

/** A remark on a column of numbers that a few other texts turned into a factor. */
function strayTextNotes(name: string, column: FactorColumn): ColumnNote[] {
  const strays = column.levels.filter((level) => parseNumber(level) === null);
  if (strays.length === 0 || strays.length > 3 || column.levels.length < strays.length + 5) return [];
  const shown = strays
    .map((level) => JSON.stringify(level.length > 40 ? `${level.slice(0, 40)}…` : level))
    .join(", ");
  const message = `column ${JSON.stringify(name)} was read as text because of ${shown}; all its other values are numbers`;
  return [{ column: name, message }];
}

interface Layout {
  readonly names: readonly string[];
  /** Fields to skip at the start of a row: 1 when the first column holds row names. */
  readonly rowNames: boolean;
  readonly types: GuessedType[];
  nrows: number;
}

function readLayout(
  source: DelimitedSource,
  schema: TableSchema | null,
  missing: ReadonlySet<string>,
): Layout {
  let names: string[] = [];
  let rowNames = false;
  let candidates: Set<GuessedType>[] = [];
  let headerOnly = true;
  let rowsLeft = GUESS_ROWS;
  const onHeader = (fields: readonly string[]) => {
    names = fields.map((field) => field.trim());
    rowNames = names.length > 1 && names[0] === "";
    if (rowNames) names = names.slice(1);
    checkNames(names, source, rowNames ? 2 : 1);
    candidates = names.map(() => new Set<GuessedType>(["number", "boolean"]));
  };
  readRows(source, onHeader, (fields) => {
    headerOnly = false;
    for (let j = 0; j < names.length; j++) {
      const text = fields[rowNames ? j + 1 : j];
      if (candidates[j].size === 0 || missing.has(text)) continue;
      const value = parseNumber(text);
      if (value === null || isInexactInteger(text, value)) candidates[j].delete("number");
      if (parseBoolean(text) === null) candidates[j].delete("boolean");
    }
    return --rowsLeft > 0;
  });
  if (names.length === 0) {
    throw new CliError(
      "empty-data",
      `empty data: ${source.name} has no header`,
      "the first line names the columns",
    );
  }
  if (headerOnly) {
    throw new CliError("no-rows", `empty data: ${source.name} has a header and no rows`);
  }
  if (schema !== null) checkSchemaNames(schema, names, source.name);
  const types = candidates.map(
    (set): GuessedType => (set.has("number") ? "number" : set.has("boolean") ? "boolean" : "text"),
  );
  return { names, rowNames, types, nrows: 0 };
}

/** Fills the builders; the first column that does not fit its guessed type, or null when all fit. */
function fill(
  source: DelimitedSource,
  schema: TableSchema | null,
  layout: Layout,
  builders: readonly (ColumnBuilder | null)[],
  missing: ReadonlySet<string>,
): number | null {
  const shift = layout.rowNames ? 1 : 0;
  let contradiction: number | null = null;
  let nrows = 0;
  readRows(
    source,
    () => {},
    (fields, line) => {
      nrows++;
      for (let j = 0; j < builders.length; j++) {
        const builder = builders[j];
        if (builder === null) continue;
        const text = fields[j + shift];
        if (missing.has(text)) builder.pushMissing();
        else if (!builder.push(text)) {
          const field = schema?.fields.get(layout.names[j]);
          if (schema !== null && field !== undefined && fieldBuilder(field) !== null) {
            throw invalidValueError(source.name, schema, field, text, `row ${nrows} (line ${line})`);
          }
          contradiction = j;
          return false;
        }
      }
      return true;
    },
  );
  layout.nrows = nrows;
  return contradiction;
}

function guessedBuilder(type: GuessedType): ColumnBuilder {
  if (type === "number") return new NumberBuilder();
  return type === "boolean" ? new BooleanBuilder() : new TextBuilder();
}

function checkNames(names: readonly string[], source: DelimitedSource, firstPosition: number): void {
  if (names.length === 1 && /[;|\t]/.test(names[0])) {
    const found = /;/.test(names[0]) ? '";"' : /\|/.test(names[0]) ? '"|"' : "tabs";
    throw new CliError(
      "malformed-data",
      `unexpected delimiter: ${source.name} seems to be separated by ${found}`,
      "use commas and decimal points in .csv, tabs in .tsv",
    );
  }
  const seen = new Set<string>();
  for (const [j, name] of names.entries()) {
    if (name === "") {
      throw new CliError(
        "empty-column-name",
        `empty column name: ${source.name}, column ${firstPosition + j}`,
        "give every column a name in the first line",
      );
    }
    if (seen.has(name)) {
      throw new CliError(
        "duplicate-column",
        `duplicate column name: ${JSON.stringify(name)} in ${source.name}`,
        "give every column a name of its own",
        name,
      );
    }
    seen.add(name);
  }
}
