import { pack, packFive } from "./pack";
import { chainTile, sumTile } from "./product-tile";

/** Products in one sum before it is subtracted; the same constant as in src/typescript/packing.ts. */
const depthBlock: i32 = 256;
const rowBlock: i32 = 128;
const colBlock: i32 = 510;

/** Scratch: one tile (160 bytes), then the packed left operand, then the packed right one. */
export let tile: usize = 0;
export let left: usize = 0;
export let right: usize = 0;

export const scratchBytes: i32 = 192 + (((rowBlock + colBlock) * depthBlock) << 3);

export function setScratch(at: usize): void {
  tile = at;
  left = at + 192;
  right = left + ((rowBlock * depthBlock) << 3);
}

/** C ← C − f A B' on strided blocks; the twin of `subtractProduct` in src/typescript/product.ts. */
export function product(
  c: usize,
  ldc: i32,
  rows: i32,
  cols: i32,
  depth: i32,
  factor: f64,
  a: usize,
  aRowStride: i32,
  aColStride: i32,
  b: usize,
  bRowStride: i32,
  bColStride: i32,
  lower: bool,
  chain: bool,
): void {
  for (let j = 0; j < cols; j += colBlock) {
    const n = min(colBlock, cols - j);
    for (let p = 0; p < depth; p += depthBlock) {
      const k = min(depthBlock, depth - p);
      packFive(n, k, b + ((j * bRowStride + p * bColStride) << 3), bRowStride, bColStride, right);
      for (let i = lower ? j : 0; i < rows; i += rowBlock) {
        const m = min(rowBlock, rows - i);
        pack(m, k, k, factor, a + ((i * aRowStride + p * aColStride) << 3), aRowStride, aColStride, left);
        packedProduct(c + ((i + j * ldc) << 3), ldc, m, n, k, left, right, lower ? i - j : 1 << 28, chain);
      }
    }
  }
}

/**
 * C ← C − (packed a) (packed b)'. `below` is how far the first row lies below the diagonal entry of the
 * first column when only the lower triangle is wanted, and huge otherwise.
 */
function packedProduct(
  c: usize,
  ldc: i32,
  rows: i32,
  cols: i32,
  depth: i32,
  a: usize,
  b: usize,
  below: i32,
  chain: bool,
): void {
  const colBytes = ldc << 3;
  const panelBytes = depth << 5;
  for (let j = 0; j < cols; j += 5, b += depth * 40, c += colBytes * 5) {
    const n = min(5, cols - j);
    // The first panel with a row at or below the diagonal of column j.
    let i = below >= j ? 0 : (j - below) & ~3;
    let ai = a + (i >> 2) * panelBytes;
    for (; i < rows; i += 4, ai += panelBytes) {
      const m = min(4, rows - i);
      const at = c + (i << 3);
      if (m + n == 9 && i + below >= j + 4) {
        if (chain) chainTile(depth, ai, b, at, colBytes);
        else sumTile(depth, ai, b, at, colBytes);
      } else {
        edgeTile(depth, ai, b, at, ldc, m, n, j - below - i, chain);
      }
    }
  }
}

/** A tile that sticks out of C or across its diagonal: entries (r, s) with r < m, s < n, r ≥ s + above. */
function edgeTile(
  depth: i32,
  a: usize,
  b: usize,
  c: usize,
  ldc: i32,
  m: i32,
  n: i32,
  above: i32,
  chain: bool,
): void {
  for (let s = 0; s < n; s++) {
    for (let r = max(0, s + above); r < m; r++) {
      store<f64>(tile + ((r + (s << 2)) << 3), load<f64>(c + ((r + s * ldc) << 3)));
    }
  }
  if (chain) chainTile(depth, a, b, tile, 32);
  else sumTile(depth, a, b, tile, 32);
  for (let s = 0; s < n; s++) {
    for (let r = max(0, s + above); r < m; r++) {
      store<f64>(c + ((r + s * ldc) << 3), load<f64>(tile + ((r + (s << 2)) << 3)));
    }
  }
}
