import type { CliIo } from "../io/cli-io";
import { writeFileAtomic } from "../io/write-atomic";
import type { Answer } from "./fit-question";

/** Where the CSV of an answer goes. */
export interface CsvTarget {
  /** A file; undefined: standard output. */
  readonly out: string | undefined;
  readonly quiet: boolean | undefined;
  /** What was written, `180 rows`. */
  readonly what: string;
}

/** An answer whose text is CSV, written to a file if there is one. */
export function csvAnswer(
  value: object,
  text: () => string,
  { out, quiet, what }: CsvTarget,
  io: CliIo,
): Answer {
  if (out === undefined) return { value, text };
  writeFileAtomic(out, text(), io);
  if (quiet !== true) io.stderr(`wrote ${out} (${what})\n`);
  return { value, text: () => "" };
}
