import { checkBlock } from "./errors";
import { subtractProductInPlace } from "./subtract-product";
import { PackingWorkspace } from "./workspace";

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
 * Each sum runs over k in increasing order, in stretches of 256. Cost 2 m n k flops. Throws `DenseError` on
 * arrays that are too short. `out` must not share memory with A or B.
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
  const { alpha = 1, beta = 0, work = new PackingWorkspace(m, n, k) } = options;
  const lda = transA === "none" ? m : k;
  const ldb = transB === "none" ? k : n;
  gemmBlockInto(transA, transB, m, n, k, alpha, a, 0, lda, b, 0, ldb, beta, work, out, 0, m);
}

/**
 * The same on blocks of larger arrays, without options: out ← α op(A) op(B) + β out. Allocates nothing.
 *
 * @param a entry (i, j) at `aOffset + i + j · lda`
 * @param b entry (i, j) at `bOffset + i + j · ldb`
 * @param beta 0 also overwrites NaN
 * @param work a `DenseWorkspace` from which all three arrays are lets WebAssembly do it
 * @param out entry (i, j) at `outOffset + i + j · ldOut`; overwritten
 */
export function gemmBlockInto(
  transA: Transposition,
  transB: Transposition,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
  beta: number,
  work: PackingWorkspace,
  out: Float64Array,
  outOffset: number,
  ldOut: number,
): void {
  const plainA = transA === "none";
  const plainB = transB === "none";
  checkBlock(a.length, aOffset, plainA ? m : k, plainA ? k : m, lda, "left factor");
  checkBlock(b.length, bOffset, plainB ? k : n, plainB ? n : k, ldb, "right factor");
  checkBlock(out.length, outOffset, m, n, ldOut, "result");
  scaleInPlace(out, outOffset, ldOut, m, n, beta, false);
  subtractProductInPlace(
    out,
    outOffset,
    ldOut,
    m,
    n,
    k,
    -alpha,
    a,
    aOffset,
    plainA ? 1 : lda,
    plainA ? lda : 1,
    b,
    bOffset,
    plainB ? ldb : 1,
    plainB ? 1 : ldb,
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
  const { alpha = 1, beta = 0, work = new PackingWorkspace(n, n, k) } = options;
  syrkBlockInto(trans, n, k, alpha, a, 0, trans === "none" ? n : k, beta, work, out, 0, n);
}

/**
 * The same on blocks of larger arrays, without options: lower triangle of out ← α op(A) op(A)' + β out.
 * Allocates nothing.
 *
 * @param a entry (i, j) at `aOffset + i + j · lda`
 * @param beta 0 also overwrites NaN
 * @param work a `DenseWorkspace` from which both arrays are lets WebAssembly do it
 * @param out entry (i, j) at `outOffset + i + j · ldOut`; its lower triangle is overwritten
 */
export function syrkBlockInto(
  trans: Transposition,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  beta: number,
  work: PackingWorkspace,
  out: Float64Array,
  outOffset: number,
  ldOut: number,
): void {
  const plain = trans === "none";
  checkBlock(a.length, aOffset, plain ? n : k, plain ? k : n, lda, "factor");
  checkBlock(out.length, outOffset, n, n, ldOut, "result");
  scaleInPlace(out, outOffset, ldOut, n, n, beta, true);
  const row = plain ? 1 : lda;
  const col = plain ? lda : 1;
  subtractProductInPlace(
    out,
    outOffset,
    ldOut,
    n,
    n,
    k,
    -alpha,
    a,
    aOffset,
    row,
    col,
    a,
    aOffset,
    row,
    col,
    true,
    work,
  );
}

/** X ← factor · X, of all columns or from the diagonal down. */
function scaleInPlace(
  x: Float64Array,
  offset: number,
  ld: number,
  rows: number,
  cols: number,
  factor: number,
  lower: boolean,
): void {
  if (factor === 1) return;
  for (let j = 0; j < cols; j++) {
    const end = offset + j * ld + rows;
    for (let i = offset + j * ld + (lower ? j : 0); i < end; i++) x[i] = factor === 0 ? 0 : factor * x[i];
  }
}
