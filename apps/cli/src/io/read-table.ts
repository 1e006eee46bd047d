/** A table from whatever DATA names: a file, standard input, or a bundled data set. */
import { CliError } from "../errors";
import { suggestName } from "../nearest";
import type { CliIo } from "./cli-io";
import { type DataFormat, dataFormat } from "./data-format";
import { type DataColumn, type DataTable, emptyColumns, everyColumn, type Wanted } from "./data-table";
import { declareColumns, type OrderedDeclaration } from "./declared-columns";
import { gunzip, readFileBytes, readFileText, readStdinBytes } from "./read-bytes";
import { parseTableSchema, type TableSchema } from "./table-schema";
import { decodeUtf8, refuseBinary, withoutByteOrderMark } from "./utf8";

/** What the user says about the table, besides where it is. */
export interface TableOptions {
  /** Path of a Frictionless Table Schema. */
  readonly schema?: string;
  /** Columns to take as factors. */
  readonly factor: readonly string[];
  /** Columns to take as ordered factors, with their levels. */
  readonly ordered: readonly OrderedDeclaration[];
  /** Columns that will be looked at; default: every one. */
  readonly wanted?: Wanted;
}

const BUNDLED = "dataset:";

/**
 * Reads the table that `data` names: a path, `-` for CSV on standard input, or `dataset:NAME`.
 *
 * Readers of formats other than text are loaded only when needed.
 * @throws CliError with a message for the person who typed the command
 */
export async function readTable(data: string, options: TableOptions, io: CliIo): Promise<DataTable> {
  const schema =
    options.schema === undefined
      ? null
      : parseTableSchema(readFileText(options.schema, "schema file", io), options.schema);
  const table = data.startsWith(BUNDLED)
    ? await readBundled(data.slice(BUNDLED.length), schema)
    : await readBytesOf(data, schema, options.wanted ?? everyColumn, io);
  return declareColumns(table, options.factor, options.ordered);
}

async function readBytesOf(
  data: string,
  schema: TableSchema | null,
  wanted: Wanted,
  io: CliIo,
): Promise<DataTable> {
  if (data === "-") return readFormat("csv", await readStdinBytes(io), "standard input", schema, wanted);
  // A missing file deserves its own message before an odd extension does.
  const stored = readFileBytes(data, "data file", io);
  const { format, gzip } = dataFormat(data);
  return readFormat(format, gzip ? gunzip(stored, data) : stored, data, schema, wanted);
}

async function readFormat(
  format: DataFormat,
  bytes: Uint8Array,
  source: string,
  schema: TableSchema | null,
  wanted: Wanted,
): Promise<DataTable> {
  if (bytes.length === 0) {
    throw new CliError("empty-data", `empty data: ${source} has no bytes`);
  }
  switch (format) {
    case "parquet":
      return (await import("./parquet-table")).readParquetTable(bytes, source, schema, wanted);
    case "arrow":
      return (await import("./arrow-table")).readArrowTable(bytes, source, schema, wanted);
  }
  refuseBinary(bytes, source);
  const text = withoutByteOrderMark(bytes);
  switch (format) {
    case "json":
      return (await import("./json-table")).readJsonTable(decodeUtf8(text, source), source, schema, wanted);
    case "ndjson":
      return (await import("./json-table")).readNdjsonTable(decodeUtf8(text, source), source, schema, wanted);
    default: {
      const { readDelimitedTable } = await import("./delimited-table");
      return readDelimitedTable(
        { name: source, bytes: text, delimiter: format === "tsv" ? "\t" : "," },
        schema,
        wanted,
      );
    }
  }
}

async function readBundled(name: string, schema: TableSchema | null): Promise<DataTable> {
  const { datasets, loadDataset } = await import("@lmmkit/datasets");
  const known = datasets.find((info) => info.name === name);
  if (known === undefined)
    throw unknownDataset(
      name,
      datasets.map((info) => info.name),
    );
  if (schema !== null) {
    throw new CliError(
      "usage",
      `needless option: --schema with ${BUNDLED}${name}`,
      "a bundled data set has its types",
    );
  }
  const dataset = await loadDataset(known.name);
  const columns = emptyColumns();
  for (const [column, values] of Object.entries(dataset.table)) columns[column] = values as DataColumn;
  return { columns, nrows: dataset.nrows, notes: [] };
}

/** The error for a bundled data set that does not exist. */
export function unknownDataset(name: string, names: readonly string[]): CliError {
  return new CliError(
    "unknown-dataset",
    `unknown data set: ${JSON.stringify(name)}`,
    suggestName(name, names, "data sets"),
    name,
  );
}
