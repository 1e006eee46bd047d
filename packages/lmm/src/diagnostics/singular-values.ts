/** Singular values, largest first, and left singular vectors of a small square matrix, column-major. */
export interface SmallSvd {
  readonly values: Float64Array;
  /** n×n; columns of zeros belong to singular values of zero. */
  readonly left: Float64Array;
}

/**
 * The singular values of an n×n matrix, small ones as accurate as large ones.
 *
 * @param matrix column-major, not changed
 * Cost: about 5n³ per sweep, 5–10 sweeps. Only + − × ÷ √.
 * Source: one-sided Jacobi (Hestenes 1958), Golub & Van Loan (2013), Matrix Computations, §8.6.3.
 */
export function singularValues(matrix: ArrayLike<number>, n: number): SmallSvd {
  const a = Float64Array.from(matrix);
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) rotated = orthogonalizeInPlace(a, n, p, q) || rotated;
    }
    if (!rotated) break;
  }
  const norms = Float64Array.from({ length: n }, (_, j) => Math.sqrt(dot(a, n, j, j)));
  const order = Array.from({ length: n }, (_, j) => j).sort((i, j) => norms[j] - norms[i] || i - j);
  const left = new Float64Array(n * n);
  order.forEach((from, to) => {
    if (norms[from] === 0) return;
    for (let i = 0; i < n; i++) left[to * n + i] = a[from * n + i] / norms[from];
  });
  return { values: Float64Array.from(order, (j) => norms[j]), left };
}

/** Rotates two columns until they are orthogonal; false when they are. */
function orthogonalizeInPlace(a: Float64Array, n: number, p: number, q: number): boolean {
  const alpha = dot(a, n, p, p);
  const beta = dot(a, n, q, q);
  const gamma = dot(a, n, p, q);
  if (gamma === 0 || Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta)) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = c * t;
  for (let i = 0; i < n; i++) {
    const x = a[p * n + i];
    const y = a[q * n + i];
    a[p * n + i] = c * x - s * y;
    a[q * n + i] = s * x + c * y;
  }
  return true;
}

function dot(a: Float64Array, n: number, p: number, q: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[p * n + i] * a[q * n + i];
  return sum;
}
