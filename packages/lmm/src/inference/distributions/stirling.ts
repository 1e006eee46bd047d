/** Coefficients B_2m/(2m(2m−1)) of Stirling's series, m = 1, 2, … */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/**
 * What Stirling's formula leaves of the logarithm of the gamma function:
 * δ(a) = log Γ(a) − (a − ½) log a + a − ½ log 2π, for a > 0.
 *
 * Small where log Γ is large, so that ratios of gamma functions of large arguments keep their digits.
 * From 15 on Stirling's series, below by δ(a) = δ(a + 1) + (a + ½) log(1 + 1/a) − 1.
 * Absolute error below 3e-15.
 *
 * Source: Loader (2000), "Fast and accurate computation of binomial probabilities"; Abramowitz & Stegun 6.1.40.
 */
export function stirlingError(a: number): number {
  let sum = 0;
  let x = a;
  for (; x < 15; x++) sum += (x + 0.5) * Math.log1p(1 / x) - 1;
  const inverse = 1 / (x * x);
  let series = 0;
  for (let m = SERIES.length - 1; m >= 0; m--) series = series * inverse + SERIES[m];
  return sum + series / x;
}

/**
 * log(1 + u) − u for u > −1, accurate relative to itself.
 *
 * @param onePlus 1 + u, to as many digits as the caller has it: for u near −1 they are lost in u
 *
 * Source: log(1 + u) = 2 artanh(r) with r = u/(2 + u) (Abramowitz & Stegun 4.1.27).
 */
export function log1pMinus(u: number, onePlus: number): number {
  if (Math.abs(u) > 0.35) return Math.log(onePlus) - u;
  const r = u / (2 + u);
  const square = r * r;
  let sum = 0;
  for (let j = 21; j >= 0; j--) sum = sum * square + 1 / (2 * j + 3);
  return r * (2 * square * sum - u);
}
