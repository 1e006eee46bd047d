/** Tables from Apache Arrow: IPC files (Feather 2) and streams, plain, LZ4 or Zstandard. */
import {
  type Column,
  CompressionType,
  setCompressionCodec,
  type Table,
  Type,
  tableFromIPC,
} from "@uwdata/flechette";
import { compressors } from "hyparquet-compressors";
import { CliError } from "../errors";
import type { DataColumn, DataTable, FactorColumn, Wanted } from "./data-table";
import { fieldBuilder } from "./field-builder";
import { decodeLz4Frame } from "./lz4-frame";
import type { TableSchema } from "./table-schema";
import { tableFromValues } from "./values-column";

/**
 * Reads the wanted columns. A dictionary of texts is a factor with the dictionary's order of levels,
 * as R and pandas write their categorical columns.
 */
export function readArrowTable(
  bytes: Uint8Array,
  source: string,
  schema: TableSchema | null,
  wanted: Wanted,
): DataTable {
  registerCodecs();
  const values = new Map<string, ArrayLike<unknown>>();
  const factors = new Map<string, FactorColumn>();
  let table: Table;
  try {
    table = tableFromIPC(bytes, { useDate: true, useBigInt: true });
    for (const [j, { name, type }] of table.schema.fields.entries()) {
      const column = table.getChildAt<unknown>(j);
      if (values.has(name)) {
        throw new CliError(
          "duplicate-column",
          `duplicate column name: ${JSON.stringify(name)} in ${source}`,
          "",
          name,
        );
      }
      values.set(name, wanted(name) ? column.toArray() : []);
      if (!wanted(name)) continue;
      const declared = fieldBuilder(schema?.fields.get(name)) !== null;
      if (type.typeId === Type.Dictionary && !declared) {
        const factor = dictionaryFactor(column, type.ordered);
        if (factor !== null) factors.set(name, factor);
      }
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError("malformed-data", `malformed Arrow data: ${source} (${(error as Error).message})`);
  }
  const plain = tableFromValues(values, table.numRows, source, schema, wanted);
  const columns = plain.columns as Record<string, DataColumn>;
  for (const [name, factor] of factors) columns[name] = factor;
  return plain;
}

/** A dictionary of texts as a factor; null for dictionaries of other things. */
function dictionaryFactor(column: Column<unknown>, ordered: boolean): FactorColumn | null {
  const codes = new Int32Array(column.length).fill(-1);
  const codeOf = new Map<string, number>();
  let row = 0;
  for (const batch of column.data) {
    if (!isDictionaryBatch(batch)) return null;
    // Later batches may use a longer dictionary; equal texts share a level.
    const recode = Array.from(batch.dictionary.cache(), (value) => {
      if (typeof value !== "string") return null;
      const code = codeOf.get(value) ?? codeOf.size;
      codeOf.set(value, code);
      return code;
    });
    if (recode.includes(null)) return null;
    for (let i = 0; i < batch.length; i++, row++) {
      if (batch.at(i) !== null) codes[row] = recode[batch.key(i)] as number;
    }
  }
  return { kind: "factor", levels: [...codeOf.keys()], codes, ordered };
}

interface DictionaryBatchLike {
  readonly length: number;
  readonly dictionary: Column<unknown>;
  key(index: number): number;
  at(index: number): unknown;
}

function isDictionaryBatch(batch: unknown): batch is DictionaryBatchLike {
  return typeof batch === "object" && batch !== null && "dictionary" in batch && "key" in batch;
}

function registerCodecs(): void {
  const encode = (): Uint8Array => {
    throw new Error("compression is not supported");
  };
  setCompressionCodec(CompressionType.LZ4_FRAME, { decode: decodeLz4Frame, encode });
  const zstd = compressors.ZSTD;
  if (zstd !== undefined) setCompressionCodec(CompressionType.ZSTD, { decode: zstd, encode });
}
