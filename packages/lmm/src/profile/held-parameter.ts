import type { ThetaBounds } from "../design/theta-bounds";

/**
 * A parameter ψ held at a value while −2 log-likelihood is minimized over everything else: a map from the free
 * coordinates x to the point (φ, log σ) that the likelihood is evaluated at.
 */
export interface HeldParameter {
  /** Free coordinates, m. */
  readonly size: number;
  /** x at the estimate. */
  readonly start: Float64Array;
  /** Bounds of x. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Writes (φ, log σ) and its m derivatives, column-major (n + 1)×m. */
  placeInto(value: number, x: Float64Array, outPoint: Float64Array, outJacobian: Float64Array): void;
  /** Adds Σ_i g_i ∂²point_i/∂x² to an m×m Hessian. */
  bendInto(value: number, x: Float64Array, gradient: Float64Array, outHessian: Float64Array): void;
  /** ∂F/∂ψ at fixed x, from the gradient in (φ, log σ). */
  slope(value: number, x: Float64Array, gradient: Float64Array): number;
}

/** σ held: x = φ. */
export function heldSigma(phi: Float64Array, { lower, upper }: ThetaBounds): HeldParameter {
  const n = phi.length;
  return {
    size: n,
    start: phi.slice(),
    lower,
    upper,
    placeInto: (value, x, outPoint, outJacobian) => {
      outPoint.set(x);
      outPoint[n] = Math.log(value);
      outJacobian.fill(0);
      for (let i = 0; i < n; i++) outJacobian[i * (n + 1) + i] = 1;
    },
    bendInto: () => {},
    slope: (value, _, gradient) => gradient[n] / value,
  };
}

/** Nothing of (φ, log σ) held: the parameter lives elsewhere, in the data that the likelihood sees. */
export function heldOutside(
  phi: Float64Array,
  logSigma: number,
  bounds: ThetaBounds,
): Omit<HeldParameter, "slope"> {
  const n = phi.length;
  const start = new Float64Array(n + 1);
  start.set(phi);
  start[n] = logSigma;
  return {
    size: n + 1,
    start,
    ...withSigma(bounds),
    placeInto: (_, x, outPoint, outJacobian) => {
      outPoint.set(x);
      outJacobian.fill(0);
      for (let i = 0; i <= n; i++) outJacobian[i * (n + 1) + i] = 1;
    },
    bendInto: () => {},
  };
}

/**
 * A standard deviation σ|φ_i|/scale held at ψ: φ_i = ψ·scale/σ, x = the other φ, then log σ.
 *
 * @param at position of the diagonal entry whose column comes first in its term
 */
export function heldDeviation(
  phi: Float64Array,
  logSigma: number,
  at: number,
  scale: number,
  bounds: ThetaBounds,
): HeldParameter {
  const n = phi.length;
  const start = new Float64Array(n);
  for (let i = 0, j = 0; i < n; i++) if (i !== at) start[j++] = phi[i];
  start[n - 1] = logSigma;
  const entry = (value: number, x: Float64Array) => value * scale * Math.exp(-x[n - 1]);
  return {
    size: n,
    start,
    ...withSigma(bounds, [at]),
    placeInto: (value, x, outPoint, outJacobian) => {
      outJacobian.fill(0);
      for (let i = 0, j = 0; i < n; i++) {
        if (i === at) continue;
        outPoint[i] = x[j];
        outJacobian[j * (n + 1) + i] = 1;
        j++;
      }
      outPoint[at] = entry(value, x);
      outPoint[n] = x[n - 1];
      outJacobian[(n - 1) * (n + 1) + at] = -outPoint[at];
      outJacobian[(n - 1) * (n + 1) + n] = 1;
    },
    bendInto: (value, x, gradient, outHessian) => {
      outHessian[n * n - 1] += gradient[at] * entry(value, x);
    },
    slope: (_, x, gradient) => gradient[at] * scale * Math.exp(-x[n - 1]),
  };
}

/**
 * Some entries of φ held at zero: the row of a column that comes last in its term, whose standard deviation is then
 * zero, with nothing left that does not matter. x = the other φ, then log σ.
 */
export function heldZero(
  phi: Float64Array,
  logSigma: number,
  entries: readonly number[],
  bounds: ThetaBounds,
): Omit<HeldParameter, "slope"> {
  const n = phi.length;
  const free = Array.from(phi, (_, i) => i).filter((i) => !entries.includes(i));
  const m = free.length + 1;
  return {
    size: m,
    start: Float64Array.from([...free.map((i) => phi[i]), logSigma]),
    ...withSigma(bounds, entries),
    placeInto: (_, x, outPoint, outJacobian) => {
      outPoint.fill(0);
      outJacobian.fill(0);
      free.forEach((i, j) => {
        outPoint[i] = x[j];
        outJacobian[j * (n + 1) + i] = 1;
      });
      outPoint[n] = x[m - 1];
      outJacobian[(m - 1) * (n + 1) + n] = 1;
    },
    bendInto: () => {},
  };
}

/**
 * The correlation of the first two columns of a term held at ρ: φ₂₁ = rρ, φ₂₂ = r√(1 − ρ²) with r ≥ 0, φ₁₁ ≥ 0.
 *
 * x = φ with r in the place of φ₂₁ and log σ in that of φ₂₂. On the bounds r = 0 and φ₁₁ = 0 the correlation means
 * nothing; a minimum there stands for the model without that variance.
 *
 * @param first, cross, second positions of φ₁₁, φ₂₁, φ₂₂
 */
export function heldCorrelation(
  phi: Float64Array,
  logSigma: number,
  { first, cross, second }: { readonly first: number; readonly cross: number; readonly second: number },
  bounds: ThetaBounds,
): HeldParameter {
  const n = phi.length;
  const start = phi.slice();
  start[cross] = Math.sqrt(phi[cross] ** 2 + phi[second] ** 2);
  start[second] = logSigma;
  const lower = bounds.lower.slice();
  lower[first] = 0;
  lower[cross] = 0;
  lower[second] = Number.NEGATIVE_INFINITY;
  const rest = (rho: number) => Math.sqrt(Math.max(0, (1 - rho) * (1 + rho)));
  return {
    size: n,
    start,
    lower,
    upper: bounds.upper,
    placeInto: (rho, x, outPoint, outJacobian) => {
      const r = x[cross];
      outPoint.set(x);
      outPoint[cross] = r * rho;
      outPoint[second] = r * rest(rho);
      outPoint[n] = x[second];
      outJacobian.fill(0);
      for (let i = 0; i < n; i++) {
        if (i !== cross && i !== second) outJacobian[i * (n + 1) + i] = 1;
      }
      outJacobian[cross * (n + 1) + cross] = rho;
      outJacobian[cross * (n + 1) + second] = rest(rho);
      outJacobian[second * (n + 1) + n] = 1;
    },
    bendInto: () => {},
    slope: (rho, x, gradient) => {
      const r = x[cross];
      const c = rest(rho);
      // The criterion is even in φ₂₂, so that its derivative there vanishes with it.
      return r * (gradient[cross] - (c > 0 ? (gradient[second] * rho) / c : 0));
    },
  };
}

/** Bounds of φ without some entries, then those of log σ. */
function withSigma(
  { lower, upper }: ThetaBounds,
  without: readonly number[] = [],
): Pick<HeldParameter, "lower" | "upper"> {
  const free = (bounds: Float64Array, last: number) =>
    Float64Array.from([...bounds.filter((_, i) => !without.includes(i)), last]);
  return { lower: free(lower, Number.NEGATIVE_INFINITY), upper: free(upper, Number.POSITIVE_INFINITY) };
}
