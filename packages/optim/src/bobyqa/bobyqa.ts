import type { OptimResult } from "../result";
import {
  BOX_ROW,
  type BobyqaTracePoint,
  callObjective,
  createEvaluator,
  type Evaluator,
  HIGH,
  INNER_HIGH,
  INNER_LOW,
  LOW,
  LOWER,
  mayEvaluate,
  ORIGIN,
  SCALE,
  UPPER,
} from "./evaluator";
import { iterate } from "./iterate";
import { type BobyqaModel, createModel } from "./model";
import type { BobyqaOptions } from "./options";
import { type ResolvedOptions, resolveOptions } from "./resolve-options";
import { BOBYQA_MESSAGES, type BobyqaStatus } from "./status";

/** Outcome of {@link bobyqa}. */
export interface BobyqaResult extends OptimResult {
  /** The objective at exactly this `x`: the first point when no value was below Infinity; NaN without an evaluation. */
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
 * once. NaN, Infinity and values from 1e100 on count as worse than all else; one of -1e100 or below ends the run. The objective
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
  const evaluator = createEvaluator({
    f,
    x: resolved.x0.slice(),
    free,
    box: boxOf(resolved),
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
    f: evaluator.bestF === Infinity ? evaluator.firstF : evaluator.bestF,
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
function boxOf({ free, lower, upper, scale, offset }: ResolvedOptions): Float64Array {
  const box = new Float64Array(BOX_ROW * free.length);
  for (let k = 0; k < free.length; k++) {
    const i = free[k];
    const row = BOX_ROW * k;
    // A variable that is turned round has its upper bound at the low end.
    const low = scale[i] > 0 ? lower[i] : upper[i];
    const high = scale[i] > 0 ? upper[i] : lower[i];
    box[row + LOWER] = lower[i];
    box[row + UPPER] = upper[i];
    box[row + LOW] = low;
    box[row + HIGH] = high;
    box[row + INNER_LOW] = (low - offset[i]) / scale[i];
    box[row + INNER_HIGH] = (high - offset[i]) / scale[i];
    box[row + SCALE] = scale[i];
    box[row + ORIGIN] = offset[i];
  }
  return box;
}

/** With every variable fixed there is nothing to do but to report the value. */
function evaluateOnce(evaluator: Evaluator): void {
  if (!mayEvaluate(evaluator)) return;
  callObjective(evaluator);
  if (evaluator.bestF === Infinity) evaluator.status ??= "no-finite-value";
}

/**
 * Sets the base point and the gaps to the bounds, in internal units, moving the start where it is nearer than
 * rhobeg to a bound (Powell 2009, section 2).
 */
function placeBase(model: BobyqaModel, { x0, rhobeg }: ResolvedOptions, { free, box }: Evaluator): void {
  const { n, memory } = model;
  for (let i = 0, row = 0; i < n; i++, row += BOX_ROW) {
    const low = box[row + INNER_LOW];
    const high = box[row + INNER_HIGH];
    let base = (x0[free[i]] - box[row + ORIGIN]) / box[row + SCALE];
    let lowerGap = low - base;
    let upperGap = high - base;
    if (lowerGap >= -rhobeg) {
      if (lowerGap >= 0) {
        base = low;
        lowerGap = 0;
        upperGap = high - low;
      } else {
        base = low + rhobeg;
        lowerGap = -rhobeg;
        upperGap = Math.max(high - base, rhobeg);
      }
    } else if (upperGap <= rhobeg) {
      if (upperGap <= 0) {
        base = high;
        lowerGap = low - high;
        upperGap = 0;
      } else {
        base = high - rhobeg;
        lowerGap = Math.min(low - base, -rhobeg);
        upperGap = rhobeg;
      }
    }
    memory[model.base + i] = base;
    memory[model.lowerGap + i] = lowerGap;
    memory[model.upperGap + i] = upperGap;
  }
}
