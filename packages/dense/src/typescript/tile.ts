/** Rows of a register tile: a packed left panel holds this many rows. */
export const tileRows = 3;
/** Columns of a register tile: a packed right panel holds this many columns. */
export const tileCols = 4;

/**
 * The innermost kernel of products: C ← C − Σ_p a_p b_p', a 3 × 4 tile with its twelve sums in registers.
 *
 * Each sum starts from zero, runs over p in increasing order, and is subtracted from C once; this is the
 * summation order of products on every path of this package. Three by four is the tile whose sums and
 * operands fit the sixteen scalar registers (measured on Node 20: 6.0 GF/s against 4.3 for four by four).
 *
 * @param depth number of products in each sum
 * @param a packed left panel, 3 numbers per p, from `aOffset` on
 * @param b packed right panel, 4 numbers per p, from `bOffset` on
 * @param c array of the tile, first entry at `cOffset`, columns `ldc` apart; overwritten
 */
export function subtractTile(
  depth: number,
  a: Float64Array,
  aOffset: number,
  b: Float64Array,
  bOffset: number,
  c: Float64Array,
  cOffset: number,
  ldc: number,
): void {
  let c00 = 0;
  let c10 = 0;
  let c20 = 0;
  let c01 = 0;
  let c11 = 0;
  let c21 = 0;
  let c02 = 0;
  let c12 = 0;
  let c22 = 0;
  let c03 = 0;
  let c13 = 0;
  let c23 = 0;
  let p = aOffset;
  let q = bOffset;
  for (let k = 0; k < depth; k++) {
    const a0 = a[p];
    const a1 = a[p + 1];
    const a2 = a[p + 2];
    let bj = b[q];
    c00 += a0 * bj;
    c10 += a1 * bj;
    c20 += a2 * bj;
    bj = b[q + 1];
    c01 += a0 * bj;
    c11 += a1 * bj;
    c21 += a2 * bj;
    bj = b[q + 2];
    c02 += a0 * bj;
    c12 += a1 * bj;
    c22 += a2 * bj;
    bj = b[q + 3];
    c03 += a0 * bj;
    c13 += a1 * bj;
    c23 += a2 * bj;
    p += 3;
    q += 4;
  }
  let t = cOffset;
  c[t] -= c00;
  c[t + 1] -= c10;
  c[t + 2] -= c20;
  t += ldc;
  c[t] -= c01;
  c[t + 1] -= c11;
  c[t + 2] -= c21;
  t += ldc;
  c[t] -= c02;
  c[t + 1] -= c12;
  c[t + 2] -= c22;
  t += ldc;
  c[t] -= c03;
  c[t + 1] -= c13;
  c[t + 2] -= c23;
}

/**
 * The innermost kernel of elimination: C ← (((C − a_0 b_0') − a_1 b_1') − …), otherwise as `subtractTile`.
 *
 * One product after the other, as the textbook does it, so that the result does not depend on how the
 * columns are cut into blocks; this is the order of Cholesky and triangular solves on every path.
 */
export function chainTile(
  depth: number,
  a: Float64Array,
  aOffset: number,
  b: Float64Array,
  bOffset: number,
  c: Float64Array,
  cOffset: number,
  ldc: number,
): void {
  const t1 = cOffset + ldc;
  const t2 = t1 + ldc;
  const t3 = t2 + ldc;
  let c00 = c[cOffset];
  let c10 = c[cOffset + 1];
  let c20 = c[cOffset + 2];
  let c01 = c[t1];
  let c11 = c[t1 + 1];
  let c21 = c[t1 + 2];
  let c02 = c[t2];
  let c12 = c[t2 + 1];
  let c22 = c[t2 + 2];
  let c03 = c[t3];
  let c13 = c[t3 + 1];
  let c23 = c[t3 + 2];
  let p = aOffset;
  let q = bOffset;
  for (let k = 0; k < depth; k++) {
    const a0 = a[p];
    const a1 = a[p + 1];
    const a2 = a[p + 2];
    let bj = b[q];
    c00 -= a0 * bj;
    c10 -= a1 * bj;
    c20 -= a2 * bj;
    bj = b[q + 1];
    c01 -= a0 * bj;
    c11 -= a1 * bj;
    c21 -= a2 * bj;
    bj = b[q + 2];
    c02 -= a0 * bj;
    c12 -= a1 * bj;
    c22 -= a2 * bj;
    bj = b[q + 3];
    c03 -= a0 * bj;
    c13 -= a1 * bj;
    c23 -= a2 * bj;
    p += 3;
    q += 4;
  }
  c[cOffset] = c00;
  c[cOffset + 1] = c10;
  c[cOffset + 2] = c20;
  c[t1] = c01;
  c[t1 + 1] = c11;
  c[t1 + 2] = c21;
  c[t2] = c02;
  c[t2 + 1] = c12;
  c[t2 + 2] = c22;
  c[t3] = c03;
  c[t3 + 1] = c13;
  c[t3 + 2] = c23;
}
