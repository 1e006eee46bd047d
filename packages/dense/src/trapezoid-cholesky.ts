import { checkSize, DenseError } from "./errors";
import type { TrapezoidRoom } from "./trapezoid-room";
import type { Trapezoids } from "./trapezoids";
import { choleskyTrapezoids } from "./typescript/trapezoid-cholesky";
import type { PackingWorkspace } from "./workspace";

/**
 * L of A = L L' for a sparse A, block by block, in the place of its lower triangle.
 *
 * Left-looking: from a block the products of all finished blocks that have rows among its columns are
 * subtracted, each as one dense product whose rows are then added where they belong (of at most four columns:
 * one by one; of narrow blocks with many rows: several together, spread over all rows); then the block's own
 * columns are factorized as `choleskyTrapezoidInPlace` does it. Returns −1, or the first column whose pivot is
 * not positive and finite. Allocates nothing. Runs in WebAssembly when `work` is a `DenseWorkspace` and all
 * arrays are in its memory, with the same bits; the tables are then taken on trust.
 *
 * Source: Ng & Peyton (1993), SIAM J. Sci. Comput. 14(5), section 3.2 (left-looking block algorithm).
 *
 * @param values lower triangle of A spread over the blocks; overwritten by L
 */
export function choleskyTrapezoidsInPlace(
  values: Float64Array,
  blocks: Trapezoids,
  room: TrapezoidRoom,
  work: PackingWorkspace,
): number {
  const { count, first, rowPtr, rows, valuePtr } = blocks;
  checkSize(count, "number of blocks");
  if (values.length < valuePtr[count]) {
    throw new DenseError("short-array", "short blocks", values.length, `need ${valuePtr[count]} numbers`);
  }
  const { instance } = work;
  const { ofColumn, place, map, head, next, at, update, panel, tables } = room;
  const buffer = instance?.buffer;
  // Tiles read up to three numbers behind a block.
  const behind = buffer === undefined ? 0 : buffer.byteLength - values.byteOffset - 8 * valuePtr[count];
  if (
    instance === null ||
    behind < 24 ||
    values.buffer !== buffer ||
    first.buffer !== buffer ||
    rowPtr.buffer !== buffer ||
    rows.buffer !== buffer ||
    valuePtr.buffer !== buffer ||
    ofColumn.buffer !== buffer ||
    place.buffer !== buffer ||
    map.buffer !== buffer ||
    head.buffer !== buffer ||
    next.buffer !== buffer ||
    at.buffer !== buffer ||
    update.buffer !== buffer ||
    panel.buffer !== buffer ||
    tables.buffer !== buffer
  ) {
    return choleskyTrapezoids(values, blocks, room, work);
  }
  tables[0] = values.byteOffset;
  tables[1] = first.byteOffset;
  tables[2] = ofColumn.byteOffset;
  tables[3] = rowPtr.byteOffset;
  tables[4] = rows.byteOffset;
  tables[5] = valuePtr.byteOffset;
  tables[6] = place.byteOffset;
  tables[7] = map.byteOffset;
  tables[8] = head.byteOffset;
  tables[9] = next.byteOffset;
  tables[10] = at.byteOffset;
  tables[11] = update.byteOffset;
  tables[12] = panel.byteOffset;
  return instance.kernels.choleskyTrapezoids(tables.byteOffset, count, room.gain);
}
