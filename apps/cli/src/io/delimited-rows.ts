/**
 * Rows of fields from delimited text (RFC 4180 for commas), strictly: every row has as many
 * fields as the header, quotes close, and each complaint names its line.
 */
import Papa from "papaparse";
import { CliError } from "../errors";
import { decodeUtf8 } from "./utf8";

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/** Bytes parsed at a time: large enough for speed, small enough that rows do not pile up. */
const CHUNK_BYTES = 4 << 20;
/** The first piece is small, so that looking at the first rows costs little. */
const FIRST_CHUNK_BYTES = 1 << 16;

/** Delimited text that was not yet taken apart. */
export interface DelimitedSource {
  /** Name for messages. */
  readonly name: string;
  /** UTF-8 without byte order mark. */
  readonly bytes: Uint8Array;
  readonly delimiter: "," | "\t";
}

/**
 * Calls `onHeader` once and `onRow` for each row after it.
 *
 * `onRow(fields, line)` gets the 1-based line on which the row starts; a row may span lines
 * inside quotes. Blank lines are passed over. `onRow` stops the reading by returning false.
 */
export function readRows(
  source: DelimitedSource,
  onHeader: (fields: readonly string[]) => void,
  onRow: (fields: readonly string[], line: number) => boolean,
): void {
  const { bytes, delimiter, name } = source;
  let width = -1;
  let line = 1;
  for (let start = 0; start < bytes.length; ) {
    const end = chunkEnd(bytes, start, start === 0 ? FIRST_CHUNK_BYTES : CHUNK_BYTES);
    const decoded = decodeUtf8(bytes.subarray(start, end), name, start, line);
    const text = decoded.includes("\r") ? decoded.replace(/\r\n?/g, "\n") : decoded;
    const parsed = Papa.parse<string[]>(text, { delimiter, newline: "\n", skipEmptyLines: false });
    const rows = parsed.data;
    // Text that ends in a newline gives one more row, of one empty field.
    const nrows = isBlank(rows[rows.length - 1]) ? rows.length - 1 : rows.length;
    const quoteErrorRow = parsed.errors.find((error) => error.type === "Quotes")?.row ?? -1;
    for (let i = 0; i < nrows; i++) {
      const fields = rows[i];
      if (i === quoteErrorRow) {
        throw new CliError(
          "malformed-data",
          `malformed quotes: ${name}, line ${line}`,
          'close the quote; a quote inside a quoted field is written twice (""), with nothing between the closing quote and the delimiter',
          line,
        );
      }
      if (!isBlank(fields)) {
        if (width < 0) {
          width = fields.length;
          onHeader(fields);
        } else {
          if (fields.length !== width) refuseRagged(name, line, fields, width);
          if (!onRow(fields, line)) return;
        }
      }
      line += 1 + newlinesInside(fields);
    }
    start = end;
  }
}

function refuseRagged(name: string, line: number, fields: readonly string[], width: number): never {
  const more = fields.length > width;
  throw new CliError(
    "ragged-row",
    `ragged row: ${name}, line ${line} has ${count(fields.length, "field")}, the header has ${width}`,
    more ? "quote fields that contain the delimiter" : "add the missing delimiters or remove the line",
    line,
  );
}

function isBlank(fields: readonly string[]): boolean {
  return fields.length === 1 && fields[0] === "";
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function newlinesInside(fields: readonly string[]): number {
  let lines = 0;
  for (const field of fields) {
    for (let at = field.indexOf("\n"); at >= 0; at = field.indexOf("\n", at + 1)) lines++;
  }
  return lines;
}

/**
 * End of a piece of about `size` bytes from `start` that ends with a whole row: after a
 * newline with an even number of quotes before it. Without such a place, the end of the data.
 */
export function chunkEnd(bytes: Uint8Array, start: number, size: number): number {
  if (bytes.length - start <= size) return bytes.length;
  let inQuotes = false;
  for (
    let at = bytes.indexOf(QUOTE, start);
    at >= 0 && at < start + size;
    at = bytes.indexOf(QUOTE, at + 1)
  ) {
    inQuotes = !inQuotes;
  }
  for (let i = start + size; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) inQuotes = !inQuotes;
    else if (bytes[i] === NEWLINE && !inQuotes) return i + 1;
  }
  return bytes.length;
}
