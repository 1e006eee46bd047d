/**
 * The eigenvalues of a symmetric matrix, largest first, without vectors.
 *
 * Householder reduction to tridiagonal form, then the implicit QL algorithm with Wilkinson's shift.
 *
 * @param a n×n, both triangles; overwritten
 * Cost: about 4/3 n³. Only + − × ÷ √, so the same bits everywhere.
 *
 * Source: Golub & Van Loan (2013), Matrix Computations, §8.3.1 and §8.3.3.
 */
export function symmetricEigenvaluesInPlace(a: Float64Array, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  tridiagonalize(a, n, diagonal, beside);
  implicitQl(diagonal, beside, n);
  return diagonal.sort().reverse();
}

/** `beside[i]` joins i and i + 1. */
function tridiagonalize(
  a: Float64Array,
  n: number,
  outDiagonal: Float64Array,
  outBeside: Float64Array,
): void {
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k + 2 < n; k++) {
    let square = 0;
    for (let i = k + 2; i < n; i++) square += a[k * n + i] ** 2;
    const first = a[k * n + k + 1];
    outDiagonal[k] = a[k * n + k];
    if (square === 0) {
      outBeside[k] = first;
      continue;
    }
    const length = Math.sqrt(first * first + square);
    const alpha = first > 0 ? -length : length;
    outBeside[k] = alpha;
    v[k + 1] = first - alpha;
    for (let i = k + 2; i < n; i++) v[i] = a[k * n + i];
    const scale = 2 / (square + v[k + 1] * v[k + 1]);
    // A ← A − v w' − w v', w = scale·(A v) − ½ scale² (v'Av) v.
    w.fill(0, k + 1);
    for (let j = k + 1; j < n; j++) {
      const factor = scale * v[j];
      for (let i = k + 1; i < n; i++) w[i] += a[j * n + i] * factor;
    }
    let product = 0;
    for (let i = k + 1; i < n; i++) product += v[i] * w[i];
    const share = (scale * product) / 2;
    for (let i = k + 1; i < n; i++) w[i] -= share * v[i];
    for (let j = k + 1; j < n; j++) {
      const [vj, wj] = [v[j], w[j]];
      for (let i = k + 1; i < n; i++) a[j * n + i] -= v[i] * wj + w[i] * vj;
    }
  }
  if (n >= 2) {
    outDiagonal[n - 2] = a[(n - 2) * n + n - 2];
    outBeside[n - 2] = a[(n - 2) * n + n - 1];
  }
  if (n >= 1) outDiagonal[n - 1] = a[(n - 1) * n + n - 1];
}

function implicitQl(d: Float64Array, e: Float64Array, n: number): void {
  for (let l = 0; l < n; l++) {
    for (let round = 0; round < 60; round++) {
      let m = l;
      while (m + 1 < n) {
        const size = Math.abs(d[m]) + Math.abs(d[m + 1]);
        if (Math.abs(e[m]) <= 2.3e-16 * size) break;
        m++;
      }
      if (m === l) break;
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      const length = Math.sqrt(g * g + 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? length : -length));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        let f = s * e[i];
        const b = c * e[i];
        const r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        f = (d[i] - g) * s + 2 * c * b;
        p = s * f;
        d[i + 1] = g + p;
        g = c * f - b;
      }
      if (i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}
