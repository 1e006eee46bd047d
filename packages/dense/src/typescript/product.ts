import type { PackingWorkspace } from "../workspace";
import { colBlock, depthBlock, packInto, rowBlock } from "./packing";
import { chainTile, subtractTile, tileCols, tileRows } from "./tile";

/** Below this many multiplications packing costs more than it saves. */
const smallProduct = 3000;

/**
 * C ← C − f A B' on strided blocks, in plain TypeScript; parameters as of `subtractProductInPlace`.
 *
 * @param chain subtract the products one by one (elimination), not their sums over stretches of 256
 */
export function subtractProduct(
  c: Float64Array,
  cOffset: number,
  ldc: number,
  rows: number,
  cols: number,
  depth: number,
  factor: number,
  a: Float64Array,
  aOffset: number,
  aRowStride: number,
  aColStride: number,
  b: Float64Array,
  bOffset: number,
  bRowStride: number,
  bColStride: number,
  lower: boolean,
  chain: boolean,
  work: PackingWorkspace,
): void {
  if (rows * cols * depth <= smallProduct) {
    subtractSmall(
      c,
      cOffset,
      ldc,
      rows,
      cols,
      depth,
      factor,
      a,
      aOffset,
      aRowStride,
      aColStride,
      b,
      bOffset,
      bRowStride,
      bColStride,
      lower,
      chain,
    );
    return;
  }
  const { left, right } = work;
  work.checkRoom(rows, cols, depth);
  for (let j = 0; j < cols; j += colBlock) {
    const blockCols = Math.min(colBlock, cols - j);
    const firstRow = lower ? j : 0;
    for (let p = 0; p < depth; p += depthBlock) {
      const blockDepth = Math.min(depthBlock, depth - p);
      packInto(
        tileCols,
        blockCols,
        blockDepth,
        1,
        b,
        bOffset + j * bRowStride + p * bColStride,
        bRowStride,
        bColStride,
        right,
      );
      for (let i = firstRow; i < rows; i += rowBlock) {
        const blockRows = Math.min(rowBlock, rows - i);
        packInto(
          tileRows,
          blockRows,
          blockDepth,
          factor,
          a,
          aOffset + i * aRowStride + p * aColStride,
          aRowStride,
          aColStride,
          left,
        );
        subtractPacked(
          c,
          cOffset + i + j * ldc,
          ldc,
          blockRows,
          blockCols,
          blockDepth,
          work,
          lower ? i - j : -1,
          chain,
        );
      }
    }
  }
}

/**
 * C ← C − (packed left) (packed right)'. `below` is how far the block's first row lies below its first
 * column's diagonal entry when only the lower triangle is wanted, −1 for all of C.
 */
function subtractPacked(
  c: Float64Array,
  cOffset: number,
  ldc: number,
  rows: number,
  cols: number,
  depth: number,
  work: PackingWorkspace,
  below: number,
  chain: boolean,
): void {
  const { left, right, tile } = work;
  for (let j = 0; j < cols; j += tileCols) {
    const insideCols = Math.min(tileCols, cols - j);
    for (let i = 0; i < rows; i += tileRows) {
      const insideRows = Math.min(tileRows, rows - i);
      // Row i of the block is at the diagonal of column i + below.
      if (below >= 0 && i + insideRows - 1 + below < j) continue;
      const at = cOffset + i + j * ldc;
      const whole = insideRows === tileRows && insideCols === tileCols;
      if (whole && (below < 0 || i + below >= j + tileCols - 1)) {
        if (chain) chainTile(depth, left, i * depth, right, j * depth, c, at, ldc);
        else subtractTile(depth, left, i * depth, right, j * depth, c, at, ldc);
        continue;
      }
      // A tile that sticks out of C or across its diagonal: through a copy.
      for (let s = 0; s < insideCols; s++) {
        const first = below < 0 ? 0 : Math.max(0, j + s - i - below);
        for (let r = first; r < insideRows; r++) tile[r + s * tileRows] = c[at + r + s * ldc];
      }
      if (chain) chainTile(depth, left, i * depth, right, j * depth, tile, 0, tileRows);
      else subtractTile(depth, left, i * depth, right, j * depth, tile, 0, tileRows);
      for (let s = 0; s < insideCols; s++) {
        const first = below < 0 ? 0 : Math.max(0, j + s - i - below);
        for (let r = first; r < insideRows; r++) c[at + r + s * ldc] = tile[r + s * tileRows];
      }
    }
  }
}

/** The same sums without packing. `depth` is below `depthBlock` here only by way of `smallProduct`. */
function subtractSmall(
  c: Float64Array,
  cOffset: number,
  ldc: number,
  rows: number,
  cols: number,
  depth: number,
  factor: number,
  a: Float64Array,
  aOffset: number,
  aRowStride: number,
  aColStride: number,
  b: Float64Array,
  bOffset: number,
  bRowStride: number,
  bColStride: number,
  lower: boolean,
  chain: boolean,
): void {
  for (let p = 0; p < depth; p += depthBlock) {
    const blockDepth = Math.min(depthBlock, depth - p);
    const aBlock = aOffset + p * aColStride;
    const bBlock = bOffset + p * bColStride;
    for (let j = 0; j < cols; j++) {
      const bj = bBlock + j * bRowStride;
      const cj = cOffset + j * ldc;
      for (let i = lower ? j : 0; i < rows; i++) {
        let sum = chain ? c[cj + i] : 0;
        let at = aBlock + i * aRowStride;
        let bt = bj;
        if (chain) {
          for (let q = 0; q < blockDepth; q++, at += aColStride, bt += bColStride) {
            sum -= factor * a[at] * b[bt];
          }
          c[cj + i] = sum;
        } else {
          for (let q = 0; q < blockDepth; q++, at += aColStride, bt += bColStride) {
            sum += factor * a[at] * b[bt];
          }
          c[cj + i] -= sum;
        }
      }
    }
  }
}
