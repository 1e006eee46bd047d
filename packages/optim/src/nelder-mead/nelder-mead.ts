import { resolveBox } from "../box";
import { OptimError } from "../optim-error";
import type { OptimResult, TracePoint } from "../result";
import { createSimplex, type Simplex } from "./simplex";
import { NELDER_MEAD_MESSAGES, type NelderMeadStatus } from "./status";

/** Options of {@link nelderMead}; the defaults are what lme4's `Nelder_Mead` in effect works with. */
export interface NelderMeadOptions {
  /** Lower bounds, one per variable or one for all; default -Infinity. */
  lower?: ArrayLike<number> | number;
  /** Upper bounds, one per variable or one for all; default Infinity. */
  upper?: ArrayLike<number> | number;
  /** First step along each axis, one per variable or one for all; default 0.02, or 1e-4 of |x0| where that is more. */
  step?: ArrayLike<number> | number;
  /**
   * The run ends when no corner is farther than this from the best one in any variable; default 5e-4 of `step` where
   * that is given, else 1e-5.
   */
  xtolAbs?: number;
  /**
   * The same relative to the modulus of the best corner's variable, but not before the simplex is half as large as it
   * was at first; default 1e-7.
   */
  xtolRel?: number;
  /**
   * The run ends when the corners' values differ by at most this; default 0 (off): corners on two sides of a minimum
   * may have the same value long before the simplex is small.
   */
  ftolAbs?: number;
  /** The same relative to the mean modulus of the best and the worst value; default 0 (off). */
  ftolRel?: number;
  /** The run ends at a value that is not above this; default -Infinity. */
  fTarget?: number;
  /** Greatest number of evaluations; default 10 000. */
  maxEvaluations?: number;
  /**
   * How often to start again from the end point with a fresh simplex, as long as that helps; default 0. The new ones move
   * by factors that fit the number of variables: in many dimensions the usual ones let a simplex collapse.
   */
  restarts?: number;
  /** Called after each evaluation; `false` ends the run. `x` is reused: copy it to keep it. */
  onEvaluation?: (x: Float64Array, f: number, evaluations: number) => unknown;
  /** Ends the run, before the next evaluation, once it is aborted. */
  signal?: AbortSignal;
  /** Keep every evaluation in `result.trace`; default false. */
  trace?: boolean;
}

const LME4_STEP = 0.02;

/** Outcome of {@link nelderMead}. */
export interface NelderMeadResult extends OptimResult {
  /** The objective at exactly this `x`: the start when no value was below Infinity; NaN without an evaluation. */
  readonly f: number;
  readonly status: NelderMeadStatus;
}

/**
 * Minimizes a function with bounds by the simplex method of Nelder and Mead.
 *
 * The worst corner of a simplex is reflected through the others, expanded, contracted, or all corners shrink towards
 * the best. A point outside the bounds is moved onto them (Richardson and Kuester), so the simplex can flatten against
 * a bound: `restarts` makes sure of the end point. Meant for comparison with fits of lme4, and for rough functions; for
 * smooth ones `bobyqa` needs far fewer evaluations.
 *
 * The steps and defaults are those that lme4's `Nelder_Mead` shows when it runs, except that lme4 evaluates the worst
 * corner once more before each contraction, which is left out here.
 *
 * NaN and Infinity count as worse than all else; -Infinity ends the run.
 *
 * @param f objective; its argument is reused from call to call and must not be changed
 * @param x0 start, unchanged; moved within the bounds
 * @param options see {@link NelderMeadOptions}
 * @returns the best point, why the run ended, and the count
 * @throws OptimError for arguments that no run could honour; errors thrown by `f` or a callback pass through
 *
 * Cost per evaluation: about n² operations besides the call of `f`. No allocation in the loop.
 *
 * Source: Nelder and Mead (1965), A simplex method for function minimization, Computer Journal 7; bounds: Richardson
 * and Kuester (1973), Algorithm 454, The complex method for constrained optimization, CACM 16; the factors after a
 * restart: Gao and Han (2012), Implementing the Nelder-Mead simplex algorithm with adaptive parameters, Computational
 * Optimization and Applications 51, section 4.
 */
export function nelderMead(
  f: (x: Float64Array) => number,
  x0: ArrayLike<number>,
  options: NelderMeadOptions = {},
): NelderMeadResult {
  const { x0: start, lower, upper } = resolveBox(x0, { lower: options.lower, upper: options.upper });
  // A simplex without extent along a fixed variable would be degenerate: only the others take part.
  const free: number[] = [];
  for (let i = 0; i < start.length; i++) if (lower[i] < upper[i]) free.push(i);
  const n = free.length;
  const pick = (all: Float64Array) => Float64Array.from(free, (i) => all[i]);
  const step = pick(resolveStep(options.step ?? start.map(defaultStep), start.length));
  const maxEvaluations = options.maxEvaluations ?? 10_000;
  if (!(maxEvaluations >= 1)) {
    throw new OptimError(
      "invalid-limit",
      "invalid maxEvaluations",
      maxEvaluations,
      "give a number from 1 on",
    );
  }
  const tolerances = {
    xtolAbs: Float64Array.from(step, (size) => {
      return options.xtolAbs ?? 5e-4 * (options.step === undefined ? LME4_STEP : Math.abs(size));
    }),
    xtolRel: options.xtolRel ?? 1e-7,
    ftolAbs: options.ftolAbs ?? 0,
    ftolRel: options.ftolRel ?? 0,
  };
  for (const [name, value] of Object.entries({ ...tolerances, xtolAbs: options.xtolAbs ?? 0 })) {
    if (!(value >= 0)) throw new OptimError("invalid-tolerance", `invalid ${name}`, value, "give 0 or more");
  }

  let evaluations = 0;
  const trace: TracePoint[] | undefined = options.trace ? [] : undefined;
  let status: NelderMeadStatus | null = null;
  const fTarget = options.fTarget ?? -Infinity;
  const { onEvaluation, signal } = options;
  const x = start.slice();
  const bestX = start.slice();
  let bestF = Infinity;
  let firstF = NaN;
  /** Value at a corner, Infinity for NaN; sets `status` when the run must end. */
  const evaluate = (corner: Float64Array): number => {
    if (signal?.aborted) status ??= "aborted";
    else if (evaluations >= maxEvaluations) status ??= "max-evaluations";
    if (status !== null) return Infinity;
    for (let i = 0; i < n; i++) x[free[i]] = corner[i];
    const value = f(x);
    evaluations++;
    if (evaluations === 1) firstF = value;
    trace?.push({ evaluation: evaluations, f: value, x: x.slice() });
    if (value < bestF) {
      bestF = value;
      bestX.set(x);
    }
    if (value === -Infinity) status = "unbounded";
    else if (value <= fTarget) status = "target-reached";
    if (onEvaluation?.(x, value, evaluations) === false) status ??= "stopped";
    return Number.isNaN(value) ? Infinity : value;
  };

  const simplex = createSimplex(pick(start), pick(lower), pick(upper), evaluate);
  let previous = Infinity;
  for (let round = 0; round <= (options.restarts ?? 0) && status === null; round++) {
    simplex.spread(step, () => status !== null);
    if (status === null && simplex.bestValue() === Infinity) status = "no-finite-value";
    let end: "x" | "f" | null = null;
    while (status === null && end === null) {
      if (n > 0) simplex.improve(() => status !== null);
      end = hasConverged(simplex, step, tolerances);
    }
    if (status !== null) break;
    const improved = bestF < previous - tolerances.ftolRel * Math.abs(bestF) - tolerances.ftolAbs;
    previous = bestF;
    // A second look, from the other sides and closer, before the end is believed.
    if ((round > 1 && !improved) || round === (options.restarts ?? 0)) {
      status = end === "f" ? "ftol-reached" : "converged";
    }
    for (let i = 0; i < n; i++) step[i] *= -0.5;
  }
  const outcome: NelderMeadStatus = status ?? "converged";
  return {
    x: bestX,
    f: bestF === Infinity ? firstF : bestF,
    evaluations,
    calls: { value: evaluations, gradient: 0, hessian: 0 },
    status: outcome,
    message: NELDER_MEAD_MESSAGES[outcome],
    trace,
  };
}

/** The step of lme4, unless it is so small beside the start that the simplex would count as shrunk from the outset. */
function defaultStep(start: number): number {
  return Math.max(LME4_STEP, 1e-4 * Math.abs(start));
}

function resolveStep(step: ArrayLike<number> | number, n: number): Float64Array {
  const sizes = typeof step === "number" ? new Float64Array(n).fill(step) : Float64Array.from(step);
  if (sizes.length !== n) {
    throw new OptimError(
      "dimension-mismatch",
      "mismatched length of step",
      sizes.length,
      `give ${n}, as x0 has`,
    );
  }
  for (const size of sizes) {
    if (!Number.isFinite(size) || size === 0) {
      throw new OptimError("invalid-radius", "invalid step", size, "give finite numbers other than 0");
    }
  }
  return sizes;
}

function hasConverged(
  simplex: Simplex,
  step: Float64Array,
  {
    xtolAbs,
    xtolRel,
    ftolAbs,
    ftolRel,
  }: { xtolAbs: Float64Array; xtolRel: number; ftolAbs: number; ftolRel: number },
): "x" | "f" | null {
  const low = simplex.bestValue();
  const high = simplex.worstValue();
  const range = high - low;
  if (range > 0 && (range <= ftolAbs || range <= ftolRel * 0.5 * (Math.abs(low) + Math.abs(high))))
    return "f";
  const { n, points } = simplex;
  const best = simplex.bestPoint();
  for (let k = 0; k <= n; k++) {
    for (let i = 0; i < n; i++) {
      const distance = Math.abs(points[k][i] - best[i]);
      const relative = Math.min(xtolRel * Math.abs(best[i]), 0.5 * Math.abs(step[i]));
      if (distance > Math.max(xtolAbs[i], relative)) return null;
    }
  }
  return "x";
}
