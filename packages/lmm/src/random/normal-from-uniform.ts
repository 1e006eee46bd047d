const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** ln m is a series for m within [√½, √2]. */
const ROOT_HALF = Math.SQRT1_2;

/**
 * log x for 0 < x ≤ 1 from sums, products and quotients alone, so that every engine gives the same bits; within
 * two units in the last place.
 *
 * Source: log m = 2 artanh((m − 1)/(m + 1)) (Abramowitz & Stegun 4.1.27) with x = 2ᵏm.
 */
export function portableLog(x: number): number {
  let m = x;
  let k = 0;
  while (m < 1 / 65536) {
    m *= 65536;
    k -= 16;
  }
  while (m < ROOT_HALF) {
    m *= 2;
    k -= 1;
  }
  const r = (m - 1) / (m + 1);
  const square = r * r;
  let sum = 0;
  for (let j = 11; j >= 1; j--) sum = (sum + 1 / (2 * j + 1)) * square;
  return k * LN2_HIGH + (2 * r + (2 * r * sum + k * LN2_LOW));
}

// Coefficients of PPND16 as doubles, constant term first.
const CENTRE_TOP = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_BOTTOM = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const MIDDLE_TOP = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const MIDDLE_BOTTOM = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const TAIL_TOP = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const TAIL_BOTTOM = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];

/**
 * The z with P(Z ≤ z) = u for the standard normal distribution: turns a uniform number into a normal one.
 *
 * Only sums, products, quotients and square roots are used, so every engine gives the same bits. Relative error
 * about 1e-16; exact antisymmetry, z(1 − u) = −z(u) where 1 − u is exact.
 *
 * @param u within (0, 1); 0 and 1 give ∓Infinity
 *
 * Source: Wichura (1988), "Algorithm AS 241: The percentage points of the normal distribution", Applied
 * Statistics 37, 477–484 (PPND16).
 */
export function normalFromUniform(u: number): number {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE_TOP, CENTRE_BOTTOM, 0.180625 - q * q);
  const tail = q < 0 ? u : 1 - u;
  if (!(tail > 0)) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-portableLog(tail));
  const z = r <= 5 ? ratio(MIDDLE_TOP, MIDDLE_BOTTOM, r - 1.6) : ratio(TAIL_TOP, TAIL_BOTTOM, r - 5);
  return q < 0 ? -z : z;
}

function ratio(top: readonly number[], bottom: readonly number[], x: number): number {
  let above = top[7];
  let below = bottom[7];
  for (let i = 6; i >= 0; i--) {
    above = above * x + top[i];
    below = below * x + bottom[i];
  }
  return above / below;
}
