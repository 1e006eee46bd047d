import { resolveBox } from "../box";
import { OptimError } from "../optim-error";
import type { OptimResult, TracePoint } from "../result";
import { createModelWork, minimizeModelInto } from "./box-minimizer";
import { type LinePoint, searchLine } from "./line-search";
import { LbfgsMemory } from "./memory";
import { LBFGSB_MESSAGES, type LbfgsbStatus } from "./status";

/**
 * Value and gradient of an objective in one call.
 *
 * @param x length n, reused from call to call; must not be changed
 * @param outGradient length n, to be filled
 * @returns the value; NaN or Infinity where there is none
 */
export type FirstOrderObjective = (x: Float64Array, outGradient: Float64Array) => number;

/** Options of {@link lbfgsb}; every one has a default. */
export interface LbfgsbOptions {
  /** Lower bounds, one per variable or one for all; default -Infinity. */
  lower?: ArrayLike<number> | number;
  /** Upper bounds, one per variable or one for all; default Infinity. */
  upper?: ArrayLike<number> | number;
  /** Number of steps that the matrix remembers; default 10. */
  memory?: number;
  /** The run ends when no component of the projected gradient exceeds this; default 1e-6. */
  gradientTol?: number;
  /** The run ends when a step gains less than this times max(1, |f|); default 1e-15. */
  ftolRel?: number;
  /** The run ends at a value that is not above this; default -Infinity. */
  fTarget?: number;
  /** Greatest number of evaluations; default 10 000. */
  maxEvaluations?: number;
  /** Called after each evaluation; `false` ends the run. `x` is reused: copy it to keep it. */
  onEvaluation?: (x: Float64Array, f: number, evaluations: number) => unknown;
  /** Ends the run, before the next evaluation, once it is aborted. */
  signal?: AbortSignal;
  /** Keep every evaluation in `result.trace`; default false. */
  trace?: boolean;
}

/** Outcome of {@link lbfgsb}. */
export interface LbfgsbResult extends OptimResult {
  /** The gradient at `x`, as the objective gave it. */
  readonly gradient: Float64Array;
  /** Largest component of the gradient, those at bounds that it pushes against left out. */
  readonly projectedGradient: number;
  readonly status: LbfgsbStatus;
}

/**
 * Minimizes a function with gradient and bounds by a limited-memory quasi-Newton method.
 *
 * Each iteration minimizes a quadratic model, whose matrix is built from the last few steps, over the box, and searches
 * the line to the minimizer. Suited to many variables and to gradients without Hessians; it follows a gradient, so it
 * stops at any stationary point, and at variance parameters on a bound it is trapped where `trustRegionNewton` is not.
 *
 * @param fg objective with gradient
 * @param x0 start, unchanged; moved within the bounds
 * @param options see {@link LbfgsbOptions}
 * @returns the end point, its gradient, why the run ended, and the count
 * @throws OptimError for arguments that no run could honour; errors thrown by `fg` or a callback pass through
 *
 * Cost per evaluation: about 4 m n operations with m remembered steps, besides the call of `fg`.
 *
 * Source: Byrd, Lu, Nocedal, Zhu (1995), A limited memory algorithm for bound constrained optimization, SIAM J. Sci.
 * Comput. 16, 1190-1208.
 */
export function lbfgsb(
  fg: FirstOrderObjective,
  x0: ArrayLike<number>,
  options: LbfgsbOptions = {},
): LbfgsbResult {
  const { x0: start, lower, upper } = resolveBox(x0, { lower: options.lower, upper: options.upper });
  const settings = resolveSettings(options);
  const n = start.length;
  const { onEvaluation, signal } = options;
  let evaluations = 0;
  const trace: TracePoint[] | undefined = options.trace ? [] : undefined;
  let status: LbfgsbStatus | null = null;
  let firstF = NaN;

  const x = start;
  const gradient = new Float64Array(n);
  const trial = start.slice();
  const trialGradient = new Float64Array(n);
  /** Value at `trial`, its gradient in `trialGradient`; null when the run must end without an evaluation. */
  const evaluate = (): number | null => {
    if (signal?.aborted) status ??= "aborted";
    else if (evaluations >= settings.maxEvaluations) status ??= "max-evaluations";
    if (status !== null) return null;
    const value = fg(trial, trialGradient);
    evaluations++;
    if (evaluations === 1) firstF = value;
    trace?.push({ evaluation: evaluations, f: value, x: trial.slice() });
    if (value === -Infinity) status = "unbounded";
    else if (value <= settings.fTarget) status = "target-reached";
    if (onEvaluation?.(trial, value, evaluations) === false) status ??= "stopped";
    return Number.isNaN(value) ? Infinity : value;
  };

  let f = evaluate() ?? NaN;
  if (f === Infinity) f = firstF;
  gradient.set(trialGradient);
  if (status === null && !(Number.isFinite(f) && gradient.every(Number.isFinite))) status = "no-finite-value";

  const memory = new LbfgsMemory(n, settings.memory);
  const work = createModelWork(n, settings.memory);
  const target = new Float64Array(n);
  const direction = new Float64Array(n);
  while (status === null) {
    if (projectedGradient(x, gradient, lower, upper) <= settings.gradientTol) {
      status = "converged";
      break;
    }
    minimizeModelInto(memory, x, gradient, lower, upper, work, target);
    let slope = 0;
    let lengthSq = 0;
    for (let i = 0; i < n; i++) {
      direction[i] = target[i] - x[i];
      slope += direction[i] * gradient[i];
      lengthSq += direction[i] * direction[i];
    }
    if (!(slope < 0)) {
      // Rounding errors have spoilt the matrix: start again from the steepest descent.
      if (memory.count === 0) status = "no-progress";
      memory.clear();
      continue;
    }
    const longest = longestStep(x, direction, lower, upper);
    const first = memory.count === 0 ? Math.min(1, 1 / Math.sqrt(lengthSq)) : 1;
    const accepted = searchLine(
      { t: 0, f, slope },
      Math.min(first, longest),
      longest,
      (t): LinePoint | null => {
        for (let i = 0; i < n; i++) {
          // t = 1 is the minimizer itself, bit for bit, so that variables land on their bounds.
          const position = t === 1 ? target[i] : x[i] + t * direction[i];
          trial[i] = Math.min(Math.max(position, lower[i]), upper[i]);
        }
        const value = evaluate();
        if (value === null || status !== null) {
          if (value !== null && value < f) {
            f = value;
            x.set(trial);
            gradient.set(trialGradient);
          }
          return null;
        }
        let trialSlope = 0;
        for (let i = 0; i < n; i++) trialSlope += direction[i] * trialGradient[i];
        return { t, f: value, slope: trialSlope };
      },
    );
    if (status !== null) break;
    // A step that had to become tiny and gained nothing has only found the rounding errors of f.
    if (accepted === null || (accepted.f >= f && accepted.t < 1e-6)) {
      if (memory.count === 0) status = "no-progress";
      memory.clear();
      continue;
    }
    const gain = f - accepted.f;
    for (let i = 0; i < n; i++) {
      direction[i] = trial[i] - x[i];
      target[i] = trialGradient[i] - gradient[i];
    }
    memory.add(direction, target);
    f = accepted.f;
    x.set(trial);
    gradient.set(trialGradient);
    if (gain <= settings.ftolRel * Math.max(1, Math.abs(f))) {
      const isConverged = projectedGradient(x, gradient, lower, upper) <= settings.gradientTol;
      status = isConverged ? "converged" : "ftol-reached";
    }
  }
  return {
    x: x.slice(),
    f,
    gradient: gradient.slice(),
    projectedGradient: projectedGradient(x, gradient, lower, upper),
    evaluations,
    calls: { value: evaluations, gradient: evaluations, hessian: 0 },
    status,
    message: LBFGSB_MESSAGES[status],
    trace,
  };
}

function resolveSettings(options: LbfgsbOptions) {
  const settings = {
    memory: options.memory ?? 10,
    gradientTol: options.gradientTol ?? 1e-6,
    ftolRel: options.ftolRel ?? 1e-15,
    fTarget: options.fTarget ?? -Infinity,
    maxEvaluations: options.maxEvaluations ?? 10_000,
  };
  if (!(Number.isInteger(settings.memory) && settings.memory >= 1)) {
    throw new OptimError("invalid-limit", "invalid memory", settings.memory, "give an integer from 1 on");
  }
  if (!(settings.maxEvaluations >= 1)) {
    throw new OptimError(
      "invalid-limit",
      "invalid maxEvaluations",
      settings.maxEvaluations,
      "give a number from 1 on",
    );
  }
  for (const name of ["gradientTol", "ftolRel"] as const) {
    if (!(settings[name] >= 0)) {
      throw new OptimError("invalid-tolerance", `invalid ${name}`, settings[name], "give 0 or more");
    }
  }
  return settings;
}

/** The longest step that stays in the box; at most 1 when a bound is in the way, since 1 may use it exactly. */
function longestStep(
  x: Float64Array,
  direction: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
): number {
  let longest = 1e10;
  for (let i = 0; i < x.length; i++) {
    if (direction[i] > 0) longest = Math.min(longest, Math.max(1, (upper[i] - x[i]) / direction[i]));
    else if (direction[i] < 0) longest = Math.min(longest, Math.max(1, (lower[i] - x[i]) / direction[i]));
  }
  return longest;
}

function projectedGradient(
  x: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    let component = Math.abs(gradient[i]);
    if ((x[i] === lower[i] && gradient[i] > 0) || (x[i] === upper[i] && gradient[i] < 0)) component = 0;
    largest = Math.max(largest, component);
  }
  return largest;
}
