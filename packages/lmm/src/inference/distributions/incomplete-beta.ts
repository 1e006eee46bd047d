import { log1pMinus, stirlingError } from "./stirling";

/** Both tails of a distribution function; they sum to 1, and the smaller one keeps its digits. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}

const MOST_TERMS = 10_000_000;
/** Stands for a zero in Lentz's method. */
const TINY = 1e-300;

/**
 * The regularized incomplete beta function, lower I_x(a, b) and upper 1 − I_x(a, b) = I_y(b, a).
 *
 * @param x in [0, 1]
 * @param y 1 − x, given apart because small ones lose their digits in a subtraction
 * Relative error of the smaller tail about 1e-14, times the exponent for very small ones.
 * Cost: about √max(a, b) terms near the mean, fewer elsewhere.
 *
 * Source: continued fraction of Abramowitz & Stegun 26.5.8 by Lentz's method (Thompson & Barnett 1986);
 * factor in front as in Loader (2000).
 */
export function incompleteBeta(x: number, y: number, a: number, b: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  if (x * (a + b + 2) <= a + 1) {
    const lower = (power(x, y, a, b) / a) * fraction(x, a, b);
    return { lower, upper: 1 - lower };
  }
  const upper = (power(y, x, b, a) / b) * fraction(y, b, a);
  return { lower: 1 - upper, upper };
}

/** x^a y^b / B(a, b): its saddle-point form, in which nothing large is subtracted. */
function power(x: number, y: number, a: number, b: number): number {
  const distance = x * b - y * a;
  const exponent =
    a * log1pMinus(distance / a, x * ((a + b) / a)) + b * log1pMinus(-distance / b, y * ((a + b) / b));
  const correction = stirlingError(a + b) - stirlingError(a) - stirlingError(b);
  return Math.sqrt(((a / (a + b)) * b) / (2 * Math.PI)) * Math.exp(exponent + correction);
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / notZero(1 + even * d);
    c = notZero(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / notZero(1 + odd * d);
    c = notZero(1 + odd / c);
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return result;
}

function notZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
