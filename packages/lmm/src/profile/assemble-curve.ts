import type { ProfiledParameter } from "./profiled-parameter";
import { originOf, type PathPoint, type PathProblem } from "./trace-path";

type Curve = Pick<PathPoint, "value" | "zeta" | "slope" | "others">;

/** The two sides and the estimate as one curve, with limits. */
export function assembleCurve(
  problem: PathProblem | null,
  below: PathPoint[],
  above: PathPoint[],
  z: number,
  correlation: boolean,
  names: readonly string[],
): Pick<
  ProfiledParameter,
  "estimate" | "values" | "zeta" | "slopes" | "traces" | "lower" | "upper" | "atBoundary"
> {
  if (problem === null) {
    return {
      estimate: Number.NaN,
      values: [],
      zeta: [],
      slopes: [],
      traces: Object.fromEntries(names.map((name) => [name, []])),
      lower: correlation ? -1 : Number.NaN,
      upper: correlation ? 1 : Number.NaN,
      atBoundary: { lower: true, upper: true },
    };
  }
  const { estimate, range } = problem;
  const origin = { ...originOf(problem), slope: slopeAtEstimate(estimate, below[0], above[0]) };
  const points: Curve[] = [...below.slice().reverse(), origin, ...above].map((point, i, all) =>
    Number.isFinite(point.slope) ? point : { ...point, slope: endSlope(point, all[i === 0 ? 1 : i - 1]) },
  );
  const limit = (side: readonly PathPoint[], sign: number): number | null =>
    side.find(({ zeta }) => Math.abs(zeta - sign * z) < 1e-6)?.value ?? null;
  const lower = limit(below, -1);
  const upper = limit(above, 1);
  return {
    estimate,
    values: points.map(({ value }) => value),
    zeta: points.map(({ zeta }) => zeta),
    slopes: points.map(({ slope }) => slope),
    traces: Object.fromEntries(names.map((name, j) => [name, points.map(({ others }) => others[j])])),
    lower: lower ?? range[0],
    upper: upper ?? range[1],
    atBoundary: { lower: lower === null, upper: upper === null },
  };
}

/**
 * ζ'(ψ̂), where ζ' = D'/2ζ is 0/0: from the values and slopes of the neighbours, a polynomial without constant
 * term through all of them.
 */
function slopeAtEstimate(
  estimate: number,
  left: PathPoint | undefined,
  right: PathPoint | undefined,
): number {
  const one = (point: PathPoint) => {
    const d = point.value - estimate;
    const secant = point.zeta / d;
    return { d, secant, bend: (point.slope - secant) / d };
  };
  if (left === undefined && right === undefined) return Number.NaN;
  if (left === undefined || right === undefined) {
    const { d, secant, bend } = one((left ?? right) as PathPoint);
    return Number.isFinite(bend) ? secant - bend * d : secant;
  }
  // ζ/d = a₁ + a₂d + a₃d² + a₄d³ with values and derivatives at both neighbours: Hermite's cubic at 0.
  const a = one(left);
  const b = one(right);
  if (!Number.isFinite(a.bend) || !Number.isFinite(b.bend)) return (a.secant + b.secant) / 2;
  const h = b.d - a.d;
  const t = -a.d / h;
  return (
    a.secant * (1 + 2 * t) * (1 - t) ** 2 +
    a.bend * h * t * (1 - t) ** 2 +
    b.secant * t * t * (3 - 2 * t) +
    b.bend * h * t * t * (t - 1)
  );
}

/** The slope at an end where none is known: that of the parabola through the end with the neighbour's slope. */
function endSlope(end: Curve, neighbour: Curve | undefined): number {
  if (neighbour === undefined) return Number.NaN;
  const secant = (end.zeta - neighbour.zeta) / (end.value - neighbour.value);
  return Number.isFinite(neighbour.slope) ? Math.max(0, 2 * secant - neighbour.slope) : secant;
}
