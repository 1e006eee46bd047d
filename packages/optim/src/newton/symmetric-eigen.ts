/** Sweeps after which the rotations are given up; convergence is quadratic and takes 5 to 10. */
const MAX_SWEEPS = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations: `A = V diag(values) V'`.
 *
 * Jacobi's method is short, uses only + - * / and sqrt in a fixed order (the same bits everywhere), and finds small
 * eigenvalues of scaled matrices more accurately than methods that reduce to tridiagonal form first. It is meant
 * for the Hessians of a trust-region method, of order up to a few hundred.
 *
 * Source: Rutishauser (1966), The Jacobi method for real symmetric matrices; Golub and Van Loan, section 8.5.
 *
 * @param size order n of the leading block that is decomposed
 * @param matrix n x n, row-major with row stride `size`, both triangles; destroyed
 * @param outValues length n at least: the eigenvalues, ascending
 * @param outVectors n x n at least: eigenvector k in row k (`outVectors[k * size + i]`)
 *
 * Cost: about 6 n³ multiplications per sweep. No allocation.
 */
export function symmetricEigenInto(
  size: number,
  matrix: Float64Array,
  outValues: Float64Array,
  outVectors: Float64Array,
): void {
  const n = size;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) outVectors[i * n + j] = i === j ? 1 : 0;
  }
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = matrix[p * n + q];
        const dp = matrix[p * n + p];
        const dq = matrix[q * n + q];
        // An off-diagonal entry below the rounding errors of both diagonals changes neither.
        if (Math.abs(off) <= 1e-17 * Math.sqrt(Math.abs(dp)) * Math.sqrt(Math.abs(dq)) || off === 0) {
          matrix[p * n + q] = 0;
          matrix[q * n + p] = 0;
          continue;
        }
        if (Math.abs(off) < 1e-300 && Math.abs(dp) + Math.abs(dq) < 1e-290) continue;
        const theta = (dq - dp) / (2 * off);
        const tangent =
          theta >= 0
            ? 1 / (theta + Math.sqrt(1 + theta * theta))
            : 1 / (theta - Math.sqrt(1 + theta * theta));
        if (tangent === 0) {
          matrix[p * n + q] = 0;
          matrix[q * n + p] = 0;
          continue;
        }
        rotated = true;
        const cosine = 1 / Math.sqrt(1 + tangent * tangent);
        const sine = tangent * cosine;
        matrix[p * n + p] = dp - tangent * off;
        matrix[q * n + q] = dq + tangent * off;
        matrix[p * n + q] = 0;
        matrix[q * n + p] = 0;
        for (let i = 0; i < n; i++) {
          if (i !== p && i !== q) {
            const a = matrix[p * n + i];
            const b = matrix[q * n + i];
            const rotatedP = cosine * a - sine * b;
            const rotatedQ = sine * a + cosine * b;
            matrix[p * n + i] = rotatedP;
            matrix[i * n + p] = rotatedP;
            matrix[q * n + i] = rotatedQ;
            matrix[i * n + q] = rotatedQ;
          }
          const v = outVectors[p * n + i];
          const w = outVectors[q * n + i];
          outVectors[p * n + i] = cosine * v - sine * w;
          outVectors[q * n + i] = sine * v + cosine * w;
        }
      }
    }
    if (!rotated) break;
  }
  for (let i = 0; i < n; i++) outValues[i] = matrix[i * n + i];
  sortAscending(n, outValues, outVectors);
}

/** Selection sort: n exchanges of rows at most. */
function sortAscending(n: number, values: Float64Array, vectors: Float64Array): void {
  for (let k = 0; k < n - 1; k++) {
    let least = k;
    for (let i = k + 1; i < n; i++) if (values[i] < values[least]) least = i;
    if (least === k) continue;
    const value = values[k];
    values[k] = values[least];
    values[least] = value;
    for (let j = 0; j < n; j++) {
      const entry = vectors[k * n + j];
      vectors[k * n + j] = vectors[least * n + j];
      vectors[least * n + j] = entry;
    }
  }
}
