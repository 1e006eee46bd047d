/** Any error as a person and as a program read it. */
import { CliError, type ExitCode, type Span } from "../errors";

/** What is printed when a command ends without a result. */
export interface Failure {
  readonly exitCode: ExitCode;
  /** The value of `error` in the `--json` output. */
  readonly error: { readonly code: string; readonly message: string; readonly span?: Span };
  /** Text for standard error after the word `error:`, ending in a newline. */
  readonly text: string;
}

/** The classes of the packages below, told apart by name so that they need not be loaded here. */
const EXPECTED: readonly string[] = [
  "FormulaError",
  "LmmError",
  "InferenceError",
  "SparseError",
  "CholmodError",
  "OptimError",
  "SavedModelError",
];

/** Refusals that come from the computation and not from what was typed. */
const COMPUTATION_CODES: readonly string[] = [
  "perfect-fit",
  "no-finite-criterion",
  "aborted",
  "not-positive-definite",
  "theta-not-finite",
  "too-large",
];

/**
 * Puts an error in words. What no one expected is reported as an internal error without a stack,
 * which is shown only where `debug` asks for it.
 */
export async function describeFailure(error: unknown, debug: boolean): Promise<Failure> {
  if (error instanceof CliError) {
    return {
      exitCode: error.exitCode,
      error: { code: error.code, message: error.message },
      text: `${error.message}\n`,
    };
  }
  if (error instanceof Error && EXPECTED.includes(error.name) && "code" in error) {
    const code = String(error.code);
    const exitCode = COMPUTATION_CODES.includes(code) ? 1 : 2;
    const span =
      "span" in error && isSpan(error.span) ? { start: error.span.start, end: error.span.end } : undefined;
    const plain = inOptions(error.message);
    const message = error.name === "FormulaError" ? inOptions(await locatedMessage(error)) : plain;
    return {
      exitCode,
      error: span === undefined ? { code, message: plain } : { code, message: plain, span },
      text: `${message.trimEnd()}\n`,
    };
  }
  const what = error instanceof Error ? error.message : String(error);
  const message = `internal error: ${what}; please report it with the command that you typed`;
  const stack = debug && error instanceof Error ? `${error.stack}\n` : "";
  return { exitCode: 1, error: { code: "internal-error", message }, text: `${message}\n${stack}` };
}

/** Hints that name a setting of the library, as the option that sets it here. */
function inOptions(message: string): string {
  return message.replace(/\bnewLevels: "(\w+)"/g, "--new-levels $1");
}

/** The message of a formula error with the place underlined. */
async function locatedMessage(error: Error): Promise<string> {
  const { FormulaError, formatFormulaError } = await import("@lmmkit/formula");
  return error instanceof FormulaError ? formatFormulaError(error) : error.message;
}

function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "start" in value && "end" in value;
}
