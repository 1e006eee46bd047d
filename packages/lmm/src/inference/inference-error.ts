/** What can be wrong with a question to a fitted model; stable, for programs to switch on. */
export type InferenceErrorCode =
  | "contrast-length"
  | "empty-contrast"
  | "not-finite"
  | "unknown-option"
  | "unknown-term"
  | "marginal-term"
  | "unknown-level"
  | "contradictory-options"
  | "missing-offset"
  | "no-fixed-effects"
  | "different-data"
  | "not-nested"
  | "same-model"
  | "too-large"
  | "unsupported-design";

/**
 * A question that a fitted model cannot answer.
 *
 * The message reads `adjective noun: value; hint`, in lower case.
 */
export class InferenceError extends Error {
  override readonly name = "InferenceError";
  /** Which kind of misuse. */
  readonly code: InferenceErrorCode;
  /** The offending value. */
  readonly value: unknown;
  /** What to do instead. */
  readonly hint: string;

  constructor(code: InferenceErrorCode, problem: string, value: unknown, hint: string) {
    super(`${problem}; ${hint}`);
    this.code = code;
    this.value = value;
    this.hint = hint;
  }
}
