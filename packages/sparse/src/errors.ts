/** What went wrong, as a stable word that programs may switch on. */
export type SparseErrorCode =
  | "not-a-matrix"
  | "bad-dimension"
  | "too-many-entries"
  | "bad-column-pointers"
  | "row-out-of-range"
  | "unsorted-rows"
  | "length-mismatch"
  | "dimension-mismatch"
  | "not-square"
  | "not-finite"
  | "missing-diagonal"
  | "bad-permutation"
  | "pattern-mismatch"
  | "index-out-of-range"
  | "bad-matrix-market"
  | "bad-rutherford-boeing";

/**
 * Misuse of a sparse routine: the shapes or the structure of the arguments do not fit.
 *
 * The message reads `adjective noun: value; hint`.
 */
export class SparseError extends Error {
  readonly code: SparseErrorCode;
  /** The offending value. */
  readonly value: unknown;
  /** What to do about it, in one clause. */
  readonly hint: string;

  constructor(code: SparseErrorCode, what: string, value: unknown, hint: string) {
    super(`${what}: ${typeof value === "string" ? JSON.stringify(value) : String(value)}; ${hint}`);
    this.name = "SparseError";
    this.code = code;
    this.value = value;
    this.hint = hint;
  }
}
