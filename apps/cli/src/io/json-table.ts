/** Tables from JSON: a list of records, an object of columns, or one record per line. */
import { CliError } from "../errors";
import type { DataTable, Wanted } from "./data-table";
import type { TableSchema } from "./table-schema";
import { tableFromValues, type ValueColumns } from "./values-column";

/** Reads `[{"y": 1, "g": "a"}, …]` or `{"y": [1, …], "g": ["a", …]}`. */
export function readJsonTable(
  text: string,
  source: string,
  schema: TableSchema | null,
  wanted: Wanted,
): DataTable {
  if (text.trim() === "") throw new CliError("empty-data", `empty data: ${source} is empty`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new CliError("malformed-data", `malformed JSON: ${source} (${(error as Error).message})`);
  }
  if (Array.isArray(json))
    return tableFromValues(columnsOfRecords(json, source, "record"), json.length, source, schema, wanted);
  if (!isRecord(json)) throw notTabular(source);
  const columns = new Map<string, readonly unknown[]>();
  let nrows = -1;
  let first = "";
  for (const [name, values] of Object.entries(json)) {
    if (!Array.isArray(values)) throw notTabular(source);
    if (nrows < 0) {
      nrows = values.length;
      first = name;
    } else if (values.length !== nrows) {
      throw new CliError(
        "ragged-row",
        `unequal columns: ${source}: ${JSON.stringify(name)} has ${values.length} values, ${JSON.stringify(first)} has ${nrows}`,
      );
    }
    columns.set(name, values);
  }
  return tableFromValues(columns, nrows, source, schema, wanted);
}

/** Reads one JSON record per line; blank lines are passed over. */
export function readNdjsonTable(
  text: string,
  source: string,
  schema: TableSchema | null,
  wanted: Wanted,
): DataTable {
  const records: unknown[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    try {
      records.push(JSON.parse(line));
    } catch (error) {
      throw new CliError(
        "malformed-data",
        `malformed JSON: ${source}, line ${i + 1} (${(error as Error).message})`,
      );
    }
  }
  if (records.length === 0) throw new CliError("empty-data", `empty data: ${source} is empty`);
  return tableFromValues(columnsOfRecords(records, source, "line"), records.length, source, schema, wanted);
}

/** Columns in the order in which their names first appear; a record without a name misses that value. */
function columnsOfRecords(
  records: readonly unknown[],
  source: string,
  unit: "record" | "line",
): ValueColumns {
  const columns = new Map<string, unknown[]>();
  for (let i = 0; i < records.length; i++) {
    const record = records[i];
    if (!isRecord(record)) {
      throw new CliError(
        "malformed-data",
        `malformed table: ${source}, ${unit} ${i + 1} is not an object {"column": value}`,
      );
    }
    for (const name of Object.keys(record)) {
      let values = columns.get(name);
      if (values === undefined) {
        values = new Array<unknown>(records.length).fill(null);
        columns.set(name, values);
      }
      values[i] = record[name];
    }
  }
  return columns;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notTabular(source: string): CliError {
  return new CliError(
    "malformed-data",
    `malformed table: ${source} is neither a list of records nor an object of columns`,
    'write [{"y": 1, "g": "a"}, …] or {"y": [1, …], "g": ["a", …]}',
  );
}
