import type { Tails } from "./incomplete-beta";
import { log1pMinus, stirlingError } from "./stirling";

const MOST_TERMS = 10_000_000;

/**
 * The regularized incomplete gamma functions P(a, x) (lower) and Q(a, x) (upper), a > 0, x ≥ 0.
 *
 * Relative error of the smaller one about 1e-14, times the exponent for very small ones.
 * Cost: about √a terms near x = a.
 *
 * Source: series and continued fraction of Abramowitz & Stegun 6.5.29 and 6.5.31, the latter by Lentz's
 * method (Thompson & Barnett 1986); factor in front as in Loader (2000).
 */
export function incompleteGamma(a: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const exponent = a * log1pMinus((x - a) / a, x / a) - stirlingError(a);
  const power = Math.sqrt(a / (2 * Math.PI)) * Math.exp(exponent);
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < MOST_TERMS && term > sum * 1e-17; n++) {
      term *= x / (a + n);
      sum += term;
    }
    const lower = power * sum;
    return { lower, upper: 1 - lower };
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let result = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  const upper = power * result;
  return { lower: 1 - upper, upper };
}
