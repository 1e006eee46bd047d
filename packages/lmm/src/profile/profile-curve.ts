import { normalQuantile } from "../inference/distributions/quantiles";
import type { ProfiledParameter } from "./profiled-parameter";

type Curve = Pick<ProfiledParameter, "values" | "zeta" | "slopes">;

/**
 * ζ at a value of the parameter, between the points by a monotone cubic through their values and slopes; NaN beyond
 * the ends of the curve.
 *
 * Source: Fritsch & Carlson (1980), "Monotone piecewise cubic interpolation", SIAM J. Numer. Anal. 17.
 */
export function zetaAt(curve: Curve, value: number): number {
  const { values } = curve;
  const last = values.length - 1;
  if (last < 0 || !(value >= values[0] && value <= values[last])) return Number.NaN;
  let i = 0;
  while (i < last - 1 && value > values[i + 1]) i++;
  return last === 0 ? curve.zeta[0] : piece(curve, i, value).zeta;
}

/** The value at which ζ is `zeta`, the inverse of `zetaAt`; NaN where the curve does not come so far. */
export function valueAt(curve: Curve, zeta: number): number {
  const { values, zeta: known } = curve;
  const last = values.length - 1;
  if (last < 1 || !(zeta >= known[0] && zeta <= known[last])) return Number.NaN;
  let i = 0;
  while (i < last - 1 && zeta > known[i + 1]) i++;
  let [low, high] = [values[i], values[i + 1]];
  if (zeta === known[i]) return low;
  if (zeta === known[i + 1]) return high;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return middle;
    if (piece(curve, i, middle).zeta < zeta) low = middle;
    else high = middle;
  }
}

/** One point of a profile density. */
export interface DensityPoint {
  readonly value: number;
  readonly density: number;
}

/**
 * The density that the profile stands for: that of a parameter for which ζ is standard normal, φ(ζ)·dζ/dψ.
 *
 * @param count points, evenly spread over the curve
 */
export function profileDensity(curve: Curve, count = 101): DensityPoint[] {
  const { values } = curve;
  const last = values.length - 1;
  if (last < 1) return [];
  return Array.from({ length: count }, (_, m) => {
    const value = m === count - 1 ? values[last] : values[0] + ((values[last] - values[0]) * m) / (count - 1);
    let i = 0;
    while (i < last - 1 && value > values[i + 1]) i++;
    const { zeta, slope } = piece(curve, i, value);
    return { value, density: (Math.exp((-zeta * zeta) / 2) / Math.sqrt(2 * Math.PI)) * slope };
  });
}

/**
 * The interval at any level that the curve covers, by interpolation; where it does not come so far the limit is the
 * end of the range if the profile ended there, else NaN.
 */
export function profileInterval(
  parameter: ProfiledParameter,
  level = 0.95,
): { readonly lower: number; readonly upper: number } {
  const z = normalQuantile((1 - level) / 2);
  const { zeta, values, atBoundary, lower, upper } = parameter;
  const end = zeta.length - 1;
  if (end < 1) return { lower, upper };
  const below = valueAt(parameter, -z);
  const above = valueAt(parameter, z);
  // A closed range was traced to its end.
  const low = Number.isNaN(below) && atBoundary.lower ? Math.min(lower, values[0]) : below;
  const high = Number.isNaN(above) && atBoundary.upper ? Math.max(upper, values[end]) : above;
  return { lower: low, upper: high };
}

/** Hermite's cubic of one piece, its slopes limited so that it is monotone. */
function piece(curve: Curve, i: number, value: number): { zeta: number; slope: number } {
  const { values, zeta, slopes } = curve;
  const h = values[i + 1] - values[i];
  const secant = (zeta[i + 1] - zeta[i]) / h;
  const limited = (slope: number) =>
    Number.isFinite(slope) ? Math.min(Math.max(slope, 0), 3 * secant) : secant;
  const left = limited(slopes[i]);
  const right = limited(slopes[i + 1]);
  const t = (value - values[i]) / h;
  const c2 = 3 * secant - 2 * left - right;
  const c3 = left + right - 2 * secant;
  return {
    zeta: zeta[i] + h * t * (left + t * (c2 + t * c3)),
    slope: left + t * (2 * c2 + 3 * t * c3),
  };
}
