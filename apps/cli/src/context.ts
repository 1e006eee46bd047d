import type { ExitCode } from "./errors";
import type { CliIo } from "./io/cli-io";

/** What every command gets: the outside world, and a place for its exit status. */
export interface CommandContext {
  readonly io: CliIo;
  /** Set by a command that ends with a result and yet not well. */
  exitCode: ExitCode;
}

/** Prints a value as the one JSON object on standard output. */
export function printJson(context: CommandContext, value: unknown): void {
  context.io.stdout(formatJson(value));
}

/** JSON to read: indented, a list of plain values on one line; ends in a newline. */
export function formatJson(value: unknown): string {
  // Line breaks inside texts are escaped, so every raw one comes from the indentation.
  const inline = (list: string) =>
    list
      .replace(/\[\n\s*/, "[")
      .replace(/\n\s*\]/, "]")
      .replace(/\n\s*/g, " ");
  return `${JSON.stringify(value, null, 2).replace(/\[\n[^[\]{}]*\n\s*\]/g, inline)}\n`;
}
