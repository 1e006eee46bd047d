/** A pivot below this share of the largest diagonal entry counts as none: the matrix may be indefinite. */
const LEAST_PIVOT = 1e-12;

/**
 * Minimizes `min g'd + 1/2 d'H d` over `|d| <= radius` for a positive definite H, by Cholesky factorizations of
 * `H + shift I`: one where the minimizer of the model lies inside, a few more for the shift that puts it on the
 * sphere. From shift 0 on the left of the root, Newton's method on `1/|d| - 1/radius` rises to it monotonically.
 *
 * Source: Moré and Sorensen (1983), Computing a trust region step, SIAM J. Sci. Stat. Comput. 4, section 3;
 * Conn, Gould and Toint (2000), Trust-region methods, algorithm 7.3.1.
 *
 * @param n number of variables
 * @param matrix H, row-major with row stride n, lower triangle read; not changed
 * @param gradient g, length n
 * @param radius positive
 * @param lower scratch, n x n: overwritten
 * @param slope scratch, length n: overwritten
 * @param outStep length n; of no use when the outcome is "indefinite"
 * @returns where the step lies, or "indefinite" when H is not safely positive definite
 *
 * Cost: n³/6 multiplications per factorization, about five of them on the sphere. No allocation.
 */
export function definiteStepInto(
  n: number,
  matrix: Float64Array,
  gradient: Float64Array,
  radius: number,
  lower: Float64Array,
  slope: Float64Array,
  outStep: Float64Array,
): "interior" | "boundary" | "indefinite" {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, matrix[i * n + i]);
  let shift = 0;
  for (let iteration = 0; iteration < 60; iteration++) {
    if (!factorizeInto(n, matrix, shift, LEAST_PIVOT * largest, lower)) return "indefinite";
    let lengthSq = 0;
    for (let i = 0; i < n; i++) {
      let sum = -gradient[i];
      for (let k = 0; k < i; k++) sum -= lower[i * n + k] * outStep[k];
      outStep[i] = sum / lower[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = outStep[i];
      for (let k = i + 1; k < n; k++) sum -= lower[k * n + i] * outStep[k];
      outStep[i] = sum / lower[i * n + i];
      lengthSq += outStep[i] * outStep[i];
    }
    const length = Math.sqrt(lengthSq);
    if (length <= radius && iteration === 0) return "interior";
    if (length <= radius * (1 + 1e-12)) return "boundary";
    let slopeSq = 0;
    for (let i = 0; i < n; i++) {
      let sum = outStep[i];
      for (let k = 0; k < i; k++) sum -= lower[i * n + k] * slope[k];
      slope[i] = sum / lower[i * n + i];
      slopeSq += slope[i] * slope[i];
    }
    const next = shift + ((length - radius) / radius) * (lengthSq / slopeSq);
    // NaN for values out of range; no change when the shift is known to the last digit.
    if (!(next > shift)) return Number.isFinite(length) && next === shift ? "boundary" : "indefinite";
    shift = next;
  }
  return "indefinite";
}

/** H + shift I = L L'; false when a pivot is not above `least`. */
function factorizeInto(
  n: number,
  matrix: Float64Array,
  shift: number,
  least: number,
  outLower: Float64Array,
): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= outLower[i * n + k] * outLower[j * n + k];
      outLower[i * n + j] = sum / outLower[j * n + j];
    }
    let pivot = matrix[i * n + i] + shift;
    for (let k = 0; k < i; k++) pivot -= outLower[i * n + k] * outLower[i * n + k];
    if (!(pivot > least && pivot < Infinity)) return false;
    outLower[i * n + i] = Math.sqrt(pivot);
  }
  return true;
}
