/** Tables from Parquet files (flat columns; snappy, gzip, brotli, zstd and lz4). */
import { type ColumnData, parquetMetadata, parquetRead, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { CliError } from "../errors";
import type { DataTable, Wanted } from "./data-table";
import type { TableSchema } from "./table-schema";
import { tableFromValues } from "./values-column";

/** Reads the wanted columns of the file. */
export async function readParquetTable(
  bytes: Uint8Array,
  source: string,
  schema: TableSchema | null,
  wanted: Wanted,
): Promise<DataTable> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const columns = new Map<string, ArrayLike<unknown>>();
  let nrows = 0;
  const chunks: ColumnData[] = [];
  try {
    const metadata = parquetMetadata(buffer);
    nrows = Number(metadata.num_rows);
    for (const child of parquetSchema(metadata).children) columns.set(child.element.name, []);
    const file = {
      byteLength: buffer.byteLength,
      slice: (start: number, end?: number) => buffer.slice(start, end),
    };
    const names = [...columns.keys()].filter(wanted);
    // An empty list would mean every column.
    if (names.length > 0)
      await parquetRead({
        file,
        metadata,
        compressors,
        columns: names,
        onChunk: (chunk) => chunks.push(chunk),
      });
  } catch (error) {
    throw new CliError("malformed-data", `malformed Parquet: ${source} (${(error as Error).message})`);
  }
  for (const name of columns.keys()) if (wanted(name)) columns.set(name, joinChunks(chunks, name, nrows));
  return tableFromValues(columns, nrows, source, schema, wanted);
}

/** The chunks of one column, which may arrive in any order, as one array. */
function joinChunks(chunks: readonly ColumnData[], name: string, nrows: number): ArrayLike<unknown> {
  const own = chunks.filter((chunk) => chunk.columnName === name);
  if (own.every((chunk) => chunk.columnData instanceof Float64Array)) {
    const values = new Float64Array(nrows).fill(Number.NaN);
    for (const { columnData, rowStart } of own) values.set(columnData as Float64Array, rowStart);
    return values;
  }
  const values = new Array<unknown>(nrows).fill(null);
  for (const { columnData, rowStart } of own) {
    for (let i = 0; i < columnData.length; i++) values[rowStart + i] = columnData[i];
  }
  return values;
}
