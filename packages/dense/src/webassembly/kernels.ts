import { kernelModule } from "../generated/kernels";
import { decodeBase64 } from "./base64";

/** What the module of `assembly/` exports. Pointers are byte addresses, strides count numbers. */
export interface KernelExports {
  readonly scratchBytes: WebAssembly.Global;
  setScratch(at: number): void;
  product(
    c: number,
    ldc: number,
    rows: number,
    cols: number,
    depth: number,
    factor: number,
    a: number,
    aRowStride: number,
    aColStride: number,
    b: number,
    bRowStride: number,
    bColStride: number,
    lower: boolean,
    chain: boolean,
  ): void;
  cholesky(a: number, ld: number, rows: number, cols: number): number;
  solve(
    x: number,
    xRow: number,
    xCol: number,
    count: number,
    m: number,
    mRow: number,
    mCol: number,
    n: number,
    columns: boolean,
    backward: boolean,
  ): void;
  choleskyTrapezoids(tables: number, count: number, gain: number): number;
  solveTrapezoids(
    x: number,
    sides: number,
    count: number,
    first: number,
    rowPtr: number,
    rows: number,
    valuePtr: number,
    values: number,
    transposed: boolean,
  ): void;
}

/** An instance of the kernels and the memory they work in. */
export interface KernelInstance {
  readonly kernels: KernelExports;
  readonly buffer: ArrayBuffer;
  /** First byte behind the scratch of the kernels. */
  readonly start: number;
}

const pageBytes = 65536;
/** Where the scratch begins; address 0 stays unused. */
const scratchStart = 64;

/** Compiled once, on first use; null after a failure. */
let compiled: WebAssembly.Module | null | undefined;

/**
 * Compiles the module, synchronously: it has about 5 kB, and takes a fraction of a millisecond. Returns null
 * where WebAssembly or its SIMD instructions are missing, where a page's policy forbids it, and in browsers
 * that refuse to compile more than 4 kB at once on a page's main thread.
 */
export function compileModule(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(decodeBase64(kernelModule));
  } catch {
    return null;
  }
}

/**
 * An instance with a memory of its own of at least `bytes` behind the scratch, reserved at once because
 * memory that grows makes typed arrays slower everywhere in the process. Null where there can be none.
 */
export function instantiateKernels(bytes: number): KernelInstance | null {
  if (compiled === undefined) compiled = compileModule();
  if (compiled === null) return null;
  try {
    const probe = scratchStart + scratchBytes;
    const pages = Math.ceil((probe + bytes) / pageBytes);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    const kernels = exports as unknown as KernelExports;
    kernels.setScratch(scratchStart);
    return { kernels, buffer: memory.buffer, start: probe };
  } catch {
    // More memory than there is, or than 32-bit addresses reach.
    return null;
  }
}

/** Bytes of scratch that the kernels need; the module exports the same number. */
export const scratchBytes = 192 + (128 + 510) * 256 * 8;
