/** What was wrong with a call, as a code that programs can branch on. */
export type OptimErrorCode =
  | "invalid-start"
  | "dimension-mismatch"
  | "invalid-bounds"
  | "invalid-interpolation-points"
  | "invalid-radius"
  | "invalid-scale"
  | "invalid-tolerance"
  | "invalid-limit"
  | "invalid-derivative"
  | "unknown-preset";

/**
 * Thrown when an optimizer is called with arguments that no run could honour.
 *
 * Everything that may happen to a well-posed call (no convergence, a NaN objective, rounding errors) is a
 * status of the result, never an error. The message has the form `adjective noun: value; hint`.
 */
export class OptimError extends Error {
  override readonly name = "OptimError";
  readonly code: OptimErrorCode;
  /** The offending value, as it was passed. */
  readonly value: unknown;
  /** What would have been accepted. */
  readonly hint: string;

  constructor(code: OptimErrorCode, what: string, value: unknown, hint: string) {
    super(`${what}: ${describe(value)}; ${hint}`);
    this.code = code;
    this.value = value;
    this.hint = hint;
  }
}

function describe(value: unknown): string {
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const entries = Array.from(value as ArrayLike<unknown>);
    const shown = entries.slice(0, 6).map(String).join(", ");
    return entries.length > 6 ? `[${shown}, ...]` : `[${shown}]`;
  }
  return JSON.stringify(value);
}
