/**
 * exp, log, sin, cos and atan out of additions, multiplications, divisions and square roots.
 *
 * The last bits of a library's functions differ from library to library, and an optimizer's path depends on them. These
 * are written line for line the same in C (`bench/reference/elementary.h`), so that runs of other programs see the same
 * objective to the last bit. They are good to a few units in the last place for the arguments of the test problems.
 *
 * Range reductions and series as in any textbook: e.g. J.-M. Muller (2016), Elementary functions, chapters 3 and 11.
 */

// ln 2 and pi/2 in parts; the first ones have 33 bits, so that small multiples of them are exact.
const LN2_HIGH = 0.6931471804855391;
const LN2_LOW = 7.440617110012397e-11;
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_MIDDLE = 6.077100506303966e-11;
const HALF_PI_LOW = 2.0222662487959506e-21;

export function exponential(x: number): number {
  if (x > 710) return Infinity;
  if (x < -746) return 0;
  let k = Math.floor(x / LN2_HIGH + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let value = 1;
  for (let i = 17; i >= 1; i--) value = 1 + (r / i) * value;
  // Doubling and halving are exact while the value is not subnormal.
  for (; k > 0; k--) value *= 2;
  for (; k < 0; k++) value *= 0.5;
  return value;
}

/** For positive arguments of moderate size. */
export function logarithm(x: number): number {
  let m = x;
  let exponent = 0;
  for (; m > 1.5; exponent++) m *= 0.5;
  for (; m < 0.75; exponent--) m *= 2;
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let sum = 0;
  for (let i = 29; i >= 1; i -= 2) sum = 1 / i + square * sum;
  return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * s * sum);
}

/** For moduli of moderate size, as for the cosine. */
export function sine(x: number): number {
  return quarterTurns(x, 0);
}

export function cosine(x: number): number {
  return quarterTurns(x, 1);
}

/** The sine of x + quarters pi/2. */
function quarterTurns(x: number, quarters: number): number {
  const k = Math.floor(x / HALF_PI_HIGH + 0.5);
  const r = x - k * HALF_PI_HIGH - k * HALF_PI_MIDDLE - k * HALF_PI_LOW;
  const turns = k + quarters;
  const quadrant = turns - 4 * Math.floor(turns / 4);
  const square = r * r;
  let value = 1;
  if (quadrant === 0 || quadrant === 2) {
    for (let i = 20; i >= 2; i -= 2) value = 1 - (square / (i * (i + 1))) * value;
    value *= r;
  } else {
    for (let i = 19; i >= 1; i -= 2) value = 1 - (square / (i * (i + 1))) * value;
  }
  return quadrant >= 2 ? -value : value;
}

export function arctangent(x: number): number {
  if (x < 0) return -arctangent(-x);
  if (x > 1) return HALF_PI_HIGH - (arctangent(1 / x) - HALF_PI_MIDDLE);
  // Halve the angle twice, then the series.
  let t = x;
  t /= 1 + Math.sqrt(1 + t * t);
  t /= 1 + Math.sqrt(1 + t * t);
  const square = t * t;
  let sum = 0;
  for (let i = 27; i >= 1; i -= 2) sum = 1 / i - square * sum;
  return 4 * t * sum;
}
