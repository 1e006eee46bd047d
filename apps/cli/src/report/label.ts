import { styleText } from "node:util";
import type { CliIo } from "../io/cli-io";

const STYLES = { error: "red", warning: "yellow", note: "cyan" } as const;

/** `error:`, `warning:` or `note:`, in colour where a person watches and has not asked for none. */
export function label(kind: keyof typeof STYLES, io: CliIo): string {
  const text = `${kind}:`;
  // Whether there is a terminal was found out before, for standard error and not for standard output.
  return io.colors ? styleText(STYLES[kind], text, { validateStream: false }) : text;
}
