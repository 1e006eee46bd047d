import {
  abortedRun,
  chunkSize,
  type JobOutcome,
  outcomeOf,
  type RunOptions,
  type Task,
  type WorkerPool,
} from "./task";

/**
 * Runs all jobs of a task here and now, without workers and without a promise.
 *
 * @param setup not changed
 * @returns outcomes by index; a job that threw is `failed`, the others go on
 * @throws LmmError `aborted` when the signal is (only `onProgress` can do that meanwhile); what `prepare` throws
 */
export function runJobs<Setup, Result>(
  task: Task<Setup, Result>,
  setup: Setup,
  njobs: number,
  options: RunOptions = {},
): JobOutcome<Result>[] {
  const steps = jobsByChunk(task, setup, njobs, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * A pool without workers, for where there are none: jobs run in the caller's own thread, which gets to its
 * events (a signal, a page) between chunks.
 */
export function serialPool(): WorkerPool {
  let closed = false;
  return {
    size: 1,
    async run(task, setup, njobs, options = {}) {
      closed = false;
      const steps = jobsByChunk(task, setup, njobs, options);
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (closed) throw abortedRun("the pool was closed");
      }
    },
    close: () => {
      closed = true;
    },
  };
}

function* jobsByChunk<Setup, Result>(
  task: Task<Setup, Result>,
  setup: Setup,
  njobs: number,
  options: RunOptions,
): Generator<undefined, JobOutcome<Result>[]> {
  const { signal, onProgress } = options;
  if (signal?.aborted) throw abortedRun(signal.reason);
  const job = task.prepare(setup);
  const chunk = chunkSize(njobs, options);
  const outcomes: JobOutcome<Result>[] = [];
  while (outcomes.length < njobs) {
    const last = Math.min(njobs, outcomes.length + chunk);
    while (outcomes.length < last) outcomes.push(outcomeOf(job, outcomes.length));
    onProgress?.(outcomes.length, njobs);
    yield;
    if (signal?.aborted) throw abortedRun(signal.reason);
  }
  return outcomes;
}
