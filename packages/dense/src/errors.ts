/** What went wrong, as a stable word that programs may switch on. */
export type DenseErrorCode = "bad-dimension" | "short-array";

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
