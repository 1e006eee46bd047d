/** What can be wrong with a model or its options; stable, for programs to switch on. */
export type LmmErrorCode =
  | "no-response"
  | "no-rows"
  | "no-random-terms"
  | "one-level"
  | "too-many-levels"
  | "too-many-random-effects"
  | "too-many-fixed-effects"
  | "collinear-columns"
  | "constant-response"
  | "not-finite"
  | "unusable-scale"
  | "negative-weight"
  | "response-length"
  | "theta-length"
  | "theta-not-finite"
  | "perfect-fit"
  | "no-finite-criterion"
  | "unsupported-structure"
  | "invalid-structure"
  | "unknown-option"
  | "invalid-option"
  | "unknown-quantity"
  | "unmergeable-products"
  | "too-large"
  | "aborted"
  | "unknown-task"
  | "failed-setup"
  | "lost-worker"
  | "unsupported-environment";

/**
 * Misuse of the engine, or data that no model can be fitted to.
 *
 * The message reads `adjective noun: value; hint`, in lower case.
 */
export class LmmError extends Error {
  override readonly name = "LmmError";
  /** Which kind of misuse. */
  readonly code: LmmErrorCode;
  /** The offending value. */
  readonly value: unknown;
  /** What to do instead. */
  readonly hint: string;

  constructor(code: LmmErrorCode, problem: string, value: unknown, hint: string) {
    super(hint === "" ? problem : `${problem}; ${hint}`);
    this.code = code;
    this.value = value;
    this.hint = hint;
  }
}
