/** One point of a profile. */
export interface PathPoint {
  readonly value: number;
  /** Signed root of what −2 log-likelihood rises above its minimum. */
  readonly zeta: number;
  /** dζ/dψ; NaN where it is not known. */
  readonly slope: number;
  /** Where the other parameters are, to start from nearby. */
  readonly x: Float64Array;
  /** All parameters there, for whoever draws one against another. */
  readonly others: Float64Array;
}

/** A minimum with the parameter held. */
export interface PathMinimum {
  /** What −2 log-likelihood rises above its minimum. */
  readonly rise: number;
  /** Its derivative with respect to the parameter. */
  readonly derivative: number;
  readonly x: Float64Array;
  readonly others: Float64Array;
}

/** What tracing a path needs to know of a parameter. */
export interface PathProblem {
  readonly estimate: number;
  readonly start: Float64Array;
  /** All parameters at the estimate. */
  readonly others: Float64Array;
  /** Values the parameter can take; a finite end is evaluated where the path comes that far. */
  readonly range: readonly [number, number];
  /** Whether the ends of the range may be evaluated. */
  readonly closed: boolean;
  /** A guess of how far to go for ζ to change by one. */
  readonly unit: number;
  /** The minimum with the parameter held; `x` to start from. */
  readonly minimum: (value: number, x: Float64Array) => PathMinimum;
}

/** ζ from point to point. */
const STEP = 0.5;
/** A change of ζ that is too long to interpolate over. */
const TOO_LONG = 1.25;
/** A fall of |ζ| that is no rounding error. */
const FALL = 1e-5;
/** A rise that is too long over less than this, in units, is a jump to another branch and is left as it is. */
const JUMP = 1e-4;
const MOST_POINTS = 60;
/** ζ at the end of an interval is found to this. */
const EXACT = 1e-8;

/**
 * Points of ζ(ψ) on one side of the estimate, outward, until |ζ| reaches a cutoff or the range ends.
 *
 * @param direction 1 or −1
 * @returns the points but the estimate itself, in the order of going
 */
export function tracePath(problem: PathProblem, direction: 1 | -1, cutoff: number): PathPoint[] {
  const path = goOut(problem, direction, cutoff);
  // Where ζ falls going outward, the points before may lie on a branch of higher minima: look from behind.
  for (let i = path.length - 2; i >= 0; i--) {
    if (Math.abs(path[i].zeta) <= Math.abs(path[i + 1].zeta) + FALL) continue;
    const again = solve(problem, path[i].value, direction, path[i + 1].x);
    if (Math.abs(again.zeta) < Math.abs(path[i].zeta)) path[i] = again;
  }
  return path;
}

/** The estimate itself as a point. */
export function originOf({ estimate, start, others }: PathProblem): PathPoint {
  return { value: estimate, zeta: 0, slope: Number.NaN, x: start, others };
}

function goOut(problem: PathProblem, direction: 1 | -1, cutoff: number): PathPoint[] {
  const { estimate, range, closed } = problem;
  const end = direction > 0 ? range[1] : range[0];
  const path: PathPoint[] = [];
  let from = originOf(problem);
  let before: PathPoint | null = null;
  let step = STEP * problem.unit;
  if (!(Math.abs(end - estimate) > 1e-12 * Math.max(1, Math.abs(estimate)))) return path;
  for (let tries = 0; path.length < MOST_POINTS && tries < 2 * MOST_POINTS; tries++) {
    let value = from.value + direction * step;
    const beyond = direction > 0 ? value >= end : value <= end;
    // An open end is approached, a closed one reached.
    if (beyond && !closed && Math.abs(end - from.value) < 1e-4 * Math.abs(end - estimate)) return path;
    if (beyond) value = closed ? end : from.value + (end - from.value) / 2;
    const point = solve(problem, value, direction, predicted(from, before, value));
    // A fall shows that the way here was on a branch of higher minima.
    const change = Math.max(0, Math.abs(point.zeta) - Math.abs(from.zeta));
    if (change > TOO_LONG && Math.abs(value - from.value) > JUMP * problem.unit) {
      step = Math.abs(value - from.value) * Math.max(0.1, Math.min(0.5, STEP / change));
      continue;
    }
    if (!Number.isFinite(point.zeta)) return path;
    path.push(point);
    if (Math.abs(point.zeta) >= cutoff || value === end) return path;
    const went = Math.abs(value - from.value);
    const wanted = point.slope > 0 ? STEP / point.slope : went * (change > 0 ? STEP / change : 4);
    const most = change < 0.1 ? 6 * went : 2.5 * went;
    step = Math.min(most, Math.max(wanted, 0.1 * went));
    before = from;
    from = point;
  }
  return path;
}

/**
 * The point between two others at which ζ is `target`, by false position with the exact slope.
 *
 * @param inner, outer with ζ on either side of the target
 */
export function findZeta(
  problem: PathProblem,
  inner: PathPoint,
  outer: PathPoint,
  target: number,
): PathPoint {
  const direction = target < 0 ? -1 : 1;
  let [low, high] = [inner, outer];
  let best = Math.abs(inner.zeta - target) < Math.abs(outer.zeta - target) ? inner : outer;
  for (let i = 0; i < 60 && Math.abs(best.zeta - target) > EXACT; i++) {
    const width = high.value - low.value;
    const share = (target - low.zeta) / (high.zeta - low.zeta);
    let value = low.value + share * width;
    const newton = best.value + (target - best.zeta) / best.slope;
    const [left, right] = width > 0 ? [low.value, high.value] : [high.value, low.value];
    if (Number.isFinite(newton) && newton > left && newton < right) value = newton;
    // Where neither has brought the ends together, halves.
    if (i % 6 === 5 || !(value > left && value < right)) value = low.value + width / 2;
    if (!(value > left && value < right)) break;
    const point = solve(problem, value, direction, predicted(low, high, value));
    if (Math.abs(point.zeta) > Math.abs(target)) high = point;
    else low = point;
    if (Math.abs(point.zeta - target) <= Math.abs(best.zeta - target)) best = point;
  }
  return best;
}

/** The other parameters at `value`, on the straight line through two points. */
function predicted(from: PathPoint, other: PathPoint | null, value: number): Float64Array {
  if (other === null || other.value === from.value) return from.x;
  const share = (value - from.value) / (other.value - from.value);
  // A line through nearby points says nothing about what is far.
  if (Math.abs(share) > 3) return from.x;
  return from.x.map((x, i) => x + share * (other.x[i] - x));
}

function solve(problem: PathProblem, value: number, direction: 1 | -1, x: Float64Array): PathPoint {
  const { rise, derivative, x: found, others } = problem.minimum(value, x);
  const zeta = direction * Math.sqrt(Math.max(0, rise));
  return { value, zeta, slope: derivative / (2 * zeta), x: found, others };
}
