/** What went wrong, as a stable word that programs may switch on. */
export type CholmodErrorCode =
  | "not-a-matrix"
  | "dimension-mismatch"
  | "not-square"
  | "ambiguous-form"
  | "unsorted-or-duplicate-entries"
  | "invalid-index"
  | "non-finite-value"
  | "pattern-mismatch"
  | "too-many-entries"
  | "invalid-ordering"
  | "unsupported-ordering"
  | "unknown-kind"
  | "unknown-type"
  | "unknown-system"
  | "occupied-row"
  | "unsupported-format"
  | "not-positive-definite";

/**
 * Misuse of the factorization: arguments that do not fit together.
 *
 * A matrix that is not positive definite is not an error but a status of the factor; only asking such a
 * factor for a solution is. The message reads `adjective noun: value; hint`.
 */
export class CholmodError extends Error {
  readonly code: CholmodErrorCode;
  /** The offending value. */
  readonly value: unknown;
  /** What to do about it, in one clause. */
  readonly hint: string;

  constructor(code: CholmodErrorCode, what: string, value: unknown, hint: string) {
    super(`${what}: ${typeof value === "string" ? JSON.stringify(value) : String(value)}; ${hint}`);
    this.name = "CholmodError";
    this.code = code;
    this.value = value;
    this.hint = hint;
  }
}
