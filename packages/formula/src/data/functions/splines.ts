import { bSplineBasis, naturalSplineBasis, type SplineKnots } from "../../schema/b-splines";
import type { FormulaFunction, FunctionCall } from "../function-call";
import type { MatrixValue } from "../value";

/** `ns(x, df, knots, intercept, Boundary.knots)`: natural cubic splines. */
const ns: FormulaFunction = {
  parameters: [
    { name: "x", required: true },
    { name: "df" },
    { name: "knots" },
    { name: "intercept" },
    { name: "Boundary.knots" },
  ],
  evaluate(call) {
    const x = call.numbers("x");
    const intercept = call.flag("intercept", false);
    const knots = call.learn<SplineKnots>(() => learnKnots(call, x, (df) => df - 1 - (intercept ? 1 : 0)));
    return numbered(naturalSplineBasis(x, knots, intercept));
  },
};

/** `bs(x, df, knots, degree, intercept, Boundary.knots)`: B-splines. */
const bs: FormulaFunction = {
  parameters: [
    { name: "x", required: true },
    { name: "df" },
    { name: "knots" },
    { name: "degree" },
    { name: "intercept" },
    { name: "Boundary.knots" },
  ],
  evaluate(call) {
    const x = call.numbers("x");
    const degree = call.constant("degree") ?? 3;
    if (!Number.isInteger(degree) || degree < 1 || degree > 50) {
      throw call.error("wrong-arguments", `invalid degree: ${degree} of bs()`, {
        value: degree,
        hint: "expected a whole number from 1 to 50",
        at: call.expression("degree"),
      });
    }
    const intercept = call.flag("intercept", false);
    const knots = call.learn<SplineKnots>(() =>
      learnKnots(call, x, (df) => df - degree - (intercept ? 1 : 0)),
    );
    const columns = bSplineBasis(x, knots, degree);
    return numbered(intercept ? columns : columns.slice(1));
  },
};

/** More interior knots than this are refused. */
const MAX_KNOTS = 1000;

function numbered(columns: Float64Array[]): MatrixValue {
  return { kind: "matrix", columns, names: columns.map((_, j) => String(j + 1)) };
}

function learnKnots(call: FunctionCall, x: Float64Array, interiorCount: (df: number) => number): SplineKnots {
  const name = call.node.name;
  const present = x.filter((v) => !Number.isNaN(v)).sort();
  const given = call.constants("Boundary.knots");
  if (given !== null && (given.length !== 2 || given[0] === given[1])) {
    throw call.error("wrong-arguments", `invalid boundary knots: of ${name}()`, {
      value: given,
      hint: "expected two different numbers",
      at: call.expression("Boundary.knots"),
    });
  }
  const boundary: [number, number] =
    given === null
      ? [present[0], present[present.length - 1]]
      : [Math.min(given[0], given[1]), Math.max(given[0], given[1])];
  if (!(boundary[0] < boundary[1]) || !Number.isFinite(boundary[1] - boundary[0])) {
    throw call.error("wrong-arguments", `constant argument: ${name}() needs different, finite values`, {
      value: boundary,
      at: call.expression("x"),
    });
  }
  const knots = call.constants("knots");
  if (
    knots !== null &&
    (knots.length > MAX_KNOTS || knots.some((v) => !(v >= boundary[0] && v <= boundary[1])))
  ) {
    throw call.error("wrong-arguments", `invalid knots: of ${name}()`, {
      value: knots,
      hint: `expected at most ${MAX_KNOTS} numbers between the boundary knots ${boundary[0]} and ${boundary[1]}`,
      at: call.expression("knots"),
    });
  }
  if (knots !== null) return { interior: [...knots].sort((a, b) => a - b), boundary };
  const df = call.constant("df");
  if (df === null) return { interior: [], boundary };
  const count = interiorCount(Math.trunc(df));
  if (count < 0) {
    throw call.error("wrong-arguments", `too small df: ${df} of ${name}()`, {
      value: df,
      hint: `it must be at least ${df - count}`,
      at: call.expression("df"),
    });
  }
  if (count > MAX_KNOTS) {
    throw call.error("wrong-arguments", `too large df: ${df} of ${name}()`, {
      value: df,
      hint: `at most ${MAX_KNOTS} knots`,
      at: call.expression("df"),
    });
  }
  const inside = present.filter((v) => v >= boundary[0] && v <= boundary[1]);
  const interior = Array.from({ length: count }, (_, k) => quantile(inside, (k + 1) / (count + 1)));
  return { interior, boundary };
}

/** Quantile of sorted values, definition 7 of Hyndman & Fan (1996, Am. Stat. 50). */
function quantile(sorted: Float64Array, probability: number): number {
  const index = (sorted.length - 1) * probability;
  // A whisker below a whole number counts as the whole number.
  const low = Math.floor(index + 4 * Number.EPSILON);
  const h = index - low;
  if (Math.abs(h) < 1e-12 || low + 1 >= sorted.length) return sorted[Math.min(low, sorted.length - 1)];
  return (1 - h) * sorted[low] + h * sorted[low + 1];
}

export const SPLINE_FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map([
  ["ns", ns],
  ["bs", bs],
]);
