import type { OptimResult } from "../result";
import { boxStepInto, createBoxWork } from "./box-step";
import { type Certificate, certify } from "./certificate";
import { createNewtonRun, type NewtonRun } from "./newton-run";
import type { NewtonTracePoint, SecondOrderObjective } from "./objective";
import { type NewtonOptions, resolveNewtonOptions } from "./options";
import { NEWTON_MESSAGES, type NewtonStatus } from "./status";

/** Outcome of {@link trustRegionNewton}. */
export interface NewtonResult extends OptimResult {
  /** Gradient and Hessian (n x n, symmetric) at `x`, as the objective gave them. */
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  /** Number of steps that were taken. */
  readonly steps: number;
  readonly status: NewtonStatus;
  /** Trust-region radius at the end. */
  readonly radius: number;
  /** The optimality conditions at `x`, in numbers. */
  readonly certificate: Certificate;
  readonly trace?: readonly NewtonTracePoint[];
}

/**
 * Minimizes a function with gradient and Hessian (or an approximation of it), with or without bounds, by a
 * trust-region Newton method.
 *
 * Each step minimizes the quadratic model in a ball exactly, by Cholesky factorizations where the Hessian is
 * positive definite and by its eigen-decomposition where not, so indefinite Hessians need no repair and the method walks off saddle points, even those where the gradient is exactly zero (the
 * hard case). Bounds are held by projection and an active set. The run ends when the model predicts no decrease worth
 * having; whether that is a minimum is stated by `result.certificate`.
 *
 * Steps to points where the objective is NaN or infinite are taken back and shortened.
 *
 * @param fgh objective with derivatives
 * @param x0 start, unchanged; moved within the bounds
 * @param options see {@link NewtonOptions}
 * @returns the end point, derivatives and certificate there, and why the run ended
 * @throws OptimError for arguments that no run could honour; errors thrown by `fgh` or a callback pass through
 *
 * Cost per evaluation, besides the call: n³/6 multiplications, an eigen-decomposition (about 50 n³) where the Hessian is
 * indefinite, more where bounds are crossed. No allocation in the loop.
 *
 * Source: Moré and Sorensen (1983), Computing a trust region step; Conn, Gould and Toint (2000), Trust-region methods,
 * chapters 6, 7 and 12, and section 17.4 for rounding errors.
 *
 * @example
 * ```ts
 * const { x, certificate } = trustRegionNewton((x, g, h) => {
 *   g[0] = 2 * (x[0] - 3);
 *   h[0] = 2;
 *   return (x[0] - 3) ** 2;
 * }, [0]);
 * ```
 */
export function trustRegionNewton(
  fgh: SecondOrderObjective,
  x0: ArrayLike<number>,
  options: NewtonOptions = {},
): NewtonResult {
  const resolved = resolveNewtonOptions(x0, options);
  const run = createNewtonRun(fgh, resolved, options);
  run.evaluateStart();
  if (run.status === null) minimize(run);
  const status = run.status ?? "converged";
  return {
    x: run.x.slice(),
    f: run.f,
    gradient: run.gradient.slice(),
    hessian: run.hessian.slice(),
    evaluations: run.evaluations,
    calls: { value: run.evaluations, gradient: run.evaluations, hessian: run.evaluations },
    steps: run.steps,
    status,
    message: NEWTON_MESSAGES[status],
    radius: run.radius,
    certificate: certify({ ...run.gaps(), gradient: run.gradient, hessian: run.hessian }),
    trace: run.trace,
  };
}

/**
 * A refused step counts as rounding error, not as a failure, when the decrease that the model had predicted is at most
 * this many tolerances.
 */
const NOISE_FACTOR = 1000;

/** The loop: step, evaluate, accept or take back, change the radius. */
function minimize(run: NewtonRun): void {
  const { n } = run;
  const step = new Float64Array(n);
  const work = createBoxWork(n);
  while (run.status === null) {
    boxStepInto(run.problem, work, run.radius, step);
    const predicted = work.change;
    const tolerance = Math.max(run.decreaseTol, run.relativeDecreaseTol * Math.abs(run.f));
    // A small prediction proves nothing when the radius has shrunk until it was small.
    const atNoise = run.refusedDecrease <= NOISE_FACTOR * tolerance;
    if (!(-predicted > tolerance)) {
      run.status = work.interior || atNoise ? "converged" : "no-progress";
      return;
    }
    let lengthSq = 0;
    for (let i = 0; i < n; i++) lengthSq += step[i] * step[i];
    const length = Math.sqrt(lengthSq);
    if (!run.evaluateTrial(step, predicted)) return;

    // Rounding errors of the two values must not decide about a step at their level (Conn et al., section 17.4.2).
    const noise = 10 * Number.EPSILON * Math.max(Math.abs(run.f), Math.abs(run.trialF));
    const ratio = run.trialIsFinite ? (run.trialF - run.f - noise) / (predicted - noise) : -Infinity;
    if (ratio < 0.25) run.radius = Math.min(0.25 * length, 0.5 * run.radius);
    else if (ratio > 0.75 && length >= 0.8 * run.radius)
      run.radius = Math.min(2.5 * run.radius, run.maxRadius);
    if (ratio > 1e-4) run.acceptTrial();
    else {
      run.refusedDecrease = Math.max(run.refusedDecrease, -predicted);
      if (run.radius < run.leastRadius()) {
        run.status = atNoise ? "converged" : "no-progress";
        return;
      }
    }
  }
}
