import type { OptimResult } from "../result";
import {
  type BobyqaTracePoint,
  callObjective,
  createEvaluator,
  type Evaluator,
  mayEvaluate,
} from "./evaluator";
import { iterate } from "./iterate";
import { createModel } from "./model";
import type { BobyqaOptions } from "./options";
import { type ResolvedOptions, resolveOptions } from "./resolve-options";
import { BOBYQA_MESSAGES, type BobyqaStatus } from "./status";

/** Outcome of {@link bobyqa}. */
export interface BobyqaResult extends OptimResult {
  /** The objective at exactly this `x`; NaN when no value was below Infinity. */
  readonly f: number;
  readonly status: BobyqaStatus;
  /** The settings that were used, defaults filled in. */
  readonly npt: number;
  readonly rhobeg: number;
  readonly rhoend: number;
  /** Trust-region radius at the end. */
  readonly rho: number;
  readonly trace?: readonly BobyqaTracePoint[];
}

/**
 * Minimizes a function of several variables with bounds, without derivatives, by Powell's BOBYQA.
 *
 * A quadratic model interpolates the objective at npt points; each iteration minimizes it within a trust region
 * and the bounds, or moves a point that is badly placed. The function is never called outside the bounds.
 *
 * A start outside the bounds is moved in; one nearer than `rhobeg` to a bound is moved onto the bound or to the
 * distance `rhobeg` from it, so that the first points have room. Variables with equal bounds stay where they are;
 * a range below `2 rhobeg` is worked on in a finer scale. With no free variable at all the function is called
 * once. NaN, Infinity and values from 1e100 on count as worse than all else; -Infinity ends the run. The objective
 * may call `bobyqa` itself.
 *
 * @param f objective; its argument has length `x0.length`, is reused from call to call, and must not be changed
 * @param x0 start, unchanged
 * @param options see {@link BobyqaOptions}
 * @returns the best point, why the run ended, and the count
 * @throws OptimError for arguments that no run could honour; errors thrown by `f` or a callback pass through
 *
 * Cost per evaluation: about `npt²` to `2 npt²` multiplications and no allocation, besides the call of `f`.
 *
 * Source: M. J. D. Powell (2009), The BOBYQA algorithm for bound constrained optimization without derivatives,
 * report DAMTP 2009/NA06, Cambridge.
 *
 * @example
 * ```ts
 * const { x, f } = bobyqa(([a, b]) => (1 - a) ** 2 + 100 * (b - a * a) ** 2, [-1.2, 1], { upper: [0.5, Infinity] });
 * ```
 */
export function bobyqa(
  f: (x: Float64Array) => number,
  x0: ArrayLike<number>,
  options: BobyqaOptions = {},
): BobyqaResult {
  const resolved = resolveOptions(x0, options);
  const { free, npt, rhobeg, rhoend } = resolved;
  const n = free.length;
  const inner = freeVariables(resolved);
  const evaluator = createEvaluator({
    f,
    x: resolved.x0.slice(),
    free,
    scale: inner.scale,
    offset: inner.offset,
    lower: inner.lower,
    upper: inner.upper,
    low: inner.low,
    high: inner.high,
    innerLow: inner.innerLow,
    innerHigh: inner.innerHigh,
    maxEvaluations: resolved.maxEvaluations,
    fTarget: resolved.fTarget,
    ftolAbs: resolved.ftolAbs,
    ftolRel: resolved.ftolRel,
    signal: options.signal,
    onEvaluation: options.onEvaluation,
    onRho: options.onRho,
    trace: options.trace ? [] : undefined,
  });

  if (n === 0) evaluateOnce(evaluator);
  else {
    const model = createModel(n, npt);
    placeBase(model, resolved, evaluator);
    iterate(model, evaluator, rhobeg, rhoend);
  }
  const status = evaluator.status ?? "converged";
  return {
    x: evaluator.bestX,
    f: evaluator.bestF === Infinity ? NaN : evaluator.bestF,
    evaluations: evaluator.evaluations,
    calls: { value: evaluator.evaluations, gradient: 0, hessian: 0 },
    status,
    message: BOBYQA_MESSAGES[status],
    npt: n === 0 ? 1 : npt,
    rhobeg,
    rhoend,
    rho: evaluator.rho,
    trace: evaluator.trace,
  };
}

/** Units and bounds of the free variables, in the caller's units and in internal ones. */
function freeVariables({ free, lower, upper, scale, offset }: ResolvedOptions) {
  const n = free.length;
  const inner = {
    scale: new Float64Array(n),
    offset: new Float64Array(n),
    lower: new Float64Array(n),
    upper: new Float64Array(n),
    low: new Float64Array(n),
    high: new Float64Array(n),
    innerLow: new Float64Array(n),
    innerHigh: new Float64Array(n),
  };
  for (let k = 0; k < n; k++) {
    const i = free[k];
    inner.scale[k] = scale[i];
    inner.offset[k] = offset[i];
    inner.lower[k] = lower[i];
    inner.upper[k] = upper[i];
    // A variable that is turned round has its upper bound at the low end.
    inner.low[k] = scale[i] > 0 ? lower[i] : upper[i];
    inner.high[k] = scale[i] > 0 ? upper[i] : lower[i];
    inner.innerLow[k] = (inner.low[k] - offset[i]) / scale[i];
    inner.innerHigh[k] = (inner.high[k] - offset[i]) / scale[i];
  }
  return inner;
}

/** With every variable fixed there is nothing to do but to report the value. */
function evaluateOnce(evaluator: Evaluator): void {
  if (!mayEvaluate(evaluator)) return;
  const value = callObjective(evaluator);
  if (Number.isNaN(value)) evaluator.status ??= "no-finite-value";
}

/**
 * Sets the base point and the gaps to the bounds, in internal units, moving the start where it is nearer than
 * rhobeg to a bound (Powell 2009, section 2).
 */
function placeBase(
  model: ReturnType<typeof createModel>,
  { x0, rhobeg }: ResolvedOptions,
  evaluator: Evaluator,
): void {
  const { n, base, lowerGap, upperGap } = model;
  const { free, scale, offset, innerLow, innerHigh } = evaluator;
  for (let i = 0; i < n; i++) {
    const low = innerLow[i];
    const high = innerHigh[i];
    const range = high - low;
    base[i] = (x0[free[i]] - offset[i]) / scale[i];
    lowerGap[i] = low - base[i];
    upperGap[i] = high - base[i];
    if (lowerGap[i] >= -rhobeg) {
      if (lowerGap[i] >= 0) {
        base[i] = low;
        lowerGap[i] = 0;
        upperGap[i] = range;
      } else {
        base[i] = low + rhobeg;
        lowerGap[i] = -rhobeg;
        upperGap[i] = Math.max(high - base[i], rhobeg);
      }
    } else if (upperGap[i] <= rhobeg) {
      if (upperGap[i] <= 0) {
        base[i] = high;
        lowerGap[i] = -range;
        upperGap[i] = 0;
      } else {
        base[i] = high - rhobeg;
        lowerGap[i] = Math.min(low - base[i], -rhobeg);
        upperGap[i] = rhobeg;
      }
    }
  }
}
