import { colBlock, depthBlock, type PackingWorkspace, packInto, rowBlock } from "./packing";
import { subtractTile, tileCols, tileRows } from "./tile";

/** Below this many multiplications packing costs more than it saves. */
const smallProduct = 3000;

/**
 * C ← C − f A B', the kernel under Cholesky, rank-k updates and products, on strided blocks.
 *
 * c_ij ← c_ij − Σ_p (f a_ip) b_jp. Sums run over p in increasing order in stretches of 256, each subtracted
 * once, whatever the sizes and the path, so equal input gives equal bits. Allocates nothing.
 * Cost 2 rows · cols · depth flops, half of it when `lower`.
 *
 * @param c written; entry (i, j) at `cOffset + i + j · ldc`. Must not overlap a or b where it is written
 * @param rows rows of C and A
 * @param cols columns of C and rows of B
 * @param depth columns of A and of B
 * @param factor f
 * @param a entry (i, p) at `aOffset + i · aRowStride + p · aColStride`
 * @param b entry (j, p) at `bOffset + j · bRowStride + p · bColStride`
 * @param lower update only entries with i ≥ j
 */
export function subtractProductInPlace(
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
): void {
  const { left, right, tile } = work;
  for (let j = 0; j < cols; j += tileCols) {
    const insideCols = Math.min(tileCols, cols - j);
    for (let i = 0; i < rows; i += tileRows) {
      const insideRows = Math.min(tileRows, rows - i);
      // Row i of the block is at the diagonal of column i + below.
      if (below >= 0 && i + insideRows - 1 + below < j) continue;
      const whole = insideRows === tileRows && insideCols === tileCols;
      if (whole && (below < 0 || i + below >= j + tileCols - 1)) {
        subtractTile(depth, left, i * depth, right, j * depth, c, cOffset + i + j * ldc, ldc);
        continue;
      }
      tile.fill(0);
      subtractTile(depth, left, i * depth, right, j * depth, tile, 0, tileRows);
      for (let s = 0; s < insideCols; s++) {
        const first = below < 0 ? 0 : Math.max(0, j + s - i - below);
        const at = cOffset + i + (j + s) * ldc;
        for (let r = first; r < insideRows; r++) c[at + r] += tile[r + s * tileRows];
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
): void {
  for (let p = 0; p < depth; p += depthBlock) {
    const blockDepth = Math.min(depthBlock, depth - p);
    const aBlock = aOffset + p * aColStride;
    const bBlock = bOffset + p * bColStride;
    for (let j = 0; j < cols; j++) {
      const bj = bBlock + j * bRowStride;
      const cj = cOffset + j * ldc;
      for (let i = lower ? j : 0; i < rows; i++) {
        let sum = 0;
        let at = aBlock + i * aRowStride;
        let bt = bj;
        for (let q = 0; q < blockDepth; q++) {
          sum += factor * a[at] * b[bt];
          at += aColStride;
          bt += bColStride;
        }
        c[cj + i] -= sum;
      }
    }
  }
}
