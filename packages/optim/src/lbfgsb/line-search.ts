/** A point on the search line. */
export interface LinePoint {
  t: number;
  f: number;
  /** Derivative along the line. */
  slope: number;
}

/** Sufficient decrease, and curvature: the constants of Byrd, Lu, Nocedal and Zhu. */
const DECREASE = 1e-4;
const CURVATURE = 0.9;
const MAX_TRIALS = 30;

/**
 * Finds a step that satisfies the strong Wolfe conditions
 * `f(t) <= f(0) + 1e-4 t f'(0)` and `|f'(t)| <= 0.9 |f'(0)|`, or one with sufficient decrease at the longest step.
 *
 * A bracket is widened, then narrowed by safeguarded cubic interpolation. Values that are not finite count as too high.
 *
 * Source: Nocedal and Wright (2006), Numerical optimization, algorithms 3.5 and 3.6; Moré and Thuente (1994) for the
 * interpolation.
 *
 * @param start t = 0: value and (negative) slope
 * @param first step to try first, at most `longest`
 * @param longest longest step allowed
 * @param evaluate value and slope at t; null when the run must end
 * @returns the last point evaluated, which is the one accepted, or null when none was good enough
 */
export function searchLine(
  start: LinePoint,
  first: number,
  longest: number,
  evaluate: (t: number) => LinePoint | null,
): LinePoint | null {
  const isTooHigh = (p: LinePoint) => !(p.f <= start.f + DECREASE * p.t * start.slope);
  let low = start;
  let high: LinePoint | null = null;
  let t = first;
  for (let trial = 0; trial < MAX_TRIALS; trial++) {
    const point = evaluate(t);
    if (point === null) return null;
    if (isTooHigh(point) || (low !== start && point.f >= low.f) || !Number.isFinite(point.slope)) {
      high = point;
    } else if (Math.abs(point.slope) <= -CURVATURE * start.slope) {
      return point;
    } else if (high === null) {
      if (point.slope >= 0) {
        high = low;
        low = point;
      } else {
        if (t >= longest) return point;
        low = point;
        t = Math.min(longest, 3 * t);
        continue;
      }
    } else {
      if (point.slope * (high.t - low.t) >= 0) high = low;
      low = point;
    }
    const next = interpolate(low, high);
    // The bracket has shrunk to rounding errors: the low end, if it is better than the start, will do.
    if (next === low.t || next === high.t || Math.abs(high.t - low.t) <= 1e-12 * Math.abs(high.t)) {
      return low === start ? null : evaluate(low.t);
    }
    t = next;
  }
  return low === start ? null : evaluate(low.t);
}

/** Minimizer of the cubic through two points, kept off the ends of the bracket; its middle when there is none. */
function interpolate(low: LinePoint, high: LinePoint): number {
  const width = high.t - low.t;
  let t = low.t + 0.5 * width;
  if (Number.isFinite(high.f) && Number.isFinite(high.slope)) {
    const secant = (3 * (low.f - high.f)) / width + low.slope + high.slope;
    const discriminant = secant * secant - low.slope * high.slope;
    if (discriminant >= 0) {
      const root = Math.sign(width) * Math.sqrt(discriminant);
      const cubic = high.t - (width * (high.slope + root - secant)) / (high.slope - low.slope + 2 * root);
      if (Number.isFinite(cubic)) t = cubic;
    }
  } else {
    t = low.t + 0.1 * width;
  }
  const nearLow = low.t + 0.05 * width;
  const nearHigh = low.t + 0.95 * width;
  return Math.min(Math.max(t, Math.min(nearLow, nearHigh)), Math.max(nearLow, nearHigh));
}
