import { log1pMinus, stirlingError } from "./stirling";

/**
 * The mean of a function of s, s² a χ²/df on `df` degrees of freedom: ∫ f(s) p(s) ds by the trapezoidal rule over
 * log s, whose integrand is analytic and falls off faster than exponentially, so that the error is at rounding level
 * (Trefethen & Weideman 2014, SIAM Review 56). Above 10⁸ degrees of freedom s is 1.
 *
 * @param tail not negative and not increasing in s
 */
export function meanOverScale(df: number, tail: (s: number) => number): number {
  if (df > 1e8) return tail(1);
  const a = df / 2;
  const spread = 1 / Math.sqrt(2 * df);
  // Half a standard deviation of log s: the rule's error on a Gaussian is exp(−8π²) there.
  const step = Math.min(0.07, spread / 2);
  const scale = 2 * Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a));
  let sum = 0;
  for (const direction of [1, -1]) {
    for (let i = direction === 1 ? 0 : 1; ; i++) {
      const u = direction * i * step;
      const square = Math.exp(2 * u);
      // The density of log s.
      const density = scale * Math.exp(a * log1pMinus(square - 1, square));
      // No term from here on is larger than the density, which only falls.
      if (density === 0 || (i > 4 && density < 1e-17 * sum)) break;
      const term = density * tail(Math.exp(u));
      sum += term;
      if (direction === 1 && i > 4 && term < 1e-18 * sum) break;
    }
  }
  return Math.min(1, sum * step);
}
