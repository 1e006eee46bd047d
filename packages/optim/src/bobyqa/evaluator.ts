import type { TracePoint } from "../result";
import type { BobyqaModel } from "./model";
import { copyInto } from "./short-vector";
import type { BobyqaStatus } from "./status";

/**
 * Values from this on are treated like Infinity, and those down to its negative like -Infinity: their squares would
 * overflow in the model.
 */
const HUGE = 1e100;

/** One evaluation, as kept by the option `trace`. */
export interface BobyqaTracePoint extends TracePoint {
  /** Trust-region radius at the time. */
  readonly rho: number;
}

/** Numbers per free variable in `box`, and what they are. */
export const BOX_ROW = 8;
/** Bounds in the caller's units. */
export const LOWER = 0;
export const UPPER = 1;
/** The same in the order of the internal variable: exchanged where the unit is negative. */
export const LOW = 2;
export const HIGH = 3;
/** These in internal units. */
export const INNER_LOW = 4;
export const INNER_HIGH = 5;
/** Factor from internal to the caller's units, and the caller's value of internal zero. */
export const SCALE = 6;
export const ORIGIN = 7;

/** What the evaluator needs to know about the caller's problem; all vectors belong to the run. */
export interface EvaluatorProblem {
  readonly f: (x: Float64Array) => number;
  /** All variables, the fixed ones at their values; passed to `f`, length N. */
  readonly x: Float64Array;
  /** Positions of the free variables in `x`, length n. */
  readonly free: Int32Array;
  /** Bounds and units of the free variables: `BOX_ROW` numbers for each, in the order of the constants below. */
  readonly box: Float64Array;
  readonly maxEvaluations: number;
  readonly fTarget: number;
  readonly ftolAbs: number;
  readonly ftolRel: number;
  readonly signal: AbortSignal | undefined;
  readonly onEvaluation: ((x: Float64Array, f: number, evaluations: number) => unknown) | undefined;
  readonly onRho: ((rho: number, evaluations: number, f: number, x: Float64Array) => unknown) | undefined;
  readonly trace: BobyqaTracePoint[] | undefined;
}

/** Counts and guards the calls of the objective, and remembers the best of them. */
export interface Evaluator extends EvaluatorProblem {
  evaluations: number;
  /** Set as soon as the run must end; every step returns when it sees it. */
  status: BobyqaStatus | null;
  /** The last value of the objective; NaN for anything that is not below 1e100. */
  value: number;
  /** Least objective value so far, +Infinity before there is one below. */
  bestF: number;
  /** Value at the first point, NaN before it. */
  firstF: number;
  /** Where the least value was found, at first the first point: exactly the vector that `f` was given, length N. */
  readonly bestX: Float64Array;
  /** Trust-region radius, for the trace only. */
  rho: number;
}

/**
 * Builds the evaluator of one run.
 *
 * @param problem kept by reference
 */
export function createEvaluator(problem: EvaluatorProblem): Evaluator {
  const { f, x, free, box, maxEvaluations, fTarget, ftolAbs, ftolRel, signal } = problem;
  const { onEvaluation, onRho, trace } = problem;
  // Named one by one: to spread `problem` takes as long as two evaluations of a small problem.
  return {
    f,
    x,
    free,
    box,
    maxEvaluations,
    fTarget,
    ftolAbs,
    ftolRel,
    signal,
    onEvaluation,
    onRho,
    trace,
    evaluations: 0,
    status: null,
    value: NaN,
    bestF: Infinity,
    firstF: NaN,
    bestX: x.slice(),
    rho: 0,
  };
}

/**
 * Calls the objective at the base point plus a displacement, never outside the bounds.
 *
 * A component that lies exactly on the bound in internal units is passed as exactly the caller's bound.
 *
 * @param evaluator its `value`, counters, best point and, when the run must end, its status change; when the status was
 *   set before, nothing is called
 * @param model gives the base point and the gaps to the bounds
 * @param displacement where in the model's memory the displacement starts
 */
export function evaluate(evaluator: Evaluator, model: BobyqaModel, displacement: number): void {
  if (!mayEvaluate(evaluator)) return;
  const { x, free, box } = evaluator;
  const { n, memory, base, lowerGap, upperGap } = model;
  for (let i = 0, row = 0; i < n; i++, row += BOX_ROW) {
    const s = memory[displacement + i];
    let value: number;
    if (s === memory[lowerGap + i]) value = box[row + LOW];
    else if (s === memory[upperGap + i]) value = box[row + HIGH];
    else {
      const inner = Math.min(Math.max(box[row + INNER_LOW], memory[base + i] + s), box[row + INNER_HIGH]);
      value = Math.min(
        Math.max(box[row + LOWER], inner * box[row + SCALE] + box[row + ORIGIN]),
        box[row + UPPER],
      );
    }
    x[free[i]] = value;
  }
  callObjective(evaluator);
}

/**
 * Calls the objective at `evaluator.x` as it stands, with all bookkeeping.
 *
 * @param evaluator its `value`, counters, best point and, when the run must end, its status change
 */
export function callObjective(evaluator: Evaluator): void {
  const { f, x, bestX, onEvaluation, trace } = evaluator;
  const raw = f(x);
  evaluator.evaluations += 1;
  trace?.push({ evaluation: evaluator.evaluations, f: raw, x: x.slice(), rho: evaluator.rho });
  if (raw < evaluator.bestF) {
    evaluator.bestF = raw;
    copyInto(x, bestX);
  }
  if (evaluator.evaluations === 1) {
    evaluator.firstF = raw;
    copyInto(x, bestX);
  }
  if (raw <= -HUGE) evaluator.status = "unbounded";
  else if (raw <= evaluator.fTarget) evaluator.status = "target-reached";
  if (onEvaluation !== undefined && onEvaluation(x, raw, evaluator.evaluations) === false) {
    evaluator.status ??= "stopped";
  }
  evaluator.value = raw < HUGE ? raw : NaN;
}

/** True when another call of the objective is allowed; sets the status when it is not. */
export function mayEvaluate(evaluator: Evaluator): boolean {
  if (evaluator.status !== null) return false;
  if (evaluator.signal?.aborted) evaluator.status = "aborted";
  else if (evaluator.evaluations >= evaluator.maxEvaluations) evaluator.status = "max-evaluations";
  return evaluator.status === null;
}

/**
 * Reports a new trust-region radius to the caller.
 *
 * @param evaluator its status becomes `"stopped"` when `onRho` returns false
 * @param rho the new radius
 */
export function reportRho(evaluator: Evaluator, rho: number): void {
  evaluator.rho = rho;
  const { onRho, bestX, x } = evaluator;
  if (onRho === undefined) return;
  copyInto(bestX, x);
  if (onRho(rho, evaluator.evaluations, evaluator.bestF, x) === false) evaluator.status ??= "stopped";
}

/**
 * Stands in for a value that the objective did not give: worse than every other point of the set, by as much as
 * these differ.
 *
 * A huge stand-in would drown the model in rounding errors; one in the scale of the data makes the trust region
 * shrink away from the bad place and leaves the other digits alone.
 *
 * @param model unchanged
 * @param count number of points whose values are known (all points after the start)
 */
export function standInValue(model: BobyqaModel, count: number): number {
  const { memory, values, standIn } = model;
  let least = Infinity;
  let greatest = -Infinity;
  for (let k = 0; k < count; k++) {
    if (memory[standIn + k] === 1) continue;
    least = Math.min(least, memory[values + k]);
    greatest = Math.max(greatest, memory[values + k]);
  }
  if (least === Infinity) return 1;
  return greatest + Math.max(greatest - least, 1e-3 * Math.max(1, Math.abs(least)));
}

/**
 * Stores the outcome of an evaluation at an interpolation point, with a stand-in for NaN.
 *
 * @param model its `memory[values + index]` and `memory[standIn + index]` are written
 * @param index the interpolation point
 * @param raw objective value, or NaN
 * @param count as for {@link standInValue}
 * @returns the value stored
 */
export function storeValueInPlace(model: BobyqaModel, index: number, raw: number, count: number): number {
  const missing = Number.isNaN(raw);
  const { memory } = model;
  const value = missing ? standInValue(model, count) : raw;
  memory[model.values + index] = value;
  memory[model.standIn + index] = missing ? 1 : 0;
  return value;
}
