import { checkWithin } from "./errors";
import { subtractProduct } from "./typescript/product";
import type { PackingWorkspace } from "./workspace";

/** From this many multiplications on a product of arrays inside the workspace is left to WebAssembly. */
const wasmProduct = 128;

/**
 * C ← C − f A B', the kernel under rank-k updates and products, on strided blocks.
 *
 * c_ij ← c_ij − Σ_p (f a_ip) b_jp. Sums run over p in increasing order in stretches of 256, each summed from
 * zero and subtracted once, whatever the sizes and the path, so equal input gives equal bits. Runs in
 * WebAssembly when `work` is a `DenseWorkspace` and all three arrays are from its `allocate`. Allocates
 * nothing. Cost 2 rows · cols · depth flops, half of it when `lower`.
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
  const { instance } = work;
  if (
    instance !== null &&
    (work.choice === "wasm" || rows * cols * depth >= wasmProduct) &&
    c.buffer === instance.buffer &&
    a.buffer === instance.buffer &&
    b.buffer === instance.buffer
  ) {
    // What typed arrays do not notice would overwrite the workspace here.
    checkWithin(c.length, cOffset, rows, 1, cols, ldc, "result");
    checkWithin(a.length, aOffset, rows, aRowStride, depth, aColStride, "left factor");
    checkWithin(b.length, bOffset, cols, bRowStride, depth, bColStride, "right factor");
    instance.kernels.product(
      c.byteOffset + 8 * cOffset,
      ldc,
      rows,
      cols,
      depth,
      factor,
      a.byteOffset + 8 * aOffset,
      aRowStride,
      aColStride,
      b.byteOffset + 8 * bOffset,
      bRowStride,
      bColStride,
      lower,
      false,
    );
    return;
  }
  subtractProduct(
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
    false,
    work,
  );
}
