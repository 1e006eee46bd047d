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
  context.io.stdout(`${JSON.stringify(value, null, 2)}\n`);
}
