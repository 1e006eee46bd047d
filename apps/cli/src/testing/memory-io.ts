/** A world in memory for tests: what was printed is kept, standard input is given. */
import { serialPool } from "@lmmkit/lmm";
import type { CliIo } from "../io/cli-io";

/** A `CliIo` that remembers. */
export interface MemoryIo extends CliIo {
  /** All text that went to standard output. */
  out(): string;
  /** All text that went to standard error. */
  err(): string;
}

/** What a test gives to a command. */
export interface MemoryIoOptions {
  /** Where relative paths start. */
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** Milliseconds between two looks at a terminal's clock; without it there is no terminal. */
  readonly tick?: number;
}

/** A world with what the options say. */
export function memoryIo(options: MemoryIoOptions = {}): MemoryIo {
  const out: string[] = [];
  const err: string[] = [];
  let time = 0;
  return {
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    stdin: standardInput(options.stdin ?? ""),
    cwd: options.cwd ?? ".",
    interactive: options.tick !== undefined,
    colors: false,
    debug: false,
    now: () => {
      time += options.tick ?? 1;
      return time;
    },
    workers: async () => serialPool(),
    out: () => out.join(""),
    err: () => err.join(""),
  };
}

async function* standardInput(content: string | Uint8Array): AsyncIterable<Uint8Array> {
  if (content.length > 0) yield typeof content === "string" ? new TextEncoder().encode(content) : content;
}
