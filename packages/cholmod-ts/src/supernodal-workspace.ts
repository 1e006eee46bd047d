import { choleskyWorkspace, DenseWorkspace, type PackingWorkspace } from "@lmmkit/dense";
import type { SupernodePartition } from "./symbolic";

/**
 * Most columns of the panel, and of a supernode that goes into it. Where many narrow supernodes have rows
 * nearly everywhere in a later one (crossed random effects), each alone would be subtracted entry by entry;
 * spread over all its rows, with zeros where they have none, many of them make one dense product.
 */
export const panelDepth = 64;
export const panelWidth = 16;
/** Right-hand sides that are solved for at once, in rows of this many numbers. */
export const mostSides = 32;
/** Smaller blocks are not worth it. */
export const panelArea = 4096;

/**
 * Work space of `factorizeSupernodalInPlace`, and the memory that the values live in.
 *
 * A large factor lives in the memory of the WebAssembly kernels of `@lmmkit/dense`, so that they work on it
 * where it is; for a small one that would cost more than it saves.
 */
export class SupernodalWorkspace {
  /** Place of each row within the supernode at hand. */
  readonly place: Int32Array;
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
  readonly denseGain: number;
  private readonly memory: DenseWorkspace | null;

  /** @param flops of the numeric phase */
  constructor(n: number, partition: SupernodePartition, flops: number) {
    const { count, rows, valuePtr, updateSize, maxRows } = partition;
    this.place = new Int32Array(n);
    this.head = new Int32Array(count);
    this.next = new Int32Array(count);
    this.at = new Int32Array(count);
    // L and its inverse subset, an update block and a panel for each, the largest block that the inverse
    // scales, one with both triangles, right-hand sides, and the tables of the blocks (two integers to a
    // number); what is reserved and never touched costs nothing.
    const panelSize = maxRows * panelDepth;
    const mirror = partition.maxCols ** 2;
    const tables = Math.ceil((3 * (count + 1) + rows.length) / 2);
    const capacity =
      2 * (valuePtr[count] + updateSize + panelSize) +
      largestBelow(partition) +
      mirror +
      n * mostSides +
      tables +
      192;
    this.memory = flops >= largeFactor && capacity <= mostNumbers ? new DenseWorkspace(capacity) : null;
    this.packing = this.memory ?? choleskyWorkspace(maxRows, maxRows);
    this.update = this.allocate(updateSize);
    this.panel = this.allocate(panelSize);
    this.denseGain = this.memory === null ? 4 : 16;
  }

  /** A new array of zeros in the memory that the dense kernels work on. */
  allocate(length: number): Float64Array {
    return this.memory === null ? new Float64Array(length) : this.memory.allocate(length);
  }

  /** A copy of a table in that memory. */
  copyIntegers(table: Int32Array): Int32Array {
    const copy =
      this.memory === null ? new Int32Array(table.length) : this.memory.allocateIntegers(table.length);
    copy.set(table);
    return copy;
  }
}

/**
 * From this many flops on the factor lives in WebAssembly memory. Below, making that memory (0.2 ms) costs more
 * than a handful of factorizations win.
 */
const largeFactor = 1.5e5;

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
