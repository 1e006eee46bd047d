/** A world in memory for tests: what was printed is kept, standard input is given. */
import type { CliIo } from "../io/cli-io";

/** A `CliIo` that remembers. */
export interface MemoryIo extends CliIo {
  /** All text that went to standard output. */
  out(): string;
  /** All text that went to standard error. */
  err(): string;
}

/** @param options where relative paths start, and what standard input holds */
export function memoryIo(options: { readonly cwd?: string; readonly stdin?: string } = {}): MemoryIo {
  const out: string[] = [];
  const err: string[] = [];
  let time = 0;
  return {
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    stdin: standardInput(options.stdin ?? ""),
    cwd: options.cwd ?? ".",
    interactive: false,
    debug: false,
    now: () => time++,
    out: () => out.join(""),
    err: () => err.join(""),
  };
}

async function* standardInput(text: string): AsyncIterable<Uint8Array> {
  if (text !== "") yield new TextEncoder().encode(text);
}
