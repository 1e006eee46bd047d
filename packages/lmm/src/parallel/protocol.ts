import type { JobError, JobOutcome } from "./task";

/** What a pool tells a worker. */
export type ToWorker =
  | { readonly kind: "setup"; readonly run: number; readonly task: string; readonly setup: unknown }
  | { readonly kind: "jobs"; readonly run: number; readonly first: number; readonly count: number };

/** What a worker answers. */
export type FromWorker =
  | { readonly kind: "ready" }
  | {
      readonly kind: "done";
      readonly run: number;
      readonly first: number;
      readonly outcomes: JobOutcome<unknown>[];
    }
  | {
      readonly kind: "refused";
      readonly run: number;
      readonly unknownTask: boolean;
      readonly error: JobError;
    };

/** A pool's end of a worker: a Web Worker or a thread of Node, behind one face. */
export interface WorkerPort {
  /** Sends a copy of a message. */
  readonly post: (message: ToWorker) => void;
  /** Hears the worker; `failure` at most once, when it ends or cannot go on. Called once, before anything is sent. */
  readonly listen: (message: (value: FromWorker) => void, failure: (reason: string) => void) => void;
  readonly terminate: () => void;
  /** Whether the worker shall keep the process alive, where that means something. */
  readonly hold?: (busy: boolean) => void;
}

/** A worker's end: how it hears the pool and answers. */
export interface ServingPort {
  readonly post: (message: FromWorker) => void;
  readonly listen: (message: (value: ToWorker) => void) => void;
}
