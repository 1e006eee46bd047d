import type { FromWorker, WorkerPort } from "./protocol";

/** What is used of a Web Worker. */
export interface WebWorker {
  readonly postMessage: (message: unknown) => void;
  readonly terminate: () => void;
  readonly addEventListener: (
    type: "message" | "error" | "messageerror",
    listener: (event: { readonly data?: unknown; readonly message?: string }) => void,
  ) => void;
}

/**
 * A Web Worker for `workerPool`:
 *
 * ```ts
 * const pool = workerPool(
 *   () => webWorkerPort(new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })),
 *   navigator.hardwareConcurrency,
 * );
 * ```
 *
 * where `worker.ts` holds the one line `import "@lmmkit/lmm/worker"`.
 */
export function webWorkerPort(worker: WebWorker): WorkerPort {
  return {
    post: (message) => worker.postMessage(message),
    listen: (message, failure) => {
      worker.addEventListener("message", ({ data }) => message(data as FromWorker));
      worker.addEventListener("error", (event) => {
        worker.terminate();
        failure(event.message ?? "the worker ended");
      });
      worker.addEventListener("messageerror", () => {
        worker.terminate();
        failure("a message could not be read");
      });
    },
    terminate: () => worker.terminate(),
  };
}
