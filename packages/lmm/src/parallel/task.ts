import { LmmError } from "../errors";

/**
 * Work that falls apart into jobs which know nothing of each other: bootstrap samples, refits, points of a
 * profile, deletions.
 *
 * The outcome of a job may depend on `setup` and its index and on nothing else, not on the jobs that ran
 * before it: then the results are the same bits on any number of workers. Random numbers come from a stream
 * of the job's own index.
 */
export interface Task<Setup, Result> {
  /** By which a worker finds the task; unique among those it serves. */
  readonly name: string;
  /**
   * Makes ready once per run and worker; the function returned does job `index`.
   *
   * @param setup plain data that can be cloned (no functions); not changed
   */
  readonly prepare: (setup: Setup) => (index: number) => Result;
}

/** Any task, for lists of them. */
export type AnyTask = Task<never, unknown>;

/** What an error was, as plain data. */
export interface JobError {
  /** Class of the error, `LmmError`. */
  readonly name: string;
  /** Its code where it has one; `lost-worker` when the worker ended in the middle of the job. */
  readonly code: string | null;
  readonly message: string;
}

/** What became of one job: an error is a result like another. */
export type JobOutcome<Result> =
  | { readonly status: "ok"; readonly value: Result }
  | { readonly status: "failed"; readonly error: JobError };

/** How a run may be watched and ended. */
export interface RunOptions {
  /** Ends the run once aborted. */
  readonly signal?: AbortSignal;
  /** Called after each chunk of jobs. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Jobs handed out at a time; default 1/64 of them, at least one. It changes no result. */
  readonly chunk?: number;
}

/** Somewhere to run the jobs of a task. */
export interface WorkerPool {
  /** How many jobs may run at once. */
  readonly size: number;
  /**
   * Runs jobs 0 … njobs − 1.
   *
   * @param setup cloned to the workers; not changed
   * @returns outcomes by index; a job that threw is `failed`, the others go on
   * @throws LmmError (rejects) `aborted` by the signal, `unknown-task` when the workers do not serve the task,
   *   `lost-worker` when no worker starts; what `prepare` throws, as `failed-setup`
   */
  readonly run: <Setup, Result>(
    task: Task<Setup, Result>,
    setup: Setup,
    njobs: number,
    options?: RunOptions,
  ) => Promise<JobOutcome<Result>[]>;
  /** Ends the workers; runs under way reject with `aborted`. */
  readonly close: () => void;
}

/** An error as plain data. */
export function jobError(error: unknown): JobError {
  if (!(error instanceof Error)) return { name: "Error", code: null, message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  return { name: error.name, code, message: error.message };
}

/** Does one job; what it throws is kept. */
export function outcomeOf<Result>(job: (index: number) => Result, index: number): JobOutcome<Result> {
  try {
    return { status: "ok", value: job(index) };
  } catch (error) {
    return { status: "failed", error: jobError(error) };
  }
}

/** Jobs handed out at a time, whatever the number of workers. */
export function chunkSize(njobs: number, { chunk }: RunOptions): number {
  return Math.max(1, Math.floor(chunk ?? Math.ceil(njobs / 64)));
}

/** The refusal of a run whose signal is aborted. */
export function abortedRun(reason: unknown): LmmError {
  return new LmmError("aborted", "aborted run", reason, "the signal was aborted");
}
