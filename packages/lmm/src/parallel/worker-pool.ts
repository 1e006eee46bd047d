import { LmmError } from "../errors";
import type { FromWorker, WorkerPort } from "./protocol";
import { abortedRun, chunkSize, type JobOutcome, type RunOptions, type Task, type WorkerPool } from "./task";

/** Each is a thread with a heap of its own. */
const MOST_WORKERS = 1024;

/**
 * A pool of workers from a function that starts one.
 *
 * Workers start when first needed and stay until `close`. Jobs are handed out in chunks of neighbouring
 * indices, the next chunk to whoever is free. A worker that ends in the middle of a chunk fails that chunk's
 * jobs (`lost-worker`); another takes its place. Runs wait for each other.
 *
 * @param start a new worker whose script calls `serveTasks`; see `webWorkerPort`, and `nodeWorkers` of
 *   `@lmmkit/lmm/node`
 * @param size number of workers, 1 to 1024
 * @throws LmmError `invalid-option` for another size
 */
export function workerPool(start: () => WorkerPort, size: number): WorkerPool {
  if (!Number.isInteger(size) || size < 1 || size > MOST_WORKERS) {
    throw new LmmError(
      "invalid-option",
      `invalid number of workers: ${size}`,
      size,
      `give a whole number from 1 to ${MOST_WORKERS}; more than one per processor gain nothing`,
    );
  }
  const slots = Array.from({ length: size }, () => new Slot(start));
  let queue: Promise<unknown> = Promise.resolve();
  let nextRun = 0;
  let end: ((error: LmmError) => void) | null = null;
  return {
    size: slots.length,
    run: <Setup, Result>(
      task: Task<Setup, Result>,
      setup: Setup,
      njobs: number,
      options: RunOptions = {},
    ) => {
      const begin = () =>
        new Promise<JobOutcome<Result>[]>((resolve, reject) => {
          const run = new Run(nextRun++, slots, task.name, setup, njobs, options, (result) => {
            end = null;
            if ("error" in result) reject(result.error);
            else resolve(result.outcomes as JobOutcome<Result>[]);
          });
          end = (error) => run.fail(error);
          run.begin();
        });
      const result = queue.then(begin);
      queue = result.catch(() => {});
      return result;
    },
    close: () => {
      end?.(abortedRun("the pool was closed"));
      for (const slot of slots) slot.end();
    },
  };
}

/** A place for a worker, and the worker in it if there is one. */
class Slot {
  private port: WorkerPort | null = null;
  private ready = false;
  private readonly start: () => WorkerPort;
  /** The run that hears the worker at present. */
  hear: (message: FromWorker) => void = () => {};
  lost: (reason: string, hadStarted: boolean) => void = () => {};

  constructor(start: () => WorkerPort) {
    this.start = start;
  }

  /** The worker, started if need be. */
  open(): WorkerPort {
    if (this.port !== null) return this.port;
    const port = this.start();
    this.port = port;
    this.ready = false;
    port.listen(
      (message) => {
        if (this.port !== port) return;
        if (message.kind === "ready") this.ready = true;
        else this.hear(message);
      },
      (reason) => {
        if (this.port !== port) return;
        const { ready } = this;
        this.port = null;
        this.lost(reason, ready);
      },
    );
    return port;
  }

  hold(busy: boolean): void {
    this.port?.hold?.(busy);
  }

  end(): void {
    const { port } = this;
    this.port = null;
    port?.terminate();
  }
}

/** How a run ended. */
type RunResult = { readonly outcomes: readonly JobOutcome<unknown>[] } | { readonly error: unknown };

/** One run of a task over a pool. */
class Run {
  private readonly outcomes: JobOutcome<unknown>[];
  private next = 0;
  private done = 0;
  private over = false;
  private readonly chunk: number;
  private readonly busy = new Set<Slot>();

  constructor(
    private readonly id: number,
    private readonly slots: readonly Slot[],
    private readonly task: string,
    private readonly setup: unknown,
    private readonly njobs: number,
    private readonly options: RunOptions,
    private readonly settle: (result: RunResult) => void,
  ) {
    this.outcomes = new Array(njobs);
    this.chunk = chunkSize(njobs, options);
  }

  private readonly onAbort = () => this.fail(abortedRun(this.options.signal?.reason));

  begin(): void {
    const { signal } = this.options;
    if (signal?.aborted) {
      this.onAbort();
      return;
    }
    if (this.njobs <= 0) {
      this.finish({ outcomes: this.outcomes });
      return;
    }
    signal?.addEventListener("abort", this.onAbort);
    for (const slot of this.slots) if (!this.over && this.next < this.njobs) this.employ(slot);
  }

  /** Hands a worker the setup and its first chunk. */
  private employ(slot: Slot): void {
    let first = -1;
    let count = 0;
    const handOut = () => {
      if (this.next >= this.njobs) {
        this.busy.delete(slot);
        return;
      }
      first = this.next;
      count = Math.min(this.chunk, this.njobs - first);
      this.next += count;
      slot.open().post({ kind: "jobs", run: this.id, first, count });
    };
    slot.hear = (message) => {
      if (this.over || message.kind === "ready" || message.run !== this.id) return;
      if (message.kind === "refused") return this.fail(refusal(this.task, message));
      this.keep(message.first, message.outcomes);
      if (!this.over) handOut();
    };
    slot.lost = (reason, hadStarted) => {
      this.busy.delete(slot);
      if (this.over || !hadStarted) return this.fail(lostWorker(reason));
      const error = { name: "LmmError", code: "lost-worker", message: lostWorker(reason).message };
      this.keep(
        first,
        Array.from({ length: count }, () => ({ status: "failed", error })),
      );
      if (!this.over && this.next < this.njobs) this.employ(slot);
    };
    try {
      this.busy.add(slot);
      slot.open().post({ kind: "setup", run: this.id, task: this.task, setup: this.setup });
      slot.hold(true);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.fail(new LmmError("failed-setup", `failed setup of "${this.task}": ${message}`, error, ""));
      return;
    }
    handOut();
  }

  private keep(first: number, outcomes: readonly JobOutcome<unknown>[]): void {
    outcomes.forEach((outcome, i) => {
      this.outcomes[first + i] = outcome;
    });
    this.done += outcomes.length;
    try {
      this.options.onProgress?.(this.done, this.njobs);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (!this.over && this.done === this.njobs) this.finish({ outcomes: this.outcomes });
  }

  /** Ends the run with an error. */
  fail(error: unknown): void {
    this.finish({ error });
  }

  /** Settles once. After a failure the workers that were busy are ended, for what they do is of no use. */
  private finish(result: RunResult): void {
    if (this.over) return;
    this.over = true;
    this.options.signal?.removeEventListener("abort", this.onAbort);
    for (const slot of this.slots) {
      slot.hear = () => {};
      slot.lost = () => {};
      if ("error" in result && this.busy.has(slot)) slot.end();
      else slot.hold(false);
    }
    this.settle(result);
  }
}

function refusal(task: string, { unknownTask, error }: FromWorker & { kind: "refused" }): LmmError {
  return unknownTask
    ? new LmmError("unknown-task", error.message, task, "the worker's script must give it to serveTasks")
    : new LmmError("failed-setup", `failed setup of "${task}": ${error.message}`, error, "");
}

function lostWorker(reason: string): LmmError {
  return new LmmError(
    "lost-worker",
    `lost worker: ${reason}`,
    reason,
    "it may have run out of memory, or its script is not there",
  );
}
