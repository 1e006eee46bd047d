/**
 * How the generated files in `data/` hold a table (written by `scripts/export-datasets.R`).
 *
 * Codes and whole numbers are packed into as few bits as their largest value needs, lowest bit
 * first, and the bytes written in base64: five ratings take 3 bits a row, and the 73,421 × 7 values
 * of InstEval less than 300 kB of source text.
 *
 * Example: codes 0 1 2 3 at width 2 are the bits 00 10 01 11 (each lowest bit first), that is the
 * byte 0b11100100 = 0xe4, in base64 `5A==`.
 */
import type { Column } from "./dataset";

/** Non-negative integers, `width` bits each (1 … 31). */
export interface PackedIntegers {
  readonly width: number;
  readonly base64: string;
  /** Where present, `base64` holds one value per run of equal values and this the lengths, one byte each. */
  readonly runs?: string;
}

/** One column as the generated files hold it. */
export type StoredColumn =
  | { readonly kind: "numbers"; readonly values: readonly number[] }
  | { readonly kind: "integers"; readonly offset: number; readonly values: PackedIntegers }
  | {
      readonly kind: "factor";
      readonly ordered: boolean;
      /** The levels, or for levels that count up by one the first and how many. */
      readonly levels: readonly string[] | { readonly first: number; readonly count: number };
      readonly codes: PackedIntegers;
    };

/** A table as the generated files hold it; every column decodes to `nrows` values. */
export interface StoredTable {
  readonly nrows: number;
  readonly columns: Readonly<Record<string, StoredColumn>>;
}

/** Decodes every column. Cost: linear in the number of values. */
export function decodeTable(stored: StoredTable): Record<string, Column> {
  const table: Record<string, Column> = {};
  for (const [name, column] of Object.entries(stored.columns))
    table[name] = decodeColumn(column, stored.nrows);
  return table;
}

function decodeColumn(column: StoredColumn, nrows: number): Column {
  if (column.kind === "numbers") return Float64Array.from(column.values);
  if (column.kind === "integers") {
    const values = new Float64Array(nrows);
    const whole = unpackIntegers(column.values, nrows);
    for (let i = 0; i < nrows; i++) values[i] = whole[i] + column.offset;
    return values;
  }
  const { levels } = column;
  return {
    kind: "factor",
    levels: "count" in levels ? countingLevels(levels.first, levels.count) : levels,
    codes: unpackIntegers(column.codes, nrows),
    ordered: column.ordered,
  };
}

function countingLevels(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(first + i));
}

/**
 * The first `count` integers of `packed`.
 *
 * Cost: linear in `count`.
 */
export function unpackIntegers(packed: PackedIntegers, count: number): Int32Array {
  if (packed.runs === undefined) return unpackBits(bytesOf(packed.base64), packed.width, count);
  const lengths = bytesOf(packed.runs);
  const values = unpackBits(bytesOf(packed.base64), packed.width, lengths.length);
  const out = new Int32Array(count);
  for (let run = 0, at = 0; run < lengths.length; run++) {
    out.fill(values[run], at, at + lengths[run]);
    at += lengths[run];
  }
  return out;
}

function unpackBits(bytes: Uint8Array, width: number, count: number): Int32Array {
  const out = new Int32Array(count);
  for (let i = 0, bit = 0; i < count; i++, bit += width) {
    // `have` counts the bits of this value gathered so far; it starts negative where the value
    // begins inside a byte. Bits past bit 31 fall off the shift and were not wanted anyway.
    let value = 0;
    let byte = bit >>> 3;
    let have = -(bit & 7);
    while (have < width) {
      value |= have < 0 ? bytes[byte] >>> -have : bytes[byte] << have;
      byte++;
      have += 8;
    }
    out[i] = value & (2 ** width - 1);
  }
  return out;
}

function bytesOf(base64: string): Uint8Array {
  // atob is the one base64 decoder that browsers and Node ≥ 16 share.
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
