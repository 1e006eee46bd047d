/**
 * out = Mv level by level: a small matrix times one stretch of `rows` numbers after the other, k at a time.
 *
 * @param matrix k×k, entry (a, m) at `a · rowStride + m · colStride`: (1, k) for a column-major M, (k, 1) for M'
 * @param v read from `first` on; not `out`
 * @param out written from `first` on
 * Cost: rows · k multiplications; no allocation.
 */
export function multiplyLevelsInto(
  matrix: Float64Array,
  k: number,
  rowStride: number,
  colStride: number,
  v: Float64Array,
  first: number,
  rows: number,
  out: Float64Array,
): void {
  const last = first + rows;
  const m00 = matrix[0];
  if (k === 1) {
    for (let i = first; i < last; i++) out[i] = m00 * v[i];
    return;
  }
  const m01 = matrix[colStride];
  const m10 = matrix[rowStride];
  const m11 = matrix[rowStride + colStride];
  if (k === 2) {
    for (let i = first; i < last; i += 2) {
      const x = v[i];
      const y = v[i + 1];
      out[i] = m00 * x + m01 * y;
      out[i + 1] = m10 * x + m11 * y;
    }
    return;
  }
  if (k === 3) {
    const m02 = matrix[2 * colStride];
    const m12 = matrix[rowStride + 2 * colStride];
    const m20 = matrix[2 * rowStride];
    const m21 = matrix[2 * rowStride + colStride];
    const m22 = matrix[2 * rowStride + 2 * colStride];
    for (let i = first; i < last; i += 3) {
      const x = v[i];
      const y = v[i + 1];
      const z = v[i + 2];
      out[i] = m00 * x + m01 * y + m02 * z;
      out[i + 1] = m10 * x + m11 * y + m12 * z;
      out[i + 2] = m20 * x + m21 * y + m22 * z;
    }
    return;
  }
  multiplyManyInto(matrix, k, rowStride, colStride, v, first, last, out);
}

/** As `multiplyLevelsInto` for k ≥ 4, two rows at a time. */
function multiplyManyInto(
  matrix: Float64Array,
  k: number,
  rowStride: number,
  colStride: number,
  v: Float64Array,
  first: number,
  last: number,
  out: Float64Array,
): void {
  for (let i = first; i < last; i += k) {
    let a = 0;
    for (; a + 2 <= k; a += 2) {
      let at = a * rowStride;
      let x = 0;
      let y = 0;
      for (let m = i; m < i + k; m++) {
        x += matrix[at] * v[m];
        y += matrix[at + rowStride] * v[m];
        at += colStride;
      }
      out[i + a] = x;
      out[i + a + 1] = y;
    }
    if (a < k) {
      let at = a * rowStride;
      let x = 0;
      for (let m = i; m < i + k; m++) {
        x += matrix[at] * v[m];
        at += colStride;
      }
      out[i + a] = x;
    }
  }
}
