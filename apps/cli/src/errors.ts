/**
 * Errors that a person at the terminal can act on, and the exit status that goes with each.
 */

/** 0: done; 1: the computation failed; 2: usage, formula or data error. */
export type ExitCode = 0 | 1 | 2;

/** What kind of mistake was made; part of the `--json` output, so these names stay. */
export type CliErrorCode =
  | "usage"
  | "unknown-option"
  | "unknown-command"
  | "missing-argument"
  | "excess-argument"
  | "invalid-option"
  | "unavailable"
  | "file-not-found"
  | "not-a-file"
  | "unreadable-file"
  | "unwritable-file"
  | "unsupported-format"
  | "url-refused"
  | "unknown-dataset"
  | "empty-data"
  | "no-rows"
  | "ragged-row"
  | "malformed-data"
  | "invalid-encoding"
  | "compressed-data"
  | "duplicate-column"
  | "empty-column-name"
  | "unknown-column"
  | "mixed-types"
  | "invalid-value"
  | "invalid-schema"
  | "invalid-matrix"
  | "not-a-saved-fit"
  | "broken-saved-fit"
  | "not-positive-definite";

/** Where in the formula something is wrong: half-open range of character positions. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A mistake in what was typed or in a file, worded for the person who typed it.
 *
 * `message` follows the house form `adjective noun: value; hint`.
 */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: CliErrorCode;
  readonly value: unknown;
  readonly hint: string;
  readonly exitCode: ExitCode;

  /**
   * @param code stable name of the mistake
   * @param problem `adjective noun: value`, lower case
   * @param hint what to do about it; may be empty
   * @param value the offending value
   * @param exitCode 2 unless the computation itself failed
   */
  constructor(
    code: CliErrorCode,
    problem: string,
    hint = "",
    value: unknown = undefined,
    exitCode: ExitCode = 2,
  ) {
    super(hint === "" ? problem : `${problem}; ${hint}`);
    this.code = code;
    this.value = value;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
