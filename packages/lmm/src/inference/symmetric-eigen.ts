/** Eigenvalues, largest first, and orthonormal eigenvectors, n×n, column-major. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * The spectral decomposition A = V diag(λ) V' of a small symmetric matrix.
 *
 * @param a n×n, both triangles; not changed
 * Cost: about 10 n³. Only + − × ÷ √, so the same bits everywhere.
 *
 * Source: cyclic Jacobi rotations, Golub & Van Loan (2013), Matrix Computations, §8.5.
 */
export function symmetricEigen(a: ArrayLike<number>, n: number): SymmetricEigen {
  const m = Float64Array.from(a);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = m[q * n + p];
        const size = Math.abs(m[p * n + p]) + Math.abs(m[q * n + q]);
        if (off === 0 || Math.abs(off) < 1e-300 || size + Math.abs(off) * 1e-2 === size) {
          m[q * n + p] = 0;
          m[p * n + q] = 0;
          continue;
        }
        rotated = true;
        const tau = (m[q * n + q] - m[p * n + p]) / (2 * off);
        const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
        const c = 1 / Math.sqrt(1 + t * t);
        rotate(m, n, p, q, c, t * c);
        for (let i = 0; i < n; i++) {
          const [x, y] = [v[p * n + i], v[q * n + i]];
          v[p * n + i] = c * x - t * c * y;
          v[q * n + i] = t * c * x + c * y;
        }
      }
    }
    if (!rotated) break;
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => m[j * n + j] - m[i * n + i]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    vectors.set(v.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values: Float64Array.from(order, (i) => m[i * n + i]), vectors };
}

/** M ← J'MJ for the rotation of rows and columns p and q. */
function rotate(m: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let i = 0; i < n; i++) {
    const [x, y] = [m[p * n + i], m[q * n + i]];
    m[p * n + i] = c * x - s * y;
    m[q * n + i] = s * x + c * y;
  }
  for (let i = 0; i < n; i++) {
    const [x, y] = [m[i * n + p], m[i * n + q]];
    m[i * n + p] = c * x - s * y;
    m[i * n + q] = s * x + c * y;
  }
}
