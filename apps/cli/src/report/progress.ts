import type { CliIo } from "../io/cli-io";

/** A line that is drawn over itself while a command works. */
export interface ProgressLine {
  /** Shows a text, at most ten times a second and only where a person watches. */
  show(text: () => string): void;
  /** Clears the line. */
  finish(): void;
}

/** A progress line on standard error that first appears after half a second. */
export function progressLine(quiet: boolean, io: CliIo): ProgressLine {
  const watched = io.interactive && !quiet;
  let drawn = false;
  let next = io.now() + 500;
  return {
    show: (text) => {
      if (!watched || io.now() < next) return;
      drawn = true;
      next = io.now() + 100;
      io.stderr(`\r\u001b[K${text()}`);
    },
    finish: () => {
      if (drawn) io.stderr("\r\u001b[K");
    },
  };
}
