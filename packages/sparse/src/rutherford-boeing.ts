import type { CscMatrix } from "./csc";
import { SparseError } from "./errors";
import { fromTriplets } from "./triplets";

/** Options of `readRutherfordBoeing`. */
export interface ReadRutherfordBoeingOptions {
  /** Write out both triangles of a symmetric or skew-symmetric file; by default the stored one is kept. */
  readonly expand?: boolean;
}

/** A Fortran format: that many fields to a line, that many characters to a field. */
interface FieldFormat {
  readonly perLine: number;
  readonly width: number;
}

/**
 * Matrix from the text of a Rutherford-Boeing file, or of its predecessor Harwell-Boeing: assembled matrices
 * with real, integer or no values (then ones); symmetric, skew-symmetric, unsymmetric or rectangular. Complex,
 * Hermitian and elemental files are refused; right-hand sides of a Harwell-Boeing file are passed over.
 *
 * Throws `SparseError` ("bad-rutherford-boeing") with the line number on anything that does not follow the
 * format. Cost O(length of the text).
 *
 * Source: Duff, Grimes & Lewis (1997), The Rutherford-Boeing sparse matrix collection, RAL-TR-97-031;
 * (1992), Users' guide for the Harwell-Boeing sparse matrix collection.
 */
export function readRutherfordBoeing(text: string, options: ReadRutherfordBoeingOptions = {}): CscMatrix {
  const lines = text.split(/\r?\n/);
  const counts = wholeNumbers(lines, 1, 4);
  const type = (lines[2] ?? "").slice(0, 3).toLowerCase();
  const shape = /^([riqpc])([suhzr])([ae])$/.exec(type);
  if (shape === null)
    throw malformed(3, "unknown matrix type", type, "need three letters such as rsa, rua or psa");
  const [, field, symmetry, assembled] = shape;
  if (field === "c" || symmetry === "h") {
    throw malformed(3, "unsupported matrix type", type, "complex and Hermitian matrices are not read");
  }
  if (assembled === "e")
    throw malformed(3, "unsupported matrix type", type, "elemental matrices are not read");
  const [nrows, ncols, entries] = wholeNumbers([lines[2].slice(3)], 0, 3, 3);
  const formats = lines[3] ?? "";
  const pointerFormat = parseFormat(formats.slice(0, 16));
  const indexFormat = parseFormat(formats.slice(16, 32));
  // A fifth number on the second line, not zero, means a line about right-hand sides.
  const [, pointerLines, indexLines, valueLines] = counts;
  const rhsLines = Number((lines[1] ?? "").trim().split(/\s+/)[4] ?? 0);
  let line = rhsLines > 0 ? 5 : 4;

  const pointers = readFields(lines, line, pointerFormat, ncols + 1);
  line += pointerLines;
  const indices = readFields(lines, line, indexFormat, entries);
  line += indexLines;
  const hasValues = field !== "p" && valueLines > 0;
  const values = hasValues
    ? readFields(lines, line, parseFormat(formats.slice(32, 52)), entries)
    : new Float64Array(entries).fill(1);

  const expand = options.expand === true && (symmetry === "s" || symmetry === "z");
  const rows: number[] = [];
  const cols: number[] = [];
  const out: number[] = [];
  for (let j = 0; j < ncols; j++) {
    if (!(pointers[j] >= 1 && pointers[j] <= pointers[j + 1] && pointers[j + 1] <= entries + 1)) {
      throw malformed(
        5,
        `invalid pointer of column ${j + 1}`,
        pointers[j],
        `need 1 to ${entries + 1}, never decreasing`,
      );
    }
    for (let p = pointers[j] - 1; p < pointers[j + 1] - 1; p++) {
      const i = indices[p] - 1;
      if (!Number.isInteger(i) || i < 0 || i >= nrows) {
        throw malformed(line, `invalid row in column ${j + 1}`, indices[p], `rows are 1 to ${nrows}`);
      }
      rows.push(i);
      cols.push(j);
      out.push(values[p]);
      if (!expand || i === j) continue;
      rows.push(j);
      cols.push(i);
      out.push(symmetry === "z" ? -values[p] : values[p]);
    }
  }
  return fromTriplets(nrows, ncols, rows, cols, out);
}

/** Fields of fixed width from line `start` (0-based) on; Fortran does not need blanks between them. */
function readFields(
  lines: readonly string[],
  start: number,
  format: FieldFormat,
  count: number,
): Float64Array {
  const out = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const at = start + Math.floor(k / format.perLine);
    const from = (k % format.perLine) * format.width;
    const word = (lines[at] ?? "").slice(from, from + format.width).trim();
    // D for an exponent, or an exponent without a letter: 1.5D+3, 1.5+3.
    const value = Number(word.replace(/[dD]/, "e").replace(/(\d|\.)([+-]\d+)$/, "$1e$2"));
    if (word === "" || Number.isNaN(value)) {
      throw malformed(at + 1, "invalid number", word, `need ${count} numbers, ${format.perLine} to a line`);
    }
    out[k] = value;
  }
  return out;
}

/** (13I6), (5E15.8), (1P,4D20.12), (3(1P,E25.17)): the first count and the width of the edit descriptor. */
function parseFormat(format: string): FieldFormat {
  const body = format
    .trim()
    .toUpperCase()
    .replace(/\d+P,?/g, "");
  const match = /^\((\d*)\(?,?([IEDFG])(\d+)/.exec(body.replace(/\s/g, ""));
  if (match === null)
    throw malformed(4, "unknown Fortran format", format.trim(), "need something like (13I6) or (4D20.12)");
  return { perLine: match[1] === "" ? 1 : Number(match[1]), width: Number(match[3]) };
}

/** The first `count` whole numbers of a line. */
function wholeNumbers(
  lines: readonly string[],
  index: number,
  count: number,
  lineNumber = index + 1,
): number[] {
  const numbers = (lines[index] ?? "").trim().split(/\s+/).slice(0, count).map(Number);
  if (numbers.length < count || numbers.some((x) => !Number.isInteger(x) || x < 0 || x > 0x3fffffff)) {
    throw malformed(lineNumber, "invalid header", (lines[index] ?? "").trim(), `need ${count} whole numbers`);
  }
  return numbers;
}

function malformed(lineNumber: number, what: string, value: unknown, hint: string): SparseError {
  return new SparseError("bad-rutherford-boeing", `line ${lineNumber}: ${what}`, value, hint);
}
