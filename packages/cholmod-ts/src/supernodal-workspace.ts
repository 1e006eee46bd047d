import {
  choleskyWorkspace,
  DenseWorkspace,
  type PackingWorkspace,
  panelDepth,
  type TrapezoidRoom,
  type Trapezoids,
} from "@lmmkit/dense";
import type { SupernodePartition } from "./symbolic";

/** Right-hand sides that are solved for at once, in rows of this many numbers. */
export const mostSides = 16;

/**
 * The memory that the values of a supernodal factor live in, and the work space of its numeric phase.
 *
 * A large factor lives in the memory of the WebAssembly kernels of `@lmmkit/dense`, so that they work on it
 * where it is; for a small one that would cost more than it saves.
 */
export class SupernodalWorkspace implements TrapezoidRoom {
  /** The supernodes as the kernels want them: in the same memory. */
  readonly blocks: Trapezoids;
  readonly ofColumn: Int32Array;
  /** Place of each row within the supernode at hand. */
  readonly place: Int32Array;
  readonly map: Int32Array;
  /** The first of the supernodes whose next rows lie in a given supernode, −1 for none. */
  readonly head: Int32Array;
  readonly next: Int32Array;
  /** Where each finished supernode stands: the position in `rows` of its next row. */
  readonly at: Int32Array;
  readonly update: Float64Array;
  /** Columns of several supernodes spread over the rows of the one at hand, to be subtracted together. */
  readonly panel: Float64Array;
  readonly packing: PackingWorkspace;
  /** How many times as fast dense products are as subtracting entry by entry. */
  readonly gain: number;
  readonly tables: Int32Array;
  private readonly memory: DenseWorkspace | null;

  /** @param flops of the numeric phase */
  constructor(n: number, partition: SupernodePartition, flops: number) {
    const { count, first, ofColumn, rowPtr, rows, valuePtr, updateSize, maxRows } = partition;
    // L and its inverse subset, an update block and a panel for each, the largest block that the inverse
    // scales, one with both triangles, and right-hand sides; what is reserved and never touched costs nothing.
    const panelSize = maxRows * panelDepth;
    const mirror = partition.maxCols ** 2;
    const integers = 6 * (count + 1) + rows.length + 2 * n + maxRows + 13;
    // Every allocation may waste up to seven numbers.
    const capacity =
      2 * (valuePtr[count] + updateSize + panelSize) +
      largestBelow(partition) +
      mirror +
      n * mostSides +
      Math.ceil(integers / 2) +
      256;
    this.memory = flops >= largeFactor && capacity <= mostNumbers ? new DenseWorkspace(capacity) : null;
    this.packing = this.memory ?? choleskyWorkspace(maxRows, maxRows);
    this.gain = this.memory === null ? 4 : 16;
    this.blocks = {
      count,
      first: this.keep(first),
      rowPtr: this.keep(rowPtr),
      rows: this.keep(rows),
      valuePtr: this.keep(valuePtr),
    };
    this.ofColumn = this.keep(ofColumn);
    this.place = this.allocateIntegers(n);
    this.map = this.allocateIntegers(maxRows);
    this.head = this.allocateIntegers(count);
    this.next = this.allocateIntegers(count);
    this.at = this.allocateIntegers(count);
    this.tables = this.allocateIntegers(13);
    this.update = this.allocate(updateSize);
    this.panel = this.allocate(panelSize);
  }

  /** A new array of zeros in the memory that the dense kernels work on. */
  allocate(length: number): Float64Array {
    return this.memory === null ? new Float64Array(length) : this.memory.allocate(length);
  }

  private allocateIntegers(length: number): Int32Array {
    return this.memory === null ? new Int32Array(length) : this.memory.allocateIntegers(length);
  }

  /** A copy of a table in that memory; the table itself where that is no other. */
  private keep(table: Int32Array): Int32Array {
    if (this.memory === null) return table;
    const copy = this.memory.allocateIntegers(table.length);
    copy.set(table);
    return copy;
  }
}

/**
 * From this many flops on the factor lives in WebAssembly memory. Below, making that memory costs more than one
 * factorization and one solve in it win (a grid of 24 × 24, 0.087 Mflop, Node 20: 0.14 ms either way). Every further
 * `update` takes a third of the time.
 */
const largeFactor = 8e4;

/** Unless it needs more than this many numbers: a 32-bit WebAssembly memory has 4 GiB. */
const mostNumbers = 4.5e8;

/** Entries of the largest block below the own columns of a supernode. */
export function largestBelow(partition: SupernodePartition): number {
  const { count, first, rowPtr } = partition;
  let largest = 0;
  for (let s = 0; s < count; s++) {
    const cols = first[s + 1] - first[s];
    largest = Math.max(largest, (rowPtr[s + 1] - rowPtr[s] - cols) * cols);
  }
  return largest;
}
