import type { CscMatrix } from "./csc";
import { SparseError } from "./errors";
import { fromTriplets } from "./triplets";

/** The banner and size line of a Matrix Market file. */
export interface MatrixMarketHeader {
  readonly format: "coordinate" | "array";
  readonly field: "real" | "integer" | "pattern";
  readonly symmetry: "general" | "symmetric" | "skew-symmetric";
  readonly nrows: number;
  readonly ncols: number;
  /** Entries that the file stores. */
  readonly entries: number;
  /** Comment lines, without their leading `%`. */
  readonly comments: readonly string[];
}

/** Options of `readMatrixMarket`. */
export interface ReadMatrixMarketOptions {
  /** Write out both triangles of a symmetric or skew-symmetric file; by default the stored one is kept. */
  readonly expand?: boolean;
}

/**
 * Matrix from the text of a Matrix Market file: coordinate or array; real, integer or pattern (ones);
 * general, symmetric or skew-symmetric. Complex and Hermitian files are refused.
 *
 * Duplicate coordinates are summed. Throws `SparseError` ("bad-matrix-market") with the line number on
 * anything that does not follow the format. Cost O(length of the text).
 *
 * Source: Boisvert, Pozo & Remington (1996), The Matrix Market exchange formats, NISTIR 5935.
 */
export function readMatrixMarket(text: string, options: ReadMatrixMarketOptions = {}): CscMatrix {
  const reader = new LineReader(text);
  const header = readHeader(reader);
  const { format, field, symmetry, nrows, ncols, entries } = header;
  const expand = options.expand === true && symmetry !== "general";
  const sign = symmetry === "skew-symmetric" ? -1 : 1;
  const capacity = expand ? 2 * entries : entries;
  const rows = new Int32Array(capacity);
  const cols = new Int32Array(capacity);
  const values = new Float64Array(capacity);
  let size = 0;
  const push = (i: number, j: number, x: number) => {
    if (symmetry === "skew-symmetric" && i === j) {
      throw malformed(
        reader,
        "diagonal entry of a skew-symmetric matrix",
        i + 1,
        "its diagonal is zero and not stored",
      );
    }
    rows[size] = i;
    cols[size] = j;
    values[size++] = x;
    if (!expand || i === j) return;
    rows[size] = j;
    cols[size] = i;
    values[size++] = sign * x;
  };

  if (format === "coordinate") {
    const wanted = field === "pattern" ? 2 : 3;
    for (let t = 0; t < entries; t++) {
      const words = reader.words();
      if (words === null) {
        throw malformed(reader, "missing entries after", t, `the size line announces ${entries}`);
      }
      if (words.length !== wanted) {
        throw malformed(reader, "wrong number of fields", words.length, `each entry has ${wanted}`);
      }
      const i = wholeNumber(reader, words[0], 1, nrows, "row") - 1;
      const j = wholeNumber(reader, words[1], 1, ncols, "column") - 1;
      push(i, j, field === "pattern" ? 1 : realNumber(reader, words[2]));
    }
  } else {
    const skip = symmetry === "skew-symmetric" ? 1 : 0;
    for (let j = 0; j < ncols; j++) {
      for (let i = symmetry === "general" ? 0 : j + skip; i < nrows; i++) {
        const words = reader.words();
        if (words === null)
          throw malformed(reader, "missing entries after", size, `the size line announces ${entries}`);
        if (words.length !== 1)
          throw malformed(reader, "wrong number of fields", words.length, "each entry has 1");
        const x = realNumber(reader, words[0]);
        if (x !== 0) push(i, j, x);
      }
    }
  }
  const extra = reader.words();
  if (extra !== null)
    throw malformed(reader, "unexpected text", extra.join(" "), `the size line announces ${entries} entries`);
  return fromTriplets(nrows, ncols, rows.subarray(0, size), cols.subarray(0, size), values.subarray(0, size));
}

/** Only the banner, the comments and the size line of a Matrix Market file. Failure as `readMatrixMarket`. */
export function readMatrixMarketHeader(text: string): MatrixMarketHeader {
  return readHeader(new LineReader(text));
}

function readHeader(reader: LineReader): MatrixMarketHeader {
  const banner = (reader.line() ?? "").trim().split(/\s+/);
  if (
    banner.length !== 5 ||
    banner[0].toLowerCase() !== "%%matrixmarket" ||
    banner[1].toLowerCase() !== "matrix"
  ) {
    throw malformed(
      reader,
      "missing banner",
      banner.join(" "),
      "need %%MatrixMarket matrix <format> <field> <symmetry>",
    );
  }
  const [format, field, symmetry] = banner.slice(2).map((word) => word.toLowerCase());
  if (format !== "coordinate" && format !== "array") {
    throw malformed(reader, "unknown format", format, "need coordinate or array");
  }
  if (field === "double") return readSize(reader, format, "real", symmetry);
  if (field !== "real" && field !== "integer" && field !== "pattern") {
    throw malformed(reader, "unsupported field", field, "need real, integer or pattern");
  }
  if (field === "pattern" && format === "array") {
    throw malformed(reader, "unsupported field", field, "an array file has real or integer values");
  }
  return readSize(reader, format, field, symmetry);
}

function readSize(
  reader: LineReader,
  format: MatrixMarketHeader["format"],
  field: MatrixMarketHeader["field"],
  symmetry: string,
): MatrixMarketHeader {
  if (symmetry !== "general" && symmetry !== "symmetric" && symmetry !== "skew-symmetric") {
    throw malformed(reader, "unsupported symmetry", symmetry, "need general, symmetric or skew-symmetric");
  }
  const comments: string[] = [];
  const words = reader.words(comments);
  const wanted = format === "coordinate" ? 3 : 2;
  if (words === null || words.length !== wanted) {
    throw malformed(
      reader,
      "invalid size line",
      words?.join(" ") ?? "",
      `a ${format} file has ${wanted} numbers here`,
    );
  }
  const nrows = wholeNumber(reader, words[0], 0, 0x7ffffffe, "number of rows");
  const ncols = wholeNumber(reader, words[1], 0, 0x7ffffffe, "number of columns");
  if (symmetry !== "general" && nrows !== ncols) {
    throw malformed(
      reader,
      "non-square symmetric matrix",
      `${nrows} x ${ncols}`,
      "symmetric matrices are square",
    );
  }
  let entries: number;
  if (format === "coordinate") entries = wholeNumber(reader, words[2], 0, 0x3fffffff, "number of entries");
  else if (symmetry === "general") entries = nrows * ncols;
  else entries = (nrows * (nrows + (symmetry === "symmetric" ? 1 : -1))) / 2;
  return { format, field, symmetry, nrows, ncols, entries, comments };
}

/** Hands out the lines of a text one by one, without splitting it into an array of lines first. */
class LineReader {
  lineNumber = 0;
  private position = 0;
  constructor(private readonly text: string) {}

  line(): string | null {
    if (this.position >= this.text.length) return null;
    let end = this.text.indexOf("\n", this.position);
    if (end < 0) end = this.text.length;
    const line = this.text.slice(this.position, end);
    this.position = end + 1;
    this.lineNumber++;
    return line;
  }

  /** The words of the next line that is neither blank nor a comment; comments are collected if asked. */
  words(comments?: string[]): string[] | null {
    for (;;) {
      const line = this.line();
      if (line === null) return null;
      if (line.startsWith("%")) comments?.push(line.slice(1).trim());
      else if (line.trim() !== "") return line.trim().split(/\s+/);
    }
  }
}

function wholeNumber(reader: LineReader, word: string, low: number, high: number, what: string): number {
  const value = Number(word);
  if (!Number.isInteger(value) || value < low || value > high) {
    throw malformed(reader, `invalid ${what}`, word, `need a whole number from ${low} to ${high}`);
  }
  return value;
}

function realNumber(reader: LineReader, word: string): number {
  // Fortran writers use D for the exponent.
  const value = Number(word.replace(/[dD]/, "e"));
  if (Number.isFinite(value)) return value;
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(word);
  if (special === null) throw malformed(reader, "invalid number", word, "need a real number");
  if (special[2].toLowerCase() === "nan") return Number.NaN;
  return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function malformed(reader: LineReader, what: string, value: unknown, hint: string): SparseError {
  return new SparseError("bad-matrix-market", `line ${reader.lineNumber}: ${what}`, value, hint);
}
