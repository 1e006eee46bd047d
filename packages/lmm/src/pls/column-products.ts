/**
 * out += sign · A'B for tall column-major A and B, or its lower triangle.
 *
 * Columns are read where they lie, three of A against three of B at a time: for the few, long columns here
 * that is faster than a product that packs its operands first. Sums run down the columns in order.
 *
 * @param out entry (i, j) at `outOffset + i + j · ld`, added to
 * @param rows columns of A
 * @param cols columns of B
 * @param depth length of the columns
 * @param a column i starts at `aOffset + i · aStride`; b likewise
 * @param lower only entries with i ≥ j
 * Cost: rows · cols · depth multiplications, half of it when `lower`; no allocation.
 */
export function addColumnProductsInto(
  rows: number,
  cols: number,
  depth: number,
  sign: 1 | -1,
  a: Float64Array,
  aOffset: number,
  aStride: number,
  b: Float64Array,
  bOffset: number,
  bStride: number,
  lower: boolean,
  out: Float64Array,
  outOffset: number,
  ld: number,
): void {
  for (let j = 0; j < cols; j += 3) {
    const width = Math.min(3, cols - j);
    for (let i = lower ? j : 0; i < rows; i += 3) {
      const height = Math.min(3, rows - i);
      const at = outOffset + i + j * ld;
      const x = aOffset + i * aStride;
      const y = bOffset + j * bStride;
      if (height === 3 && width === 3 && !(lower && i === j)) {
        addTile(depth, sign, a, x, aStride, b, y, bStride, out, at, ld);
        continue;
      }
      for (let s = 0; s < width; s++) {
        for (let r = lower && i === j ? s : 0; r < height; r++) {
          const from = x + r * aStride;
          const to = y + s * bStride;
          let sum = 0;
          for (let p = 0; p < depth; p++) sum += a[from + p] * b[to + p];
          out[at + r + s * ld] += sign * sum;
        }
      }
    }
  }
}

/** Three columns against three. */
function addTile(
  depth: number,
  sign: number,
  a: Float64Array,
  x0: number,
  aStride: number,
  b: Float64Array,
  y0: number,
  bStride: number,
  out: Float64Array,
  at: number,
  ld: number,
): void {
  const x1 = x0 + aStride;
  const x2 = x1 + aStride;
  const y1 = y0 + bStride;
  const y2 = y1 + bStride;
  let c00 = 0;
  let c10 = 0;
  let c20 = 0;
  let c01 = 0;
  let c11 = 0;
  let c21 = 0;
  let c02 = 0;
  let c12 = 0;
  let c22 = 0;
  for (let p = 0; p < depth; p++) {
    const a0 = a[x0 + p];
    const a1 = a[x1 + p];
    const a2 = a[x2 + p];
    let value = b[y0 + p];
    c00 += a0 * value;
    c10 += a1 * value;
    c20 += a2 * value;
    value = b[y1 + p];
    c01 += a0 * value;
    c11 += a1 * value;
    c21 += a2 * value;
    value = b[y2 + p];
    c02 += a0 * value;
    c12 += a1 * value;
    c22 += a2 * value;
  }
  out[at] += sign * c00;
  out[at + 1] += sign * c10;
  out[at + 2] += sign * c20;
  out[at + ld] += sign * c01;
  out[at + ld + 1] += sign * c11;
  out[at + ld + 2] += sign * c21;
  out[at + 2 * ld] += sign * c02;
  out[at + 2 * ld + 1] += sign * c12;
  out[at + 2 * ld + 2] += sign * c22;
}
