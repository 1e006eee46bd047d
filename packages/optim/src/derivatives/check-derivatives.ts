import type { SecondOrderObjective } from "../newton/objective";
import { type DifferenceOptions, numericalGradient, numericalJacobian } from "./numerical";

/** The entry of a derivative that disagrees most with its numerical value. */
export interface DerivativeMismatch {
  /** "gradient" or "hessian". */
  readonly of: "gradient" | "hessian";
  readonly row: number;
  /** 0 for a gradient. */
  readonly column: number;
  readonly given: number;
  readonly numerical: number;
  /** |given - numerical| in units of max(1, largest entry of the same derivative). */
  readonly relativeError: number;
  /** What the numerical value itself may be off, in the same units. */
  readonly numericalError: number;
}

/** Outcome of {@link checkDerivatives}. */
export interface DerivativeCheck {
  /** Every entry agrees within the tolerance or within the numerical error. */
  readonly ok: boolean;
  /** Largest relative error of the gradient, and of the Hessian when that was checked. */
  readonly gradientError: number;
  readonly hessianError: number;
  /** The worst entry of each derivative that has been checked. */
  readonly worst: readonly DerivativeMismatch[];
}

/** Options of {@link checkDerivatives}. */
export interface CheckOptions extends DifferenceOptions {
  /** Accepted relative error; default 1e-6. */
  tolerance?: number;
  /** Whether the Hessian is meant to be exact, and to be checked; default true. */
  hessian?: boolean;
}

/**
 * Compares the derivatives that an objective returns with numerical ones: the gradient with differences of the value,
 * the Hessian with differences of the gradient.
 *
 * @param fgh objective with derivatives, as for `trustRegionNewton`
 * @param x where; choose a point that is not special (no zeros, not a minimum)
 * @param options see {@link CheckOptions}
 * @returns whether they agree, and the worst entries
 * @throws OptimError as {@link numericalGradient} does
 *
 * Cost: up to 40 calls per variable.
 */
export function checkDerivatives(
  fgh: SecondOrderObjective,
  x: ArrayLike<number>,
  options: CheckOptions = {},
): DerivativeCheck {
  const n = x.length;
  const tolerance = options.tolerance ?? 1e-6;
  const gradient = new Float64Array(n);
  const hessian = new Float64Array(n * n);
  const scratchGradient = new Float64Array(n);
  const scratchHessian = new Float64Array(n * n);
  fgh(Float64Array.from(x), gradient, hessian);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) hessian[j * n + i] = hessian[i * n + j];

  const worst: DerivativeMismatch[] = [];
  const byValue = numericalGradient((at) => fgh(at, scratchGradient, scratchHessian), x, options);
  worst.push(compare("gradient", gradient, byValue.values, byValue.errors, 1));
  if (options.hessian ?? true) {
    const byGradient = numericalJacobian(
      (at) => {
        fgh(at, scratchGradient, scratchHessian);
        return scratchGradient;
      },
      x,
      n,
      options,
    );
    worst.push(compare("hessian", hessian, byGradient.values, byGradient.errors, n));
  }
  return {
    ok: worst.every(
      ({ relativeError, numericalError }) => relativeError <= Math.max(tolerance, 10 * numericalError),
    ),
    gradientError: worst[0].relativeError,
    hessianError: worst[1]?.relativeError ?? NaN,
    worst,
  };
}

function compare(
  of: "gradient" | "hessian",
  given: Float64Array,
  numerical: Float64Array,
  errors: Float64Array,
  columns: number,
): DerivativeMismatch {
  let unit = 1;
  for (const value of numerical) if (Number.isFinite(value)) unit = Math.max(unit, Math.abs(value));
  let at = 0;
  let largest = -1;
  for (let k = 0; k < given.length; k++) {
    const difference = Math.abs(given[k] - numerical[k]) / unit;
    const error = Number.isNaN(difference) ? Infinity : difference;
    if (error > largest) {
      largest = error;
      at = k;
    }
  }
  return {
    of,
    row: Math.floor(at / columns),
    column: at % columns,
    given: given[at],
    numerical: numerical[at],
    relativeError: Math.max(0, largest),
    numericalError: errors[at] / unit,
  };
}
