/**
 * Factorizes a small square matrix, `P A = L U`, by Gaussian elimination with partial pivoting.
 *
 * @param n order
 * @param matrix n x n, row-major; overwritten by L and U
 * @param outPivots length n at least: row exchanged with row k in step k
 * @returns false when a pivot is zero (the factors are then useless)
 */
export function factorizeSmallInPlace(n: number, matrix: Float64Array, outPivots: Int32Array): boolean {
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(matrix[i * n + k]) > Math.abs(matrix[pivot * n + k])) pivot = i;
    }
    outPivots[k] = pivot;
    if (matrix[pivot * n + k] === 0) return false;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) {
        const entry = matrix[k * n + j];
        matrix[k * n + j] = matrix[pivot * n + j];
        matrix[pivot * n + j] = entry;
      }
    }
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i * n + k] / matrix[k * n + k];
      matrix[i * n + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) matrix[i * n + j] -= factor * matrix[k * n + j];
    }
  }
  return true;
}

/** Solves `A x = b` with the factors of {@link factorizeSmallInPlace}; `vector` holds b, then x. */
export function solveSmallInPlace(
  n: number,
  factors: Float64Array,
  pivots: Int32Array,
  vector: Float64Array,
): void {
  for (let k = 0; k < n; k++) {
    const entry = vector[k];
    vector[k] = vector[pivots[k]];
    vector[pivots[k]] = entry;
  }
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) vector[i] -= factors[i * n + j] * vector[j];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) vector[i] -= factors[i * n + j] * vector[j];
    vector[i] /= factors[i * n + i];
  }
}
