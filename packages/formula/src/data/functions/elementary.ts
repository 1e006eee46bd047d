/**
 * Elementary functions that give the same bits on every engine. `Math.log` and its kin are only promised to be
 * approximations, and differ between browsers in the last bit; here there are additions, products, quotients and
 * square roots alone, in a fixed order. Errors are below one unit in the last place.
 *
 * Argument reduction and series: Muller (2016), "Elementary Functions", chapters 3, 4 and 11; error-free sums and
 * products: Dekker (1971), "A floating-point technique for extending the available precision", Numer. Math. 18.
 */

// log 2 with 41 bits after the point, so that its product with an exponent is exact; and the rest.
const LN2_HIGH = 0.6931471805601177;
const LN2_LOW = -1.7239444525614835e-13;
const INVERSE_LN2 = Math.LOG2E;
const INVERSE_LN2_LOW = 2.0355273740931033e-17;
const INVERSE_LN10 = Math.LOG10E;
const INVERSE_LN10_LOW = 1.098319650216765e-17;
// π/2 in pieces of 33 bits, and the rest.
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const TWO_OVER_PI = 0.6366197723675814;
/** Beyond this the reduction modulo π/2 runs out of digits, and the engine's own function is asked. */
const MAX_ANGLE = 1_000_000;

// Coefficients of the series, lowest power first: atanh s = s + s³ · ATANH(s²), exp r = 1 + r + r² · EXP(r),
// sin r = r + r³ · SIN(r²), cos r = 1 − r²/2 + r⁴ · COS(r²).
const ATANH = [3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23].map((k) => 1 / k);
const EXP = inverseFactorials([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], 1);
const SIN = inverseFactorials([3, 5, 7, 9, 11, 13, 15, 17], -1);
const COS = inverseFactorials([4, 6, 8, 10, 12, 14, 16, 18], 1).map((c, k) => (k % 2 === 0 ? c : -c));

/** 1/k! for each k; with `sign` −1 alternating, the first negative. */
function inverseFactorials(ks: readonly number[], sign: 1 | -1): number[] {
  return ks.map((k, i) => {
    let factorial = 1;
    for (let j = 2; j <= k; j++) factorial *= j;
    return (sign === -1 && i % 2 === 0 ? -1 : 1) / factorial;
  });
}

function horner(x: number, coefficients: readonly number[]): number {
  let sum = coefficients[coefficients.length - 1];
  for (let i = coefficients.length - 2; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}

const SPLITTER = 134217729; // 2^27 + 1

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
const HIGH_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** 2^k for −1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  words[HIGH_WORD] = (k + 1023) << 20;
  words[1 - HIGH_WORD] = 0;
  return bits[0];
}

/** x·2^k, also where 2^k is no double. */
function scale(x: number, k: number): number {
  if (k > 1023) return k > 2046 ? x * Number.POSITIVE_INFINITY : x * powerOfTwo(1023) * powerOfTwo(k - 1023);
  if (k < -1022) return k < -2044 ? x * 0 : x * powerOfTwo(-1022) * powerOfTwo(k + 1022);
  return x * powerOfTwo(k);
}

/** What the rounded product a·b leaves out. */
function productError(a: number, b: number, product: number): number {
  const ca = SPLITTER * a;
  const a1 = ca - (ca - a);
  const a2 = a - a1;
  const cb = SPLITTER * b;
  const b1 = cb - (cb - b);
  const b2 = b - b1;
  return a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2;
}

// The second half of the last `logParts`.
let logLow = 0;

/** log x for a normal or subnormal x > 0, as a sum: returned, and `logLow`. */
function logParts(x: number): number {
  let k = 0;
  bits[0] = x;
  if (words[HIGH_WORD] < 0x00100000) {
    bits[0] = x * 18014398509481984; // 2^54
    k = -54;
  }
  // x = 2^k·m with m between √½ and √2.
  const high = words[HIGH_WORD];
  k += (high >>> 20) - 1023;
  words[HIGH_WORD] = (high & 0x000fffff) | 0x3ff00000;
  let m = bits[0];
  if (m > Math.SQRT2) {
    m *= 0.5;
    k++;
  }
  // log m = 2 atanh s with s = (m − 1)/(m + 1), as s + t without rounding worth mention.
  const f = m - 1;
  const d = m + 1;
  const dLow = m - (d - 1);
  const s = f / d;
  const product = s * d;
  const t = (f - product - productError(s, d, product) - s * dLow) / d;
  const z = s * s;
  const tail = z * horner(z, ATANH);
  // Largest first: k log 2, then 2s, then what is small.
  const a = k * LN2_HIGH;
  const b = 2 * s;
  const sum = a + b;
  const rest = k === 0 ? 0 : b - (sum - a);
  const low = rest + (2 * t + b * tail + k * LN2_LOW);
  const result = sum + low;
  logLow = low - (result - sum);
  return result;
}

/** The natural logarithm. */
export function log(x: number): number {
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) {
    return x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  }
  return logParts(x);
}

function logTimes(x: number, factor: number, factorLow: number): number {
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) return log(x);
  const high = logParts(x);
  const product = high * factor;
  return product + (productError(high, factor, product) + high * factorLow + logLow * factor);
}

/** The logarithm to base 2; whole for powers of 2. */
export function log2(x: number): number {
  return logTimes(x, INVERSE_LN2, INVERSE_LN2_LOW);
}

/** The logarithm to base 10; whole for powers of 10. */
export function log10(x: number): number {
  return logTimes(x, INVERSE_LN10, INVERSE_LN10_LOW);
}

/** log(1 + x), accurate for small x. */
export function log1p(x: number): number {
  if (!(x > -1) || x === Number.POSITIVE_INFINITY) {
    return x === -1 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  }
  const u = 1 + x;
  if (u === 1) return x;
  // What 1 + x leaves out, with the larger term first.
  const missing = x < 1 ? x - (u - 1) : 1 - (u - x);
  const high = logParts(u);
  return high + (logLow + missing / u);
}

/** exp(r) − 1 for |r| ≤ 0.35, of r + c with a tiny c. */
function expTail(r: number, c: number): number {
  return r + (c + c * r + r * r * horner(r, EXP));
}

/** e^(x + xLow). */
function expParts(x: number, xLow: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.8) return Number.POSITIVE_INFINITY;
  if (x < -745.2) return 0;
  const k = Math.round(x * INVERSE_LN2);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW - xLow;
  const r = high - low;
  return scale(1 + expTail(r, high - r - low), k);
}

/** The exponential function. */
export function exp(x: number): number {
  return expParts(x, 0);
}

/** exp(x) − 1, accurate for small x. */
export function expm1(x: number): number {
  if (Number.isNaN(x) || x === 0) return x;
  if (x > 709.8) return Number.POSITIVE_INFINITY;
  if (x < -40) return -1;
  const k = Math.round(x * INVERSE_LN2);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const tail = expTail(r, high - r - low);
  if (k === 0) return tail;
  if (k > 60) return scale(1 + tail, k);
  const two = powerOfTwo(k);
  return two * tail + (two - 1);
}

/** x^y for real x and y, with the special values of IEEE 754. */
export function power(x: number, y: number): number {
  if (y === 2) return x * x;
  if (y === 0 || x === 1) return 1;
  if (Number.isInteger(y) && Math.abs(y) <= 64) {
    let result = 1;
    let base = x;
    for (let k = Math.abs(y); k > 0; k >>= 1) {
      if (k & 1) result *= base;
      base *= base;
    }
    return y < 0 ? 1 / result : result;
  }
  if (y === 0.5) return Math.sqrt(x);
  const size = Math.abs(x);
  // Zeros, infinities and negative numbers under fractions have exact answers, the same everywhere.
  if (
    !(size > 0 && size < Number.POSITIVE_INFINITY) ||
    !Number.isFinite(y) ||
    (x < 0 && !Number.isInteger(y))
  ) {
    return x ** y;
  }
  const high = logParts(size);
  const product = y * high;
  const result =
    Math.abs(product) > 800
      ? product > 0
        ? Number.POSITIVE_INFINITY
        : 0
      : expParts(product, productError(y, high, product) + y * logLow);
  return x < 0 && y % 2 !== 0 ? -result : result;
}

// The rest and the quadrant of the last `reduce`.
let angleLow = 0;
let quadrant = 0;

/** x minus the nearest multiple of π/2, as a sum: returned, and `angleLow`. */
function reduce(x: number): number {
  const k = Math.round(x * TWO_OVER_PI);
  quadrant = ((k % 4) + 4) % 4;
  const a = x - k * HALF_PI_1;
  const b = k * HALF_PI_2;
  const r = a - b;
  const lost = a - r - b - k * HALF_PI_3;
  const result = r + lost;
  angleLow = r - result + lost;
  return result;
}

function sinKernel(r: number, low: number): number {
  const z = r * r;
  return r + (low * (1 - 0.5 * z) + r * z * horner(z, SIN));
}

function cosKernel(r: number, low: number): number {
  const z = r * r;
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * z * horner(z, COS) - r * low));
}

/** The sine. */
export function sin(x: number): number {
  if (x === 0 || !(Math.abs(x) <= MAX_ANGLE)) return Math.sin(x);
  const r = reduce(x);
  const value = quadrant % 2 === 0 ? sinKernel(r, angleLow) : cosKernel(r, angleLow);
  return quadrant < 2 ? value : -value;
}

/** The cosine. */
export function cos(x: number): number {
  if (!(Math.abs(x) <= MAX_ANGLE)) return Math.cos(x);
  const r = reduce(x);
  const value = quadrant % 2 === 0 ? cosKernel(r, angleLow) : sinKernel(r, angleLow);
  return quadrant === 0 || quadrant === 3 ? value : -value;
}

/** The tangent; a quotient, so within two units in the last place. */
export function tan(x: number): number {
  return Math.abs(x) <= MAX_ANGLE ? sin(x) / cos(x) : Math.tan(x);
}

/** The hyperbolic sine. */
export function sinh(x: number): number {
  const size = Math.abs(x);
  if (size < 22) {
    const t = expm1(size);
    const value = 0.5 * (t + t / (t + 1));
    return x < 0 ? -value : x === 0 ? x : value;
  }
  const half = exp(0.5 * size);
  const value = 0.5 * half * half;
  return x < 0 ? -value : value;
}

/** The hyperbolic cosine. */
export function cosh(x: number): number {
  const size = Math.abs(x);
  if (size < 22) {
    const e = exp(size);
    return 0.5 * (e + 1 / e);
  }
  const half = exp(0.5 * size);
  return 0.5 * half * half;
}

/** The hyperbolic tangent. */
export function tanh(x: number): number {
  if (x === 0 || Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size > 22) return x < 0 ? -1 : 1;
  const t = expm1(2 * size);
  const value = t / (t + 2);
  return x < 0 ? -value : value;
}
