import type { Span } from "./span";

/** What went wrong with a formula or the table it was given. */
export type FormulaErrorCode =
  // syntax
  | "empty-formula"
  | "unexpected-character"
  | "unexpected-token"
  | "unexpected-end"
  | "unterminated-text"
  | "nesting-too-deep"
  | "formula-too-long"
  // terms
  | "invalid-term"
  | "invalid-power"
  | "invalid-random-term"
  | "bar-without-parentheses"
  | "too-many-terms"
  // names and functions
  | "unknown-column"
  | "unknown-function"
  | "wrong-arguments"
  | "unknown-contrast"
  | "invalid-contrast"
  // data
  | "invalid-table"
  | "invalid-column"
  | "duplicate-column"
  | "unequal-lengths"
  | "non-numeric-response"
  | "missing-response"
  | "wrong-type"
  | "infinite-value"
  | "missing-value"
  | "no-rows"
  | "one-level"
  | "unknown-level"
  | "negative-weight"
  | "invalid-option";

/**
 * Misuse of a formula: where (`span` into `text`, null when the place is not in the formula),
 * which `value`, and a `hint` on what to do.
 */
export class FormulaError extends Error {
  readonly code: FormulaErrorCode;
  readonly value: unknown;
  readonly hint: string;
  readonly span: Span | null;
  /** The formula's text, null until known. */
  readonly text: string | null;

  constructor(
    code: FormulaErrorCode,
    problem: string,
    options: { value?: unknown; hint?: string; span?: Span | null; text?: string | null } = {},
  ) {
    const hint = options.hint ?? "";
    super(hint === "" ? problem : `${problem}; ${hint}`);
    this.name = "FormulaError";
    this.code = code;
    this.value = options.value;
    this.hint = hint;
    this.span = options.span ?? null;
    this.text = options.text ?? null;
  }
}

/** The same error, with the text of the formula it belongs to. */
export function withFormulaText(error: FormulaError, text: string): FormulaError {
  return error.text === null ? completed(error, error.span, text) : error;
}

/** Runs `build`; a `FormulaError` that names no place gets this one. */
export function atSpan<T>(span: Span, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (error instanceof FormulaError && error.span === null) throw completed(error, span, error.text);
    throw error;
  }
}

function completed(error: FormulaError, span: Span | null, text: string | null): FormulaError {
  const { code, value, hint } = error;
  const problem = hint === "" ? error.message : error.message.slice(0, -hint.length - 2);
  return new FormulaError(code, problem, { value, hint, span, text });
}

/**
 * An error as people read it: the message, the line of the formula it is about and carets under the place.
 *
 * ```text
 * unknown column: "Dayz"; did you mean "Days"?
 *   Reaction ~ Dayz + (Days | Subject)
 *              ^^^^
 * ```
 */
export function formatFormulaError(error: FormulaError): string {
  if (error.span === null || error.text === null) return error.message;
  const text = error.text;
  const at = Math.min(error.span.start, text.length);
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const newline = text.indexOf("\n", at);
  const lineEnd = newline === -1 ? text.length : newline;
  const end = Math.max(at + 1, Math.min(error.span.end, Math.max(lineEnd, at + 1)));
  // A window of the line, so that a very long formula still shows the place.
  const from = Math.max(lineStart, at - 100);
  const to = Math.min(lineEnd, Math.max(end, from + 160));
  const line = text.slice(from, to).replace(/[\t\r]/g, " ");
  const column = displayWidth(text.slice(from, at));
  const carets = Math.min(160, Math.max(1, displayWidth(text.slice(at, end).replace(/\n/g, "")) || 1));
  return `${error.message}\n  ${line}\n  ${" ".repeat(column)}${"^".repeat(carets)}`;
}

/** Code points that are not combining marks; wide characters count twice. */
function displayWidth(text: string): number {
  let width = 0;
  for (const ch of text) {
    if (/\p{Mark}/u.test(ch)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(ch)
        ? 2
        : /\p{Extended_Pictographic}/u.test(ch)
          ? 2
          : 1;
  }
  return width;
}
