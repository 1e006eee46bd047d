/** Columns from values that already have types: JSON, Parquet, Arrow. */
import { CliError } from "../errors";
import { type ColumnBuilder, TextBuilder } from "./column-builders";
import {
  type ColumnNote,
  type DataColumn,
  type DataTable,
  emptyColumns,
  unreadColumn,
  type Wanted,
} from "./data-table";
import { checkSchemaNames, fieldBuilder, invalidValueError } from "./field-builder";
import type { SchemaField, TableSchema } from "./table-schema";

/** Columns by name, each an array of values, null or undefined where missing. */
export type ValueColumns = ReadonlyMap<string, ArrayLike<unknown>>;

/** Turns columns of values into a table; `nrows` must be the length of each. */
export function tableFromValues(
  columns: ValueColumns,
  nrows: number,
  source: string,
  schema: TableSchema | null,
  wanted: Wanted,
): DataTable {
  if (columns.size === 0) throw new CliError("empty-data", `empty data: ${source} has no columns`);
  if (nrows === 0) throw new CliError("no-rows", `empty data: ${source} has columns and no rows`);
  if (schema !== null) checkSchemaNames(schema, [...columns.keys()], source);
  const out = emptyColumns();
  const notes: ColumnNote[] = [];
  const unread = unreadColumn(nrows);
  for (const [name, values] of columns) {
    if (name === "") throw new CliError("empty-column-name", `empty column name: in ${source}`);
    if (!wanted(name)) {
      out[name] = unread;
      continue;
    }
    const field = schema?.fields.get(name);
    const builder = fieldBuilder(field);
    out[name] =
      schema !== null && field !== undefined && builder !== null
        ? declaredColumn(values, builder, schema, field, source)
        : columnFromValues(values, name, source, notes);
  }
  return { columns: out, nrows, notes };
}

function declaredColumn(
  values: ArrayLike<unknown>,
  builder: ColumnBuilder,
  schema: TableSchema,
  field: SchemaField,
  source: string,
): DataColumn {
  const missing = new Set(schema.missingValues);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissing(value) || (typeof value === "string" && missing.has(value))) builder.pushMissing();
    else {
      const text = typeof value === "object" ? JSON.stringify(value) : String(value);
      if (typeof value === "object" || !builder.push(text)) {
        throw invalidValueError(source, schema, field, text, `row ${i + 1}`);
      }
    }
  }
  return builder.finish();
}

/**
 * The column that the values make: numbers and big integers are numbers, texts a factor,
 * true and false booleans, dates dates. Throws `CliError` where kinds mix.
 *
 * @param notes gets a remark when integers are too large for binary64
 */
export function columnFromValues(
  values: ArrayLike<unknown>,
  name: string,
  source: string,
  notes: ColumnNote[],
): DataColumn {
  if (values instanceof Float64Array) return values;
  const kind = kindOfColumn(values, name, source);
  if (kind === "text") {
    const builder = new TextBuilder();
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (isMissing(value)) builder.pushMissing();
      else builder.push(value as string);
    }
    return builder.finish();
  }
  if (kind === "boolean")
    return Array.from(values, (value) => (isMissing(value) ? null : (value as boolean)));
  if (kind === "date") return Array.from(values, (value) => (isMissing(value) ? null : (value as Date)));
  return numberColumn(values, name, notes);
}

function numberColumn(values: ArrayLike<unknown>, name: string, notes: ColumnNote[]): DataColumn {
  const numbers = new Float64Array(values.length);
  let unsafe = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const number = isMissing(value) ? Number.NaN : Number(value);
    numbers[i] = number;
    if (Number.isInteger(number) && !Number.isSafeInteger(number)) unsafe = i;
  }
  if (unsafe < 0) return numbers;
  if (typeof values[unsafe] === "bigint") {
    // Labels, in all likelihood: as numbers two of them could become one.
    const builder = new TextBuilder();
    for (let i = 0; i < values.length; i++) {
      if (isMissing(values[i])) builder.pushMissing();
      else builder.push(String(values[i]));
    }
    return builder.finish();
  }
  const message = `column ${JSON.stringify(name)} has integers beyond 2^53, which are rounded; write labels as text`;
  notes.push({ column: name, message });
  return numbers;
}

type ColumnKind = "number" | "boolean" | "text" | "date";

function kindOfColumn(values: ArrayLike<unknown>, name: string, source: string): ColumnKind {
  if (ArrayBuffer.isView(values)) return "number";
  let kind: ColumnKind | null = null;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissing(value)) continue;
    const found = kindOfValue(value);
    if (found === null) {
      throw new CliError(
        "invalid-value",
        `invalid value: column ${JSON.stringify(name)}, row ${i + 1} of ${source} is a list or an object`,
        "a column holds numbers, texts, or true and false",
      );
    }
    if (kind === null) kind = found;
    else if (kind !== found) {
      throw new CliError(
        "mixed-types",
        `mixed types: column ${JSON.stringify(name)} of ${source} has ${kind} values and, in row ${i + 1}, ${found}: ${JSON.stringify(String(value))}`,
        "a column holds one kind of value",
      );
    }
  }
  return kind ?? "number";
}

function kindOfValue(value: unknown): ColumnKind | null {
  if (typeof value === "number" || typeof value === "bigint") return "number";
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "boolean";
  return value instanceof Date ? "date" : null;
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
}
