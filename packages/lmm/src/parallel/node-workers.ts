import { LmmError } from "../errors";
import { builtinModule, type NodeThreads, type NodeWorker } from "./node-threads";
import type { FromWorker, WorkerPort } from "./protocol";
import type { WorkerPool } from "./task";
import { workerPool } from "./worker-pool";

/** Options of {@link nodeWorkers}; every one has a default. */
export interface NodeWorkersOptions {
  /** Number of threads, 1 to 1024; default one per processor. */
  readonly size?: number;
  /** Script that calls `serveTasks`; default the one of this package, which serves all of its tasks. */
  readonly script?: URL;
  /** Options of Node for the threads, such as `["--conditions", "…"]`; default the process's own. */
  readonly execArgv?: readonly string[];
}

/**
 * A pool of threads of Node.
 *
 * Threads start when first needed. They do not keep the process alive when there is nothing to do, so that
 * `close` may be left out in a script that ends.
 *
 * @throws LmmError `unsupported-environment` where this is not Node, `invalid-option` for a size that is none
 */
export function nodeWorkers(options: NodeWorkersOptions = {}): WorkerPool {
  const threads = builtinModule<NodeThreads>("node:worker_threads");
  const system = builtinModule<{ availableParallelism: () => number }>("node:os");
  if (threads === undefined || system === undefined) {
    throw new LmmError(
      "unsupported-environment",
      "unsupported environment: this is not Node",
      "nodeWorkers",
      "use workerPool with webWorkerPort",
    );
  }
  const script = options.script ?? new URL("./worker.js", import.meta.url);
  return workerPool(
    () => nodePort(new threads.Worker(script, { execArgv: options.execArgv })),
    options.size ?? system.availableParallelism(),
  );
}

function nodePort(worker: NodeWorker): WorkerPort {
  return {
    post: (message) => worker.postMessage(message),
    listen: (message, failure) => {
      let reason = "";
      worker.on("message", (value) => message(value as FromWorker));
      worker.on("error", (error) => {
        reason = error.message;
      });
      worker.on("exit", (code) => failure(reason === "" ? `it ended with status ${code}` : reason));
    },
    terminate: () => void worker.terminate(),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
  };
}
