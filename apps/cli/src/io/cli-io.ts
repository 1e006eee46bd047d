import type { WorkerPool } from "@lmmkit/lmm";

/** The outside world as a command sees it; tests hand in their own. */
export interface CliIo {
  /** Results, and nothing else. */
  readonly stdout: (text: string) => void;
  /** Progress, warnings and messages. */
  readonly stderr: (text: string) => void;
  /** Bytes of standard input, read only when DATA is `-`. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Whether a person watches standard error, so that progress may be drawn over itself. */
  readonly interactive: boolean;
  /** Whether messages may be coloured. */
  readonly colors: boolean;
  /** Whether to show where an unexpected error came from. */
  readonly debug: boolean;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Threads for work of many jobs; to be closed. */
  readonly workers: (size: number) => Promise<WorkerPool>;
}
