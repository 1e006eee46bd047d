/** Sweeps that no matrix needs. */
const MOST_SWEEPS = 60;

/**
 * The smallest eigenvalue of a small symmetric matrix, by cyclic Jacobi rotations (Golub & Van Loan 2013,
 * §8.5): only + − × ÷ √ in a fixed order.
 *
 * @param matrix n×n, both triangles; destroyed
 * Cost: about 4n³ per sweep, some 6 sweeps.
 */
export function smallestEigenvalueInPlace(matrix: Float64Array, n: number): number {
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = matrix[q * n + p];
        const spread = Math.abs(matrix[p * n + p]) + Math.abs(matrix[q * n + q]);
        if (Math.abs(off) <= 1e-18 * spread || off === 0) continue;
        rotated = true;
        const ratio = (matrix[q * n + q] - matrix[p * n + p]) / (2 * off);
        const tangent = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio));
        const cosine = 1 / Math.sqrt(1 + tangent * tangent);
        const sine = tangent * cosine;
        for (let i = 0; i < n; i++) {
          const left = matrix[p * n + i];
          const right = matrix[q * n + i];
          matrix[p * n + i] = cosine * left - sine * right;
          matrix[q * n + i] = sine * left + cosine * right;
        }
        for (let i = 0; i < n; i++) {
          const left = matrix[i * n + p];
          const right = matrix[i * n + q];
          matrix[i * n + p] = cosine * left - sine * right;
          matrix[i * n + q] = sine * left + cosine * right;
        }
      }
    }
    if (!rotated) break;
  }
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) smallest = Math.min(smallest, matrix[i * n + i]);
  return smallest;
}
