import { checkSize, DenseError } from "./errors";
import { type KernelChoice, noWebAssembly } from "./staging";
import { colBlock, depthBlock, rowBlock } from "./typescript/packing";
import { tileCols, tileRows } from "./typescript/tile";
import { instantiateKernels, type KernelInstance } from "./webassembly/kernels";

/** Room for the packed operands of products. One can serve any number of calls, one at a time. */
export class PackingWorkspace {
  /** The WebAssembly side, of which a plain `PackingWorkspace` has none. */
  readonly instance: KernelInstance | null = null;
  /** "wasm" sends even the smallest work there, "typescript" none. */
  readonly choice: KernelChoice = "auto";
  private readonly leftLength: number;
  private readonly rightLength: number;
  private leftRoom: Float64Array | undefined;
  private rightRoom: Float64Array | undefined;
  /** One tile, for tiles that stick out of C. */
  readonly tile: Float64Array;

  /**
   * @param maxRows most rows of any C that it will be used for
   * @param maxCols most columns of any C
   * @param maxDepth most products in any sum
   */
  constructor(maxRows: number = rowBlock, maxCols: number = colBlock, maxDepth: number = depthBlock) {
    const depth = Math.min(depthBlock, maxDepth);
    this.leftLength = (Math.min(rowBlock, maxRows) + tileRows) * depth;
    this.rightLength = (Math.min(colBlock, maxCols) + tileCols) * depth;
    this.tile = new Float64Array(tileRows * tileCols);
  }

  /** The packed left operand; made on first use, because WebAssembly has its own. */
  get left(): Float64Array {
    if (this.leftRoom === undefined) this.leftRoom = new Float64Array(this.leftLength);
    return this.leftRoom;
  }

  /** The packed right operand. */
  get right(): Float64Array {
    if (this.rightRoom === undefined) this.rightRoom = new Float64Array(this.rightLength);
    return this.rightRoom;
  }

  /** Throws `DenseError` when the room is too small for a product of this shape. */
  checkRoom(rows: number, cols: number, depth: number): void {
    const block = Math.min(depthBlock, depth);
    const left = Math.ceil(Math.min(rowBlock, rows) / tileRows) * tileRows * block;
    const right = Math.ceil(Math.min(colBlock, cols) / tileCols) * tileCols * block;
    if (left > this.leftLength)
      throw new DenseError("short-array", "short work space", this.leftLength, `need ${left}`);
    if (right > this.rightLength)
      throw new DenseError("short-array", "short work space", this.rightLength, `need ${right}`);
  }
}

/** Options of `DenseWorkspace`. */
export interface DenseWorkspaceOptions {
  /** "auto" by default. "wasm" throws where there is no WebAssembly; "typescript" never uses it. */
  readonly kernels?: KernelChoice;
}

/** Bytes between the beginnings of allocations are multiples of a cache line. */
const lineBytes = 64;

/**
 * Memory in which matrices can stay, so that the WebAssembly kernels work on them where they are.
 *
 * Arrays from `allocate` are ordinary `Float64Array`s that see the memory of one WebAssembly instance. Any
 * routine of this package that is given the workspace and arrays from it runs in WebAssembly when the work is
 * worth the call, with the same bits as in TypeScript. All memory is reserved here, untouched pages cost
 * nothing, nothing grows later. Where there is no WebAssembly the arrays are on an ordinary buffer and the
 * TypeScript kernels serve.
 *
 * Every workspace reserves some 10 GB of address space besides (engines guard 32-bit memories so): make one
 * per large problem, not one per small matrix.
 */
export class DenseWorkspace extends PackingWorkspace {
  override readonly instance: KernelInstance | null;
  override readonly choice: KernelChoice;
  /** The memory itself. */
  readonly buffer: ArrayBuffer;
  private readonly start: number;
  private readonly end: number;
  private at: number;

  /**
   * @param capacity how many numbers will be allocated, all in all; each allocation may waste up to seven
   * @param options which kernels
   */
  constructor(capacity: number, options: DenseWorkspaceOptions = {}) {
    super();
    checkSize(capacity, "capacity of workspace");
    const { kernels = "auto" } = options;
    this.choice = kernels;
    // Room to bring the first allocation to the beginning of a cache line.
    const bytes = 8 * capacity + lineBytes;
    this.instance = kernels === "typescript" ? null : instantiateKernels(bytes);
    if (this.instance === null && kernels === "wasm") throw noWebAssembly();
    this.buffer = this.instance?.buffer ?? new ArrayBuffer(bytes);
    this.start = Math.ceil((this.instance?.start ?? 0) / lineBytes) * lineBytes;
    this.end = this.start + 8 * capacity;
    this.at = this.start;
  }

  /** Which kernels this workspace uses for what is large enough. */
  get kernels(): "wasm" | "typescript" {
    return this.instance === null ? "typescript" : "wasm";
  }

  /** How many numbers are left. */
  get free(): number {
    return (this.end - this.at) / 8;
  }

  /**
   * The next `length` numbers, zero unless `reset` has been called. Throws `DenseError` when there are not as
   * many left.
   */
  allocate(length: number): Float64Array {
    checkSize(length, "length of allocation");
    if (length > this.free) {
      throw new DenseError("full-workspace", "full workspace", length, `${this.free} numbers are left`);
    }
    const array = new Float64Array(this.buffer, this.at, length);
    this.at = Math.min(this.end, this.at + Math.ceil((8 * length) / lineBytes) * lineBytes);
    return array;
  }

  /** The next `length` 32-bit integers, of which two take the room of a number; otherwise as `allocate`. */
  allocateIntegers(length: number): Int32Array {
    checkSize(length, "length of allocation");
    const { buffer, byteOffset } = this.allocate(Math.ceil(length / 2));
    return new Int32Array(buffer, byteOffset, length);
  }

  /** Hands all memory back: later allocations overlap the arrays of earlier ones. */
  reset(): void {
    this.at = this.start;
  }
}
