/**
 * The smallest eigenvalue of a symmetric matrix: Householder reduction to tridiagonal form, then bisection on the
 * number of negative pivots (Sturm's count).
 *
 * Source: Golub and Van Loan, Matrix Computations, sections 8.3.1 and 8.4.1.
 *
 * @param n order, at least 1
 * @param matrix n x n, row-major, symmetric; destroyed
 * @returns NaN when an entry is not finite
 *
 * Cost: 2/3 n³ multiplications, and some 60 n for the bisection. Absolute error a few rounding errors of the norm.
 */
export function smallestEigenvalueInPlace(n: number, matrix: Float64Array): number {
  let scale = 0;
  for (let i = 0; i < n * n; i++) scale = Math.max(scale, Math.abs(matrix[i]));
  if (scale === 0) return 0;
  for (let i = 0; i < n * n; i++) matrix[i] /= scale;
  const diagonal = new Float64Array(n);
  const offSq = new Float64Array(n);
  tridiagonalizeInPlace(n, matrix, diagonal, offSq);
  let low = Infinity;
  let high = Infinity;
  for (let i = 0; i < n; i++) {
    const radius = Math.sqrt(i > 0 ? offSq[i] : 0) + Math.sqrt(i + 1 < n ? offSq[i + 1] : 0);
    low = Math.min(low, diagonal[i] - radius);
    high = Math.min(high, diagonal[i]);
  }
  if (!(low > -Infinity && high < Infinity)) return NaN;
  for (let step = 0; step < 80; step++) {
    const middle = low + 0.5 * (high - low);
    if (!(middle > low && middle < high) || high - low <= 1e-17) break;
    if (hasEigenvalueBelow(n, diagonal, offSq, middle)) high = middle;
    else low = middle;
  }
  return scale * high;
}

/** Whether T − x I has a negative pivot. */
function hasEigenvalueBelow(n: number, diagonal: Float64Array, offSq: Float64Array, x: number): boolean {
  let pivot = diagonal[0] - x;
  for (let i = 1; i < n && pivot > 0; i++) pivot = diagonal[i] - x - offSq[i] / pivot;
  return !(pivot > 0);
}

/** Diagonal and squared subdiagonal (at 1 … n − 1) of a tridiagonal matrix with the same eigenvalues. */
function tridiagonalizeInPlace(
  n: number,
  a: Float64Array,
  outDiagonal: Float64Array,
  outOffSq: Float64Array,
): void {
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    outDiagonal[k] = a[k * n + k];
    if (k + 1 === n) break;
    let tail = 0;
    for (let i = k + 2; i < n; i++) tail += a[i * n + k] * a[i * n + k];
    const head = a[(k + 1) * n + k];
    outOffSq[k + 1] = head * head + tail;
    // On the scale of 1 less than its square root is lost; far less would leave the range of numbers below.
    if (tail < 1e-40) continue;
    const length = Math.sqrt(outOffSq[k + 1]);
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k];
    v[k + 1] += head >= 0 ? length : -length;
    const beta = 2 / (v[k + 1] * v[k + 1] + tail);
    let along = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j] * v[j];
      w[i] = beta * sum;
      along += w[i] * v[i];
    }
    for (let i = k + 1; i < n; i++) w[i] -= 0.5 * beta * along * v[i];
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) a[i * n + j] -= v[i] * w[j] + w[i] * v[j];
    }
  }
}
