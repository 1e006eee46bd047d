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
  if (!isSize(n, least)) throw badSize(n, what, least);
}

/**
 * Throws unless a rows × cols block with leading dimension `ld` fits in an array from `offset` on. The names
 * of what is wrong are put together only then, so that a check allocates nothing.
 */
export function checkBlock(
  length: number,
  offset: number,
  rows: number,
  cols: number,
  ld: number,
  what: string,
): void {
  if (!isSize(rows, 0)) throw badSize(rows, `rows of ${what}`, 0);
  if (!isSize(cols, 0)) throw badSize(cols, `columns of ${what}`, 0);
  if (!isSize(offset, 0)) throw badSize(offset, `offset of ${what}`, 0);
  if (!isSize(ld, rows)) throw badSize(ld, `leading dimension of ${what}`, rows);
  const needed = rows === 0 || cols === 0 ? 0 : offset + ld * (cols - 1) + rows;
  if (length < needed) throw new DenseError("short-array", `short ${what}`, length, `need ${needed} numbers`);
}

function isSize(n: number, least: number): boolean {
  return Number.isInteger(n) && n >= least;
}

function badSize(n: number, what: string, least: number): DenseError {
  return new DenseError("bad-dimension", `invalid ${what}`, n, `need a whole number of at least ${least}`);
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
