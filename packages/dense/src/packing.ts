import { DenseError } from "./errors";
import { tileCols, tileRows } from "./tile";

/** Products in one sum before it is subtracted from C; part of the summation order. */
export const depthBlock = 256;
/** Rows packed at once: with `depthBlock` 240 KiB, which stays in the second-level cache. */
export const rowBlock = 120;
/** Columns packed at once. */
export const colBlock = 512;

/** Room for the packed operands of `subtractProductInPlace`. One can serve any number of calls, one at a time. */
export class PackingWorkspace {
  readonly left: Float64Array;
  readonly right: Float64Array;
  /** One tile, for tiles that stick out of C. */
  readonly tile: Float64Array;

  /**
   * @param maxRows most rows of any C that it will be used for
   * @param maxCols most columns of any C
   * @param maxDepth most products in any sum
   */
  constructor(maxRows: number = rowBlock, maxCols: number = colBlock, maxDepth: number = depthBlock) {
    const depth = Math.min(depthBlock, maxDepth);
    this.left = new Float64Array((Math.min(rowBlock, maxRows) + tileRows) * depth);
    this.right = new Float64Array((Math.min(colBlock, maxCols) + tileCols) * depth);
    this.tile = new Float64Array(tileRows * tileCols);
  }

  /** Throws `DenseError` when the room is too small for a product of this shape. */
  checkRoom(rows: number, cols: number, depth: number): void {
    const block = Math.min(depthBlock, depth);
    const left = Math.ceil(Math.min(rowBlock, rows) / tileRows) * tileRows * block;
    const right = Math.ceil(Math.min(colBlock, cols) / tileCols) * tileCols * block;
    if (left > this.left.length)
      throw new DenseError("short-array", "short work space", this.left.length, `need ${left}`);
    if (right > this.right.length)
      throw new DenseError("short-array", "short work space", this.right.length, `need ${right}`);
  }
}

/**
 * Copies rows `0 … rows − 1` of a strided block into panels of `width` rows: panel by panel, for each p the
 * `width` numbers of that column, rows past the end as zeros. Each number is multiplied by `factor`.
 *
 * Entry (i, p) of the block is `source[offset + i · rowStride + p · colStride]`.
 *
 * @param out overwritten from its beginning: ceil(rows / width) · width · depth numbers
 */
export function packInto(
  width: number,
  rows: number,
  depth: number,
  factor: number,
  source: Float64Array,
  offset: number,
  rowStride: number,
  colStride: number,
  out: Float64Array,
): void {
  let to = 0;
  for (let i = 0; i < rows; i += width) {
    const inside = Math.min(width, rows - i);
    let from = offset + i * rowStride;
    if (inside === width && rowStride === 1 && width === 4) {
      for (let p = 0; p < depth; p++, from += colStride, to += 4) {
        out[to] = factor * source[from];
        out[to + 1] = factor * source[from + 1];
        out[to + 2] = factor * source[from + 2];
        out[to + 3] = factor * source[from + 3];
      }
    } else if (inside === width && rowStride === 1) {
      for (let p = 0; p < depth; p++, from += colStride, to += 3) {
        out[to] = factor * source[from];
        out[to + 1] = factor * source[from + 1];
        out[to + 2] = factor * source[from + 2];
      }
    } else {
      for (let p = 0; p < depth; p++, from += colStride) {
        for (let r = 0; r < inside; r++) out[to + r] = factor * source[from + r * rowStride];
        for (let r = inside; r < width; r++) out[to + r] = 0;
        to += width;
      }
    }
  }
}
