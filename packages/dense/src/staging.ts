import { DenseError } from "./errors";
import { instantiateKernels, type KernelInstance } from "./webassembly/kernels";

/** Which kernels do the work: WebAssembly where there is some and it pays, or one of the two always. */
export type KernelChoice = "auto" | "wasm" | "typescript";

/** Memory of the kernels in which operands from ordinary arrays are staged. */
export interface Staging {
  readonly instance: KernelInstance;
  /** The memory behind the scratch. */
  readonly numbers: Float64Array;
}

/** Numbers of the memory that is reserved on first use and kept: 32 MiB, of which touched pages count. */
const sharedNumbers = 1 << 22;

let shared: Staging | null | undefined;

/**
 * Memory for `count` numbers, or null where TypeScript shall or must do the work. More than 32 MiB come from a
 * memory of their own, which the garbage collector frees after the call.
 *
 * Throws `DenseError` when `choice` insists on WebAssembly and there is none.
 */
export function staging(count: number, choice: KernelChoice): Staging | null {
  if (choice === "typescript") return null;
  if (shared === undefined) shared = makeStaging(sharedNumbers);
  const found = count <= sharedNumbers ? shared : makeStaging(count);
  if (found === null && choice === "wasm") throw noWebAssembly();
  return found;
}

function makeStaging(count: number): Staging | null {
  const instance = instantiateKernels(8 * count);
  return instance && { instance, numbers: new Float64Array(instance.buffer, instance.start, count) };
}

/** The error of a caller who insists on WebAssembly where it cannot be had. */
export function noWebAssembly(): DenseError {
  return new DenseError(
    "no-webassembly",
    "missing kernels",
    "wasm",
    'this engine has no WebAssembly SIMD or not that much memory, use "auto"',
  );
}

/** Byte address of a number in the staging memory. */
export function address(stage: Staging, at: number): number {
  return stage.instance.start + 8 * at;
}

/** Copies a column-major block into the staging memory, from `at` on without gaps. */
export function stage(
  to: Staging,
  at: number,
  source: Float64Array,
  offset: number,
  rows: number,
  cols: number,
  ld: number,
): void {
  if (rows === ld) {
    to.numbers.set(source.subarray(offset, offset + rows * cols), at);
    return;
  }
  for (let j = 0, from = offset; j < cols; j++, from += ld) {
    to.numbers.set(source.subarray(from, from + rows), at + j * rows);
  }
}

/** Copies it back, of column j only the rows from `lower ? j : 0` on. */
export function unstage(
  from: Staging,
  at: number,
  rows: number,
  cols: number,
  lower: boolean,
  out: Float64Array,
  offset: number,
  ld: number,
): void {
  if (rows === ld && !lower) {
    out.set(from.numbers.subarray(at, at + rows * cols), offset);
    return;
  }
  for (let j = 0; j < cols; j++) {
    const skip = lower ? Math.min(j, rows) : 0;
    out.set(from.numbers.subarray(at + j * rows + skip, at + (j + 1) * rows), offset + j * ld + skip);
  }
}
