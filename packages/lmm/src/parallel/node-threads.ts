/** What is used of Node's module `node:worker_threads`. */
export interface NodeThreads {
  readonly parentPort: NodePort | null;
  readonly Worker: new (script: URL, options?: { readonly execArgv?: readonly string[] }) => NodeWorker;
}

/** A thread's own port. */
interface NodePort {
  readonly postMessage: (message: unknown) => void;
  readonly on: (event: "message", listener: (value: unknown) => void) => void;
}

/** A thread as its starter sees it. */
export interface NodeWorker extends NodePort {
  readonly on: NodePort["on"] &
    ((event: "error", listener: (error: Error) => void) => void) &
    ((event: "exit", listener: (code: number) => void) => void);
  readonly terminate: () => Promise<number>;
  readonly ref: () => void;
  readonly unref: () => void;
}

/**
 * A module of Node without an import of it, so that the same file loads in a browser.
 *
 * @returns undefined where this is not Node
 */
export function builtinModule<Module>(name: string): Module | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.(name) as Module | undefined;
}
