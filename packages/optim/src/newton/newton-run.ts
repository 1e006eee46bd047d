import type { BoxProblem } from "./box-step";
import type { NewtonTracePoint, SecondOrderObjective } from "./objective";
import type { NewtonOptions, ResolvedNewtonOptions } from "./options";
import { SecantCorrection } from "./secant-correction";
import type { NewtonStatus } from "./status";

/**
 * The state of one run: the current point with its derivatives, the trial point with its own, and the bookkeeping of
 * evaluations. The trial arrays and the current ones change places when a step is accepted.
 */
export class NewtonRun {
  readonly n: number;
  readonly maxRadius: number;
  readonly decreaseTol: number;
  readonly relativeDecreaseTol: number;
  readonly trace: NewtonTracePoint[] | undefined;
  /** The model at the current point, in units of `scale`. */
  readonly problem: BoxProblem;

  /** Current point, its value and derivatives, in the caller's units. */
  x: Float64Array;
  f = NaN;
  gradient: Float64Array;
  hessian: Float64Array;
  radius: number;
  evaluations = 0;
  steps = 0;
  status: NewtonStatus | null = null;
  /** Value at the trial point; only meaningful while `trialIsFinite`. */
  trialF = NaN;
  trialIsFinite = false;
  /** Largest decrease that was predicted for a step, since the last accepted one, that then was refused. */
  refusedDecrease = 0;

  private readonly secant: SecantCorrection | null;
  private readonly lastStep: Float64Array;
  private trialX: Float64Array;
  private trialGradient: Float64Array;
  private trialHessian: Float64Array;

  constructor(
    private readonly fgh: SecondOrderObjective,
    private readonly resolved: ResolvedNewtonOptions,
    private readonly options: NewtonOptions,
  ) {
    const n = resolved.x0.length;
    this.n = n;
    this.maxRadius = resolved.maxRadius;
    this.decreaseTol = resolved.decreaseTol;
    this.relativeDecreaseTol = resolved.relativeDecreaseTol;
    this.radius = resolved.radius;
    this.trace = options.trace ? [] : undefined;
    this.lastStep = new Float64Array(n);
    this.secant = options.approximateHessian ? new SecantCorrection(n) : null;
    this.x = resolved.x0.slice();
    this.gradient = new Float64Array(n);
    this.hessian = new Float64Array(n * n);
    this.trialX = resolved.x0.slice();
    this.trialGradient = new Float64Array(n);
    this.trialHessian = new Float64Array(n * n);
    this.problem = {
      n,
      lowerGap: new Float64Array(n),
      upperGap: new Float64Array(n),
      gradient: new Float64Array(n),
      hessian: new Float64Array(n * n),
    };
  }

  /** Evaluates at the start; sets a status when there is nothing to work with. */
  evaluateStart(): void {
    if (!this.mayEvaluate()) return;
    this.call(0);
    if (!this.trialIsFinite) {
      this.status ??= "no-finite-value";
      this.f = this.trialF;
      return;
    }
    this.swap();
    this.loadProblem();
  }

  /**
   * Evaluates at the current point plus a step, never outside the bounds.
   *
   * @param step in units of `scale`
   * @param predicted change of the model, for the trace
   * @returns false when the run must end; a trial point that ends it by its value has been accepted
   */
  evaluateTrial(step: Float64Array, predicted: number): boolean {
    if (!this.mayEvaluate()) return false;
    const { lower, upper, scale } = this.resolved;
    const { lowerGap, upperGap } = this.problem;
    for (let i = 0; i < this.n; i++) {
      // A few rounding errors from a bound is on it: else no step would be left to take, and the gradient not zero.
      const error = 4 * Number.EPSILON * (Math.abs(this.x[i] / scale[i]) + Math.abs(step[i]));
      if (step[i] <= lowerGap[i] + error) this.trialX[i] = lower[i];
      else if (step[i] >= upperGap[i] - error) this.trialX[i] = upper[i];
      else this.trialX[i] = Math.min(Math.max(this.x[i] + step[i] * scale[i], lower[i]), upper[i]);
    }
    this.call(predicted);
    if (this.status === null) return true;
    if (this.trialF < this.f) this.swap();
    return false;
  }

  /** Makes the trial point the current one. */
  acceptTrial(): void {
    const { secant, x, f } = this;
    const before = { gradient: this.gradient, hessian: this.hessian };
    this.swap();
    if (secant !== null) {
      for (let i = 0; i < this.n; i++) this.lastStep[i] = this.x[i] - x[i];
      secant.learn(this.lastStep, before, this, this.f - f);
    }
    this.steps++;
    this.loadProblem();
  }

  /** The radius below which steps are lost in the rounding errors of x. */
  leastRadius(): number {
    let largest = 0;
    for (let i = 0; i < this.n; i++) {
      largest = Math.max(largest, Math.abs(this.x[i]) / this.resolved.scale[i]);
    }
    return Number.EPSILON * (largest || Number.EPSILON);
  }

  /** Gaps to the bounds at the current point, in the caller's units. */
  gaps(): { n: number; lowerGap: Float64Array; upperGap: Float64Array } {
    const { lower, upper } = this.resolved;
    return {
      n: this.n,
      lowerGap: lower.map((bound, i) => bound - this.x[i]),
      upperGap: upper.map((bound, i) => bound - this.x[i]),
    };
  }

  private mayEvaluate(): boolean {
    if (this.options.signal?.aborted) this.status ??= "aborted";
    else if (this.evaluations >= this.resolved.maxEvaluations) this.status ??= "max-evaluations";
    return this.status === null;
  }

  private call(predicted: number): void {
    const { fgh, trialX, trialGradient, trialHessian, n } = this;
    const value = fgh(trialX, trialGradient, trialHessian);
    this.evaluations++;
    this.trialF = value;
    this.trialIsFinite = Number.isFinite(value);
    for (let i = 0; i < n && this.trialIsFinite; i++) {
      if (!Number.isFinite(trialGradient[i])) this.trialIsFinite = false;
      for (let j = 0; j <= i; j++) {
        const entry = trialHessian[i * n + j];
        if (!Number.isFinite(entry)) this.trialIsFinite = false;
        trialHessian[j * n + i] = entry;
      }
    }
    const { radius, evaluations } = this;
    this.trace?.push({ evaluation: evaluations, f: value, x: trialX.slice(), radius, predicted });
    if (value === -Infinity) this.status = "unbounded";
    else if (value <= this.resolved.fTarget) this.status = "target-reached";
    if (this.options.onEvaluation?.(trialX, value, evaluations) === false) this.status ??= "stopped";
  }

  private swap(): void {
    const { x, gradient, hessian } = this;
    this.f = this.trialF;
    this.x = this.trialX;
    this.gradient = this.trialGradient;
    this.hessian = this.trialHessian;
    this.trialX = x;
    this.trialGradient = gradient;
    this.trialHessian = hessian;
    this.refusedDecrease = 0;
  }

  /** Copies the model into units of `scale`. */
  private loadProblem(): void {
    const { n, x, gradient, hessian, problem, secant } = this;
    const { lower, upper, scale } = this.resolved;
    for (let i = 0; i < n; i++) {
      problem.lowerGap[i] = (lower[i] - x[i]) / scale[i];
      problem.upperGap[i] = (upper[i] - x[i]) / scale[i];
      problem.gradient[i] = gradient[i] * scale[i];
      for (let j = 0; j < n; j++) {
        const more = secant?.inUse ? secant.matrix[i * n + j] : 0;
        problem.hessian[i * n + j] = (hessian[i * n + j] + more) * scale[i] * scale[j];
      }
    }
  }
}

/** Allocates a run at its start. */
export function createNewtonRun(
  fgh: SecondOrderObjective,
  resolved: ResolvedNewtonOptions,
  options: NewtonOptions,
): NewtonRun {
  return new NewtonRun(fgh, resolved, options);
}
