/**
 * R'R = A for a small dense symmetric A, in the order of columns (Golub & Van Loan 2013, §4.2.5, the
 * inner-product form), upper triangle, column-major. Only the upper triangle is read and written.
 *
 * @param a p×p, overwritten by R in its upper triangle
 * @returns p, or the column whose pivot is not positive (or not a number)
 * Cost: p³/3.
 */
export function upperCholeskyInPlace(a: Float64Array, p: number): number {
  for (let j = 0; j < p; j++) {
    const colJ = j * p;
    for (let i = 0; i < j; i++) {
      const colI = i * p;
      let value = a[colJ + i];
      for (let k = 0; k < i; k++) value -= a[colI + k] * a[colJ + k];
      a[colJ + i] = value / a[colI + i];
    }
    let pivot = a[colJ + j];
    for (let k = 0; k < j; k++) pivot -= a[colJ + k] * a[colJ + k];
    if (!(pivot > 0) || pivot === Number.POSITIVE_INFINITY) return j;
    a[colJ + j] = Math.sqrt(pivot);
  }
  return p;
}

/** x ← R'⁻¹x for upper triangular R, p×p, column-major. Cost: p². */
export function solveUpperTransposedInPlace(x: Float64Array, r: Float64Array, p: number): void {
  for (let j = 0; j < p; j++) {
    const col = j * p;
    let value = x[j];
    for (let k = 0; k < j; k++) value -= r[col + k] * x[k];
    x[j] = value / r[col + j];
  }
}

/** x ← R⁻¹x for upper triangular R, p×p, column-major. Cost: p². */
export function solveUpperInPlace(x: Float64Array, r: Float64Array, p: number): void {
  for (let j = p - 1; j >= 0; j--) {
    const col = j * p;
    const value = x[j] / r[col + j];
    x[j] = value;
    for (let i = 0; i < j; i++) x[i] -= r[col + i] * value;
  }
}

/**
 * Y ← Y R⁻¹ for a tall column-major Y with p columns of length `nrows`: what turns X'-products into
 * products with an orthonormal basis of X. Cost: nrows·p².
 */
export function rightSolveUpperInPlace(y: Float64Array, nrows: number, r: Float64Array, p: number): void {
  for (let j = 0; j < p; j++) {
    const colJ = j * nrows;
    for (let k = 0; k < j; k++) {
      const factor = r[j * p + k];
      if (factor === 0) continue;
      const colK = k * nrows;
      for (let i = 0; i < nrows; i++) y[colJ + i] -= factor * y[colK + i];
    }
    const pivot = r[j * p + j];
    for (let i = 0; i < nrows; i++) y[colJ + i] /= pivot;
  }
}
