import { builtinModule, type NodeThreads } from "./node-threads";
import type { FromWorker, ServingPort, ToWorker } from "./protocol";
import { type AnyTask, jobError, outcomeOf } from "./task";

/**
 * Makes this worker do the jobs of a pool. The whole of a worker's script is
 *
 * ```ts
 * import { lmmTasks, serveTasks } from "@lmmkit/lmm";
 * serveTasks([...lmmTasks, ownTask]);
 * ```
 *
 * @param tasks those that pools may ask for, by name
 * @param port default: this Web Worker's or Node thread's own
 * @throws Error where there is no such port: not in a worker
 */
export function serveTasks(tasks: readonly AnyTask[], port: ServingPort = ownPort()): void {
  let job: ((index: number) => unknown) | null = null;
  let prepared = -1;
  port.listen((message) => {
    if (message.kind === "setup") {
      const task = tasks.find(({ name }) => name === message.task);
      job = null;
      prepared = message.run;
      if (task === undefined) {
        const error = { name: "LmmError", code: "unknown-task", message: `unknown task: "${message.task}"` };
        port.post({ kind: "refused", run: message.run, unknownTask: true, error });
        return;
      }
      try {
        job = task.prepare(message.setup as never);
      } catch (error) {
        port.post({ kind: "refused", run: message.run, unknownTask: false, error: jobError(error) });
      }
      return;
    }
    if (job === null || message.run !== prepared) return;
    const { run, first, count } = message;
    const own = job;
    const outcomes = Array.from({ length: count }, (_, i) => outcomeOf(own, first + i));
    port.post({ kind: "done", run, first, outcomes });
  });
  port.post({ kind: "ready" });
}

/** A Web Worker's global object, as far as it is used. */
interface WorkerGlobal {
  readonly importScripts?: unknown;
  readonly postMessage: (message: FromWorker) => void;
  readonly addEventListener: (type: "message", listener: (event: { data: ToWorker }) => void) => void;
}

function ownPort(): ServingPort {
  const parent = builtinModule<NodeThreads>("node:worker_threads")?.parentPort;
  if (parent !== null && parent !== undefined) {
    return {
      post: (message) => parent.postMessage(message),
      listen: (heard) => parent.on("message", (value) => heard(value as ToWorker)),
    };
  }
  const scope = globalThis as unknown as WorkerGlobal;
  if (typeof scope.importScripts !== "function") {
    throw new Error("no pool to serve: serveTasks belongs into the script of a worker");
  }
  return {
    post: (message) => scope.postMessage(message),
    listen: (heard) => scope.addEventListener("message", ({ data }) => heard(data)),
  };
}
