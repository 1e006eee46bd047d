import { checkBlock } from "./errors";
import { PackingWorkspace } from "./packing";
import { subtractProductInPlace } from "./subtract-product";

/** Whether an operand is used as it is or transposed. */
export type Transposition = "none" | "transpose";

/** Scalars and work space of `gemmInto` and `syrkInto`. */
export interface ProductOptions {
  /** Factor of the product, 1 by default. */
  readonly alpha?: number;
  /** Factor of what `out` holds before; 0 by default, which also overwrites NaN. */
  readonly beta?: number;
  /** Given, nothing is allocated. */
  readonly work?: PackingWorkspace;
}

/**
 * out ← α op(A) op(B) + β out, with op(A) m × k and op(B) k × n, all column-major without gaps.
 *
 * Each sum runs over k in increasing order. Cost 2 m n k flops. Throws `DenseError` on arrays that are too
 * short. `out` must not share memory with A or B.
 *
 * @param a m × k, or k × m when transposed
 * @param b k × n, or n × k when transposed
 * @param out m × n, overwritten
 */
export function gemmInto(
  transA: Transposition,
  transB: Transposition,
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  options: ProductOptions = {},
): void {
  const aRows = transA === "none" ? m : k;
  const bRows = transB === "none" ? k : n;
  checkBlock(a.length, 0, aRows, transA === "none" ? k : m, aRows, "left factor");
  checkBlock(b.length, 0, bRows, transB === "none" ? n : k, bRows, "right factor");
  checkBlock(out.length, 0, m, n, m, "result");
  const { alpha = 1, beta = 0, work = new PackingWorkspace(m, n, k) } = options;
  scaleInPlace(out, m * n, beta);
  subtractProductInPlace(
    out,
    0,
    m,
    m,
    n,
    k,
    -alpha,
    a,
    0,
    transA === "none" ? 1 : k,
    transA === "none" ? m : 1,
    b,
    0,
    transB === "none" ? k : 1,
    transB === "none" ? 1 : n,
    false,
    work,
  );
}

/**
 * Lower triangle of out ← α op(A) op(A)' + β out, with op(A) n × k; the strict upper triangle is not touched.
 *
 * Cost n² k flops. Throws `DenseError` on arrays that are too short.
 *
 * @param a n × k, or k × n when transposed (then out = A'A)
 * @param out n × n, column-major; its lower triangle is overwritten
 */
export function syrkInto(
  trans: Transposition,
  n: number,
  k: number,
  a: Float64Array,
  out: Float64Array,
  options: ProductOptions = {},
): void {
  const rows = trans === "none" ? n : k;
  checkBlock(a.length, 0, rows, trans === "none" ? k : n, rows, "factor");
  checkBlock(out.length, 0, n, n, n, "result");
  const { alpha = 1, beta = 0, work = new PackingWorkspace(n, n, k) } = options;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) out[i + j * n] = beta === 0 ? 0 : beta * out[i + j * n];
  }
  const rowStride = trans === "none" ? 1 : k;
  const colStride = trans === "none" ? n : 1;
  subtractProductInPlace(
    out,
    0,
    n,
    n,
    n,
    k,
    -alpha,
    a,
    0,
    rowStride,
    colStride,
    a,
    0,
    rowStride,
    colStride,
    true,
    work,
  );
}

function scaleInPlace(x: Float64Array, count: number, factor: number): void {
  if (factor === 1) return;
  for (let i = 0; i < count; i++) x[i] = factor === 0 ? 0 : factor * x[i];
}
