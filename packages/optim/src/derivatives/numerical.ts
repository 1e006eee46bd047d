import { resolveBox } from "../box";
import { OptimError } from "../optim-error";
import { createTableau, extrapolateInto, type Limit } from "./richardson";

/** Options of the numerical derivatives. */
export interface DifferenceOptions {
  /** First step of the extrapolation, relative to max(1, |x_i|); default 0.01. */
  step?: number;
  /** Bounds within which the function may be called (gradient and Jacobian only); default none. */
  lower?: ArrayLike<number> | number;
  upper?: ArrayLike<number> | number;
}

/** A numerical derivative with its estimated errors, entry by entry. */
export interface NumericalDerivative {
  /** Gradient (n), Jacobian (m x n, row-major) or Hessian (n x n). */
  readonly values: Float64Array;
  /** Estimated absolute error of each entry. */
  readonly errors: Float64Array;
  /** Number of calls of the function. */
  readonly evaluations: number;
}

/**
 * Gradient of a function by Richardson extrapolation of central differences, one-sided at a bound.
 *
 * @param f function of n variables; its argument is reused from call to call
 * @param x where; unchanged
 * @param options see {@link DifferenceOptions}
 * @returns n entries, typically to 1e-11 relative to the function's scale, with error estimates
 * @throws OptimError for a step that is not positive and for bad bounds
 *
 * Cost: 10 to 20 calls per variable.
 */
export function numericalGradient(
  f: (x: Float64Array) => number,
  x: ArrayLike<number>,
  options: DifferenceOptions = {},
): NumericalDerivative {
  const out = new Float64Array(1);
  return numericalJacobian(
    (at) => {
      out[0] = f(at);
      return out;
    },
    x,
    1,
    options,
  );
}

/**
 * Jacobian of a vector-valued function, as {@link numericalGradient}; of a gradient it is the Hessian.
 *
 * @param f function of n variables with m values (which may be a reused array)
 * @param x where; unchanged
 * @param m number of values
 * @returns m x n entries, row-major
 * @throws OptimError for a step that is not positive and for bad bounds
 *
 * Cost: up to 20 calls per variable; a level is evaluated once for all m values.
 */
export function numericalJacobian(
  f: (x: Float64Array) => ArrayLike<number>,
  x: ArrayLike<number>,
  m: number,
  options: DifferenceOptions = {},
): NumericalDerivative {
  const relative = checkStep(options);
  const { x0: at, lower, upper } = resolveBox(x, options);
  const n = at.length;
  const values = new Float64Array(m * n);
  const errors = new Float64Array(m * n);
  const tableau = createTableau();
  const limit: Limit = { value: NaN, error: Infinity };
  let evaluations = 0;
  const call = (variable: number, value: number): Float64Array => {
    const kept = at[variable];
    at[variable] = value;
    const result = new Float64Array(m);
    const given = f(at);
    for (let k = 0; k < m; k++) result[k] = given[k];
    at[variable] = kept;
    evaluations++;
    return result;
  };

  let centreValues: Float64Array | null = null;
  for (let i = 0; i < n; i++) {
    const centre = at[i];
    let step = relative * Math.max(1, Math.abs(centre));
    const below = centre - lower[i];
    const above = upper[i] - centre;
    const room = Math.min(below, above);
    // Central where both sides have some room; else to the wider side.
    let side: 0 | 1 | -1 = 0;
    if (room < 1e-3 * step) side = above >= below ? 1 : -1;
    step = Math.min(step, side === 0 ? room : Math.max(above, below));
    if (!(step > 0)) continue; // a fixed variable has no derivative to speak of: 0
    if (side !== 0 && centreValues === null) centreValues = call(i, centre);

    // The quotients of all m values at one step come from the same two calls.
    const quotients = new Map<number, Float64Array>();
    const quotientsAt = (h: number): Float64Array => {
      let known = quotients.get(h);
      if (known === undefined) {
        const far = centre + (side === -1 ? -h : h);
        const near = side === 0 ? centre - h : centre;
        const a = call(i, far);
        const b = side === 0 ? call(i, near) : (centreValues as Float64Array);
        known = a.map((value, k) => (value - b[k]) / (far - near));
        quotients.set(h, known);
      }
      return known;
    };
    for (let k = 0; k < m; k++) {
      extrapolateInto((h) => quotientsAt(h)[k], step, side === 0 ? 2 : 1, tableau, limit);
      values[k * n + i] = limit.value;
      errors[k * n + i] = limit.error;
    }
  }
  return { values, errors, evaluations };
}

/**
 * Hessian of a function by Richardson extrapolation of second differences.
 *
 * Diagonal entries use `f(x + h) - 2 f(x) + f(x - h)`, the others
 * `f(x + h + k) - f(x + h) - f(x + k) + 2 f(x) - f(x - h) - f(x - k) + f(x - h - k)`, both with errors in even powers
 * of the steps.
 *
 * @param f function of n variables, defined around x; its argument is reused from call to call
 * @param x where; unchanged
 * @param options `step` only
 * @returns n x n entries, symmetric, typically to 1e-8 relative to the function's scale
 * @throws OptimError for a step that is not positive
 *
 * Cost: about 16 n + 14 n(n-1)/2 calls.
 */
export function numericalHessian(
  f: (x: Float64Array) => number,
  x: ArrayLike<number>,
  options: Pick<DifferenceOptions, "step"> = {},
): NumericalDerivative {
  const relative = checkStep(options);
  const { x0: at } = resolveBox(x, {});
  const n = at.length;
  const values = new Float64Array(n * n);
  const errors = new Float64Array(n * n);
  const tableau = createTableau();
  const limit: Limit = { value: NaN, error: Infinity };
  let evaluations = 0;
  const call = (): number => {
    evaluations++;
    return f(at);
  };
  const centreValue = call();
  // Values at x + h e_i and x - h e_i, kept for the mixed differences; key: 2 i + side, then h / step.
  const axis = new Map<string, number>();
  const steps = Float64Array.from(at, (value) => 4 * relative * Math.max(1, Math.abs(value)));
  const alongAxis = (i: number, multiple: number): number => {
    const key = `${i} ${multiple}`;
    let known = axis.get(key);
    if (known === undefined) {
      const kept = at[i];
      at[i] = kept + multiple * steps[i];
      known = call();
      at[i] = kept;
      axis.set(key, known);
    }
    return known;
  };
  const diagonal = (i: number, t: number): number => {
    const h = t * steps[i];
    return (alongAxis(i, t) - 2 * centreValue + alongAxis(i, -t)) / (h * h);
  };
  const mixed = (i: number, j: number, t: number): number => {
    const keptI = at[i];
    const keptJ = at[j];
    at[i] = keptI + t * steps[i];
    at[j] = keptJ + t * steps[j];
    const up = call();
    at[i] = keptI - t * steps[i];
    at[j] = keptJ - t * steps[j];
    const down = call();
    at[i] = keptI;
    at[j] = keptJ;
    const sum =
      up - alongAxis(i, t) - alongAxis(j, t) + 2 * centreValue - alongAxis(i, -t) - alongAxis(j, -t) + down;
    return sum / (2 * t * steps[i] * t * steps[j]);
  };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      extrapolateInto((t) => (i === j ? diagonal(i, t) : mixed(i, j, t)), 1, 2, tableau, limit);
      values[i * n + j] = limit.value;
      values[j * n + i] = limit.value;
      errors[i * n + j] = limit.error;
      errors[j * n + i] = limit.error;
    }
  }
  return { values, errors, evaluations };
}

function checkStep({ step = 0.01 }: Pick<DifferenceOptions, "step">): number {
  if (!(step > 0 && step < Infinity)) {
    throw new OptimError("invalid-derivative", "invalid step", step, "give a positive finite number");
  }
  return step;
}
