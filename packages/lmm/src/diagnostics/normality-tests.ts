import { normalQuantile } from "../inference/distributions/quantiles";
import { chiSquareTails, normalTails } from "../inference/distributions/tails";

/** A statistic and its p-value. */
export interface NormalityTest {
  readonly statistic: number;
  readonly pValue: number;
}

/**
 * Shapiro and Wilk's W and its p-value.
 *
 * @param values 3 to 5000 of them, not all equal; not changed
 * @returns null for other lengths, and where all values are equal
 * Source: Royston (1995), Remark AS R94, Applied Statistics 44(4); Royston (1992), Statistics and Computing 2, for the
 * coefficients and the normalizing transformation.
 */
export function shapiroWilk(values: ArrayLike<number>): NormalityTest | null {
  const n = values.length;
  if (n < 3 || n > 5000) return null;
  const x = Float64Array.from(values).sort();
  if (!(x[n - 1] > x[0])) return null;
  const a = shapiroCoefficients(n);
  let mean = 0;
  for (const value of x) mean += value / n;
  let top = 0;
  let square = 0;
  for (let i = 0; i < n; i++) {
    top += a[i] * x[i];
    square += (x[i] - mean) ** 2;
  }
  const statistic = Math.min(1, (top * top) / square);
  return { statistic, pValue: shapiroPValue(statistic, n) };
}

/** a, antisymmetric and of length one. */
function shapiroCoefficients(n: number): Float64Array {
  if (n === 3) return Float64Array.of(-Math.SQRT1_2, 0, Math.SQRT1_2);
  const m = Float64Array.from({ length: n }, (_, i) => -normalQuantile((i + 1 - 0.375) / (n + 0.25)));
  let square = 0;
  for (const value of m) square += value * value;
  const u = 1 / Math.sqrt(n);
  const last = polynomial(
    [m[n - 1] / Math.sqrt(square), 0.221157, -0.147981, -2.07119, 4.434685, -2.706056],
    u,
  );
  const a = new Float64Array(n);
  a[n - 1] = last;
  a[0] = -last;
  let ends = 1;
  let rest = square - 2 * m[n - 1] ** 2;
  let weight = 1 - 2 * last * last;
  if (n > 5) {
    const next = polynomial(
      [m[n - 2] / Math.sqrt(square), 0.042981, -0.293762, -1.752461, 5.682633, -3.582633],
      u,
    );
    a[n - 2] = next;
    a[1] = -next;
    ends = 2;
    rest -= 2 * m[n - 2] ** 2;
    weight -= 2 * next * next;
  }
  const scale = Math.sqrt(rest / weight);
  for (let i = ends; i < n - ends; i++) a[i] = m[i] / scale;
  return a;
}

function shapiroPValue(w: number, n: number): number {
  if (n === 3) {
    const p = (6 / Math.PI) * (Math.asin(Math.sqrt(w)) - Math.asin(Math.sqrt(0.75)));
    return Math.min(1, Math.max(0, p));
  }
  const y = Math.log(1 - w);
  if (n <= 11) {
    const gamma = -2.273 + 0.459 * n;
    if (y >= gamma) return 1e-99;
    const mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n);
    const deviation = Math.exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n));
    return normalTails((-Math.log(gamma - y) - mean) / deviation).upper;
  }
  const log = Math.log(n);
  const mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], log);
  const deviation = Math.exp(polynomial([-0.4803, -0.082676, 0.0030302], log));
  return normalTails((y - mean) / deviation).upper;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}

/** Skewness √b₁ = m₃/m₂^{3/2} and kurtosis b₂ = m₄/m₂² (3 for a normal distribution); NaN where all are equal. */
export function sampleShape(values: ArrayLike<number>): { skewness: number; kurtosis: number } {
  const n = values.length;
  let mean = 0;
  let equal = true;
  for (let i = 0; i < n; i++) {
    mean += values[i] / n;
    equal &&= values[i] === values[0];
  }
  if (equal) return { skewness: Number.NaN, kurtosis: Number.NaN };
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i] - mean;
    m2 += (d * d) / n;
    m3 += (d * d * d) / n;
    m4 += (d * d * d * d) / n;
  }
  return { skewness: m3 / (m2 * Math.sqrt(m2)), kurtosis: m4 / (m2 * m2) };
}

/**
 * D'Agostino and Pearson's K² of skewness and kurtosis, χ² with two degrees of freedom.
 *
 * @returns null for fewer than 20 values, where the approximation is poor, or for a shape that is not a number
 * Source: D'Agostino, Belanger & D'Agostino (1990), The American Statistician 44(4).
 */
export function dagostinoPearson(
  n: number,
  { skewness, kurtosis }: { readonly skewness: number; readonly kurtosis: number },
): (NormalityTest & { readonly zSkewness: number; readonly zKurtosis: number }) | null {
  if (n < 20 || !Number.isFinite(skewness) || !Number.isFinite(kurtosis)) return null;
  const y = skewness * Math.sqrt(((n + 1) * (n + 3)) / (6 * (n - 2)));
  const beta2 = (3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3)) / ((n - 2) * (n + 5) * (n + 7) * (n + 9));
  const w2 = -1 + Math.sqrt(2 * (beta2 - 1));
  const alpha = Math.sqrt(2 / (w2 - 1));
  const ratio = Math.abs(y) / alpha;
  const zSkewness =
    ((y < 0 ? -1 : 1) * Math.log(ratio + Math.sqrt(ratio * ratio + 1))) / Math.sqrt(Math.log(w2) / 2);

  const mean = (3 * (n - 1)) / (n + 1);
  const variance = (24 * n * (n - 2) * (n - 3)) / ((n + 1) ** 2 * (n + 3) * (n + 5));
  const x = (kurtosis - mean) / Math.sqrt(variance);
  const third =
    ((6 * (n * n - 5 * n + 2)) / ((n + 7) * (n + 9))) *
    Math.sqrt((6 * (n + 3) * (n + 5)) / (n * (n - 2) * (n - 3)));
  const a = 6 + (8 / third) * (2 / third + Math.sqrt(1 + 4 / (third * third)));
  const zKurtosis =
    (1 - 2 / (9 * a) - Math.cbrt((1 - 2 / a) / (1 + x * Math.sqrt(2 / (a - 4))))) / Math.sqrt(2 / (9 * a));
  const statistic = zSkewness * zSkewness + zKurtosis * zKurtosis;
  return { statistic, pValue: chiSquareTails(statistic, 2).upper, zSkewness, zKurtosis };
}
