import { normalFromUniform } from "../../random/normal-from-uniform";
import { RandomStream } from "../../random/random-stream";
import { meanOverScale } from "./over-scale";
import { normalTails, twoSidedT } from "./tails";

/** A probability and how far it may be off: 0 where quadrature gives it to rounding. */
export interface NumericalTail {
  readonly value: number;
  /** Three standard errors of the randomized quasi-Monte Carlo mean. */
  readonly error: number;
}

/** The upper tail of the largest of several |T_i| as a function of t; `rough`: from an eighth of the points. */
export type MaximumTail = (t: number, df: number, rough?: boolean) => NumericalTail;

/** Correlations this close to ±1 mean one variate. */
const SAME = 1e-10;
/** Largest |z| of the quadrature, and its step. */
const REACH = 8.5;
const STEP = 0.2;
/** Randomized shifts, and points of each lattice. */
const SHIFTS = 12;
const POINTS = 8009;
const ROUGH_POINTS = 1009;
/** An error with which the shorter lattice is enough. */
const ENOUGH = 5e-4;

/**
 * P(max |T_i| > t) for T multivariate t with the given correlations.
 *
 * Where the correlations are products ρ_ij = b_i b_j (always so for comparisons of independent means with a control,
 * for two variates, and for equal positive correlations), one variate z makes the others independent, and two
 * nested trapezoidal rules give the tail to rounding (Dunnett 1955, J. Am. Stat. Assoc. 50; Dunnett & Sobel 1955).
 * Otherwise the probability is a randomized quasi-Monte Carlo mean, with its error.
 *
 * @param correlation k×k, column-major
 * @param seed of the random shifts
 * Source: Genz & Bretz (2002), J. Comput. Graph. Stat. 11(4), sections 2–3.
 */
export function maximumTail(correlation: ArrayLike<number>, k: number, seed = 1): MaximumTail {
  const distinct = distinctVariates(correlation, k);
  const n = distinct.length;
  const at = (i: number, j: number) => correlation[distinct[j] * k + distinct[i]];
  if (n === 0) return () => ({ value: Number.NaN, error: 0 });
  if (n === 1) return (t, df) => ({ value: t <= 0 ? 1 : twoSidedT(t, df), error: 0 });
  const loadings = productLoadings(at, n);
  if (loadings !== null) {
    return (t, df) => ({
      value: t <= 0 ? 1 : meanOverScale(df, (s) => productTail(t * s, loadings)),
      error: 0,
    });
  }
  return latticeTail(at, n, seed);
}

function distinctVariates(correlation: ArrayLike<number>, k: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < k; i++) {
    if (kept.every((j) => Math.abs(correlation[j * k + i]) < 1 - SAME)) kept.push(i);
  }
  return kept;
}

/** The b with ρ_ij = b_i b_j; null when there are none of them, all within (−1, 1). */
function productLoadings(at: (i: number, j: number) => number, n: number): number[] | null {
  if (n === 2) {
    const root = Math.sqrt(Math.abs(at(0, 1)));
    return [root, Math.sign(at(0, 1)) * root];
  }
  // The variate that is correlated with most fixes the signs.
  const own = new Array<number>(n).fill(0);
  for (let i = 0; i < n; i++) {
    // b_i² = ρ_ij ρ_il / ρ_jl, from the pair that determines it best.
    let best = 0;
    for (let j = 0; j < n; j++) {
      for (let l = 0; l < j; l++) {
        if (i === j || i === l || Math.abs(at(j, l)) <= best) continue;
        best = Math.abs(at(j, l));
        own[i] = (at(i, j) * at(i, l)) / at(j, l);
      }
    }
  }
  if (own.some((square) => !(square >= -1e-12 && square < 1))) return null;
  const lead = own.indexOf(Math.max(...own));
  const out = own.map(
    (square, i) => (i === lead || at(i, lead) >= 0 ? 1 : -1) * Math.sqrt(Math.max(0, square)),
  );
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) if (Math.abs(out[i] * out[j] - at(i, j)) > 1e-9) return null;
  }
  return out;
}

/** 1 − ∫ φ(z) Π_i P(|b_i z + √(1 − b_i²) e| < w) dz. */
function productTail(w: number, loadings: readonly number[]): number {
  const residual = loadings.map((b) => Math.sqrt(1 - b * b));
  // The steps that the variates make of z are as wide as their own scatter.
  const step = loadings.reduce(
    (least, b, i) => Math.min(least, (0.35 * residual[i]) / Math.max(Math.abs(b), 1e-3)),
    STEP,
  );
  let sum = 0;
  const n = Math.ceil(REACH / step);
  for (let m = -n; m <= n; m++) {
    const z = m * step;
    let inside = 0;
    for (let i = 0; i < loadings.length; i++) {
      const shift = loadings[i] * z;
      const outside =
        normalTails((w - shift) / residual[i]).upper + normalTails((w + shift) / residual[i]).upper;
      inside += Math.log1p(-Math.min(outside, 1));
    }
    sum += Math.exp((-z * z) / 2) * -Math.expm1(inside);
  }
  return Math.min(1, (sum * step) / Math.sqrt(2 * Math.PI));
}

/** The sequence of conditional intervals of Genz & Bretz on a randomly shifted Richtmyer lattice. */
function latticeTail(at: (i: number, j: number) => number, n: number, seed: number): MaximumTail {
  const root = pivotedRoot(at, n);
  const primes = firstPrimes(n);
  const generators = primes.map((prime) => Math.sqrt(prime) % 1);
  const stream = new RandomStream(seed);
  const shifts = Array.from({ length: SHIFTS }, () =>
    Float64Array.from({ length: n }, () => stream.uniform()),
  );
  const y = new Float64Array(n);
  const scales = new Map<number, (u: number) => number>();
  const inside = (t: number, s: number, shift: Float64Array, point: number): number => {
    let product = 1;
    for (let i = 0; i < n; i++) {
      let mean = 0;
      for (let j = 0; j < i; j++) mean += root[j * n + i] * y[j];
      const own = root[i * n + i];
      const [from, to] =
        own > 0
          ? [normalTails((-t * s - mean) / own).lower, normalTails((t * s - mean) / own).lower]
          : Math.abs(mean) < t * s
            ? [0, 1]
            : [0, 0];
      product *= to - from;
      if (product === 0) return 0;
      const u = tent((point * generators[i] + shift[i]) % 1);
      y[i] = normalFromUniform(Math.min(1 - 2 ** -53, Math.max(2 ** -53, from + u * (to - from))));
    }
    return product;
  };
  return (t, df, rough = false) => {
    if (Number.isNaN(t) || !(df > 0)) return { value: Number.NaN, error: 0 };
    if (t <= 0) return { value: 1, error: 0 };
    const scaleOf = scales.get(df) ?? (df > 1e8 ? () => 1 : scaleQuantiles(df));
    scales.set(df, scaleOf);
    const from = (points: number): NumericalTail => {
      const means = shifts.map((shift) => {
        let sum = 0;
        for (let point = 1; point <= points; point++) {
          // The last generator, that of y_n, is not needed there: it draws the scale.
          const s = scaleOf(tent((point * generators[n - 1] + shift[n - 1]) % 1));
          sum += 1 - inside(t, s, shift, point);
        }
        return sum / points;
      });
      const mean = means.reduce((sum, value) => sum + value, 0) / SHIFTS;
      const spread = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return { value: mean, error: 3 * Math.sqrt(spread / (SHIFTS * (SHIFTS - 1))) };
    };
    const first = from(ROUGH_POINTS);
    return rough || first.error < ENOUGH ? first : from(POINTS);
  };
}

/** The baker's transformation, which makes the integrand periodic. */
function tent(u: number): number {
  return Math.abs(2 * u - 1);
}

/** A lower triangular root of the correlation matrix, zero in the columns of dependent variates. */
function pivotedRoot(at: (i: number, j: number) => number, n: number): Float64Array {
  const root = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    let square = at(j, j);
    for (let m = 0; m < j; m++) square -= root[m * n + j] ** 2;
    if (square < 1e-12) continue;
    const own = Math.sqrt(square);
    root[j * n + j] = own;
    for (let i = j + 1; i < n; i++) {
      let sum = at(i, j);
      for (let m = 0; m < j; m++) sum -= root[m * n + i] * root[m * n + j];
      root[j * n + i] = sum / own;
    }
  }
  return root;
}

/** Quantiles of s, s² a χ²/df, from a table of its distribution function over log s, cubic between. */
function scaleQuantiles(df: number): (u: number) => number {
  const cells = 4000;
  const from = Math.max(-40, -Math.max(9 / Math.sqrt(2 * df), 60 / df));
  const to = Math.max(9 / Math.sqrt(2 * df), Math.log(Math.sqrt(1 + 80 / df + 20 / Math.sqrt(df))));
  const step = (to - from) / cells;
  const density = (x: number) => Math.exp(df * x - (df / 2) * Math.expm1(2 * x));
  const sums = new Float64Array(cells + 1);
  for (let i = 0; i < cells; i++) {
    const x = from + i * step;
    sums[i + 1] = sums[i] + ((density(x) + 4 * density(x + step / 2) + density(x + step)) * step) / 6;
  }
  const total = sums[cells];
  return (u) => {
    const goal = u * total;
    let low = 0;
    let high = cells;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (sums[middle] <= goal) low = middle;
      else high = middle;
    }
    const x = from + low * step;
    // One Newton step from the straight line through the cell.
    const width = sums[low + 1] - sums[low];
    const share = width > 0 ? (goal - sums[low]) / width : 0;
    const here = x + share * step;
    const reached = ((density(x) + 4 * density((x + here) / 2) + density(here)) * share * step) / 6;
    const slope = density(here);
    return Math.exp(slope > 0 ? here + (goal - sums[low] - reached) / slope : here);
  };
}

function firstPrimes(n: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < n; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

/**
 * The t at which the tail is `upper`, between the t of one variate and Bonferroni's; to about four digits where the
 * tail is simulated.
 *
 * The Illinois variant of false position in the logarithm of the tail (Dowell & Jarratt 1971, BIT 11).
 */
export function maximumQuantile(
  tail: MaximumTail,
  upper: number,
  df: number,
  low: number,
  high: number,
): number {
  let simulated = false;
  const distance = (t: number) => {
    const { value, error } = tail(t, df, true);
    if (error > 0) simulated = true;
    return Math.log(value / upper);
  };
  let [left, right] = [low, high];
  let [atLeft, atRight] = [distance(left), distance(right)];
  if (!(atLeft > 0)) return left;
  if (!(atRight < 0)) return right;
  for (let i = 0; i < 60 && right - left > 1e-12 * right; i++) {
    const straight = (left * atRight - right * atLeft) / (atRight - atLeft);
    const middle = i % 8 === 7 ? (left + right) / 2 : straight;
    if (middle <= left) return left;
    if (middle >= right) return right;
    const value = distance(middle);
    if (Math.abs(value) < (simulated ? 1e-4 : 1e-13)) return middle;
    if (value > 0) {
      [left, atLeft] = [middle, value];
      atRight /= 2;
    } else {
      [right, atRight] = [middle, value];
      atLeft /= 2;
    }
  }
  return (left + right) / 2;
}
