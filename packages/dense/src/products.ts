import { checkBlock } from "./errors";
import { address, type KernelChoice, stage, staging, unstage } from "./staging";
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
  /** "auto" by default, or what `work` says: WebAssembly where it pays for copying. The bits are the same. */
  readonly kernels?: KernelChoice;
}

/** From this many multiplications on operands from ordinary arrays are worth copying to WebAssembly. */
const stagedProduct = 4096;

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
  const { alpha = 1, beta = 0, work = new PackingWorkspace(m, n, k), kernels = work.choice } = options;
  const lda = transA === "none" ? m : k;
  const ldb = transB === "none" ? k : n;
  const large = kernels === "wasm" || m * n * k >= stagedProduct;
  const inside = work.instance !== null && out.buffer === work.instance.buffer;
  const staged = large && !inside ? staging(m * k + k * n + m * n, kernels) : null;
  if (staged === null) {
    gemmBlockInto(transA, transB, m, n, k, alpha, a, 0, lda, b, 0, ldb, beta, work, out, 0, m);
    return;
  }
  checkOperands(transA, transB, m, n, k, a, 0, lda, b, 0, ldb, out, 0, m);
  scaleInPlace(out, 0, m, m, n, beta, false);
  stage(staged, 0, a, 0, 1, m * k, 1);
  stage(staged, m * k, b, 0, 1, k * n, 1);
  stage(staged, m * k + k * n, out, 0, 1, m * n, 1);
  staged.instance.kernels.product(
    address(staged, m * k + k * n),
    m,
    m,
    n,
    k,
    -alpha,
    address(staged, 0),
    transA === "none" ? 1 : lda,
    transA === "none" ? lda : 1,
    address(staged, m * k),
    transB === "none" ? ldb : 1,
    transB === "none" ? 1 : ldb,
    false,
    false,
  );
  unstage(staged, m * k + k * n, 1, m * n, false, out, 0, 1);
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
  checkOperands(transA, transB, m, n, k, a, aOffset, lda, b, bOffset, ldb, out, outOffset, ldOut);
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
  const { alpha = 1, beta = 0, work = new PackingWorkspace(n, n, k), kernels = work.choice } = options;
  const plain = trans === "none";
  const lda = plain ? n : k;
  const large = kernels === "wasm" || (n * n * k) / 2 >= stagedProduct;
  const inside = work.instance !== null && out.buffer === work.instance.buffer;
  const staged = large && !inside ? staging(n * k + n * n, kernels) : null;
  if (staged === null) {
    syrkBlockInto(trans, n, k, alpha, a, 0, lda, beta, work, out, 0, n);
    return;
  }
  checkBlock(a.length, 0, lda, plain ? k : n, lda, "factor");
  checkBlock(out.length, 0, n, n, n, "result");
  scaleInPlace(out, 0, n, n, n, beta, true);
  stage(staged, 0, a, 0, 1, n * k, 1);
  stage(staged, n * k, out, 0, 1, n * n, 1);
  const from = address(staged, 0);
  const row = plain ? 1 : lda;
  const col = plain ? lda : 1;
  const to = address(staged, n * k);
  staged.instance.kernels.product(to, n, n, n, k, -alpha, from, row, col, from, row, col, true, false);
  unstage(staged, n * k, 1, n * n, false, out, 0, 1);
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

/** Throws unless the three blocks of a product lie within their arrays. */
function checkOperands(
  transA: Transposition,
  transB: Transposition,
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
  out: Float64Array,
  outOffset: number,
  ldOut: number,
): void {
  const plainA = transA === "none";
  const plainB = transB === "none";
  checkBlock(a.length, aOffset, plainA ? m : k, plainA ? k : m, lda, "left factor");
  checkBlock(b.length, bOffset, plainB ? k : n, plainB ? n : k, ldb, "right factor");
  checkBlock(out.length, outOffset, m, n, ldOut, "result");
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
