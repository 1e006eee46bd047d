/** What went wrong, as a stable word that programs may switch on. */
export type DenseErrorCode = "bad-dimension" | "short-array" | "full-workspace" | "no-webassembly";

/** Misuse of a dense routine. The message reads `adjective noun: value; hint`. */
export class DenseError extends Error {
  readonly code: DenseErrorCode;
  /** The offending value. */
  readonly value: unknown;
  /** What to do about it, in one clause. */
  readonly hint: string;

  constructor(code: DenseErrorCode, what: string, value: unknown, hint: string) {
    super(`${what}: ${String(value)}; ${hint}`);
    this.name = "DenseError";
    this.code = code;
    this.value = value;
    this.hint = hint;
  }
}

/** Throws unless `n` is a whole number of at least `least`. */
export function checkSize(n: number, what: string, least = 0): void {
  if (!Number.isInteger(n) || n < least) {
    throw new DenseError("bad-dimension", `invalid ${what}`, n, `need a whole number of at least ${least}`);
  }
}

/** Throws unless a rows × cols block with leading dimension `ld` fits in an array from `offset` on. */
export function checkBlock(
  length: number,
  offset: number,
  rows: number,
  cols: number,
  ld: number,
  what: string,
): void {
  checkSize(rows, `rows of ${what}`);
  checkSize(cols, `columns of ${what}`);
  checkSize(offset, `offset of ${what}`);
  checkSize(ld, `leading dimension of ${what}`, rows);
  const needed = rows === 0 || cols === 0 ? 0 : offset + ld * (cols - 1) + rows;
  if (length < needed) throw new DenseError("short-array", `short ${what}`, length, `need ${needed} numbers`);
}

/** Throws unless a strided rows × cols block, whose strides may be negative, lies within an array. */
export function checkWithin(
  length: number,
  offset: number,
  rows: number,
  rowStride: number,
  cols: number,
  colStride: number,
  what: string,
): void {
  if (rows <= 0 || cols <= 0) return;
  const down = (rows - 1) * rowStride;
  const across = (cols - 1) * colStride;
  const first = offset + Math.min(0, down) + Math.min(0, across);
  const last = offset + Math.max(0, down) + Math.max(0, across);
  // Written so that NaN and fractions fail too.
  if (first >= 0 && last < length && Number.isInteger(first) && Number.isInteger(last)) return;
  throw new DenseError("short-array", `short ${what}`, length, `need numbers ${first} to ${last}`);
}
