import { type BallOutcome, type BallWork, ballStepInto, createBallWork } from "./ball-step";
import { definiteStepInto } from "./definite-step";
import { symmetricEigenInto } from "./symmetric-eigen";

/** A quadratic model in a box and a ball; all vectors have length n and belong to the run. */
export interface BoxProblem {
  readonly n: number;
  /** Room to the lower bounds, <= 0 (`lower - x`). */
  readonly lowerGap: Float64Array;
  /** Room to the upper bounds, >= 0. */
  readonly upperGap: Float64Array;
  readonly gradient: Float64Array;
  /** Symmetric n x n. */
  readonly hessian: Float64Array;
}

/** Scratch space and outcome of {@link boxStepInto}. */
export interface BoxWork {
  readonly ball: BallWork;
  /** Indices of the variables that the present subproblem varies. */
  readonly free: Int32Array;
  /** 1 where a variable is held (at its bound, or moved onto it). */
  readonly held: Uint8Array;
  readonly subMatrix: Float64Array;
  readonly subGradient: Float64Array;
  readonly subStep: Float64Array;
  readonly candidate: Float64Array;
  /** Change of the model over the chosen step, <= 0. */
  change: number;
  /** Whether the step is the model's minimizer on the face it lies on, not cut by the radius. */
  interior: boolean;
}

/** Allocates the scratch space of {@link boxStepInto}. */
export function createBoxWork(n: number): BoxWork {
  return {
    ball: createBallWork(n),
    free: new Int32Array(n),
    held: new Uint8Array(n),
    subMatrix: new Float64Array(n * n),
    subGradient: new Float64Array(n),
    subStep: new Float64Array(n),
    candidate: new Float64Array(n),
    change: 0,
    interior: false,
  };
}

/** True when variable i sits on a bound and the gradient pushes it outwards (or it has no room at all). */
export function isActive(problem: BoxProblem, i: number): boolean {
  const { lowerGap, upperGap, gradient } = problem;
  if (lowerGap[i] === 0 && upperGap[i] === 0) return true;
  return (lowerGap[i] === 0 && gradient[i] > 0) || (upperGap[i] === 0 && gradient[i] < 0);
}

/**
 * Finds a step that makes a quadratic model small within a box and a ball.
 *
 * Active variables are held. The rest takes the exact step in the ball; variables that would cross a bound are put
 * on it and held, and the others solved for again, until none crosses. Of this step, the first one cut at the first
 * bound, and a projected gradient step, the one with the lowest model wins; without bounds in the way it is the exact
 * minimizer in the ball.
 *
 * Source: the ball step is that of Moré and Sorensen (1983); projection as in Conn, Gould and Toint (1988), Global
 * convergence of a class of trust region algorithms for optimization with simple bounds, SIAM J. Numer. Anal. 25.
 *
 * @param problem unchanged
 * @param work overwritten; `change` and `interior` are results
 * @param radius of the ball, positive
 * @param outStep length n
 *
 * Cost: one Cholesky factorization of the free block per round, or an eigen-decomposition where it is indefinite; a round for each time that a bound is crossed.
 */
export function boxStepInto(problem: BoxProblem, work: BoxWork, radius: number, outStep: Float64Array): void {
  const { n } = problem;
  const { held, candidate } = work;
  for (let i = 0; i < n; i++) {
    held[i] = isActive(problem, i) ? 1 : 0;
    outStep[i] = 0;
    candidate[i] = 0;
  }
  work.change = 0;
  work.interior = true;

  let heldSq = 0;
  for (let round = 0; round <= n; round++) {
    const room = radius * radius - heldSq;
    if (!(room > 0)) break;
    const outcome = solveFree(problem, work, Math.sqrt(room));
    if (outcome === "none") {
      keepBetter(problem, work, outStep, true);
      break;
    }
    if (outcome === "hard-case") chooseSign(problem, work);
    const fraction = feasibleFraction(problem, candidate);
    if (fraction >= 1) {
      keepBetter(problem, work, outStep, outcome === "interior");
      break;
    }
    if (round === 0) {
      work.subStep.set(candidate);
      for (let i = 0; i < n; i++) candidate[i] *= fraction;
      clip(problem, candidate);
      keepBetter(problem, work, outStep, false);
      candidate.set(work.subStep);
    }
    for (let i = 0; i < n; i++) {
      if (held[i] === 1) continue;
      const crossesLower = candidate[i] < problem.lowerGap[i];
      if (!crossesLower && !(candidate[i] > problem.upperGap[i])) continue;
      candidate[i] = crossesLower ? problem.lowerGap[i] : problem.upperGap[i];
      held[i] = 1;
      heldSq += candidate[i] * candidate[i];
    }
  }

  projectedGradientStep(problem, work, radius);
  keepBetter(problem, work, outStep, false);
}

/**
 * Solves for the free variables, those that are held keeping their part of `candidate`.
 *
 * @returns the outcome of the ball step, or "none" without a free variable
 */
function solveFree(problem: BoxProblem, work: BoxWork, radius: number): BallOutcome | "none" {
  const { n, hessian, gradient } = problem;
  const { free, held, subMatrix, subGradient, subStep, candidate, ball } = work;
  let count = 0;
  for (let i = 0; i < n; i++) if (held[i] === 0) free[count++] = i;
  if (count === 0) return "none";
  for (let a = 0; a < count; a++) {
    const i = free[a];
    let sum = gradient[i];
    for (let j = 0; j < n; j++) if (held[j] === 1) sum += hessian[i * n + j] * candidate[j];
    subGradient[a] = sum;
    for (let b = 0; b < count; b++) subMatrix[a * count + b] = hessian[i * n + free[b]];
  }
  // An eigen-decomposition costs some thirty times a Cholesky factorization, and only indefinite matrices need one.
  const { vectors, projections } = ball;
  let outcome: BallOutcome | "indefinite" = definiteStepInto(
    count,
    subMatrix,
    subGradient,
    radius,
    vectors,
    projections,
    subStep,
  );
  if (outcome === "indefinite") {
    symmetricEigenInto(count, subMatrix, ball.values, vectors);
    outcome = ballStepInto(count, ball, subGradient, radius, subStep);
  }
  for (let a = 0; a < count; a++) candidate[free[a]] = subStep[a];
  return outcome;
}

/** In the hard case both signs of the lowest eigenvector are as good: take the one with more room. */
function chooseSign(problem: BoxProblem, work: BoxWork): void {
  const { free, held, candidate, subStep, ball } = work;
  let count = 0;
  for (let i = 0; i < problem.n; i++) if (held[i] === 0) count++;
  let along = 0;
  for (let a = 0; a < count; a++) along += ball.vectors[a] * subStep[a];
  const before = feasibleFraction(problem, candidate);
  if (before >= 1) return;
  for (let a = 0; a < count; a++) candidate[free[a]] -= 2 * along * ball.vectors[a];
  if (feasibleFraction(problem, candidate) > before) return;
  for (let a = 0; a < count; a++) candidate[free[a]] = subStep[a];
}

/** The largest t <= 1 for which t times the step stays in the box. */
function feasibleFraction(problem: BoxProblem, step: Float64Array): number {
  let fraction = 1;
  for (let i = 0; i < problem.n; i++) {
    if (step[i] < problem.lowerGap[i]) fraction = Math.min(fraction, problem.lowerGap[i] / step[i]);
    else if (step[i] > problem.upperGap[i]) fraction = Math.min(fraction, problem.upperGap[i] / step[i]);
  }
  return fraction;
}

function clip(problem: BoxProblem, step: Float64Array): void {
  for (let i = 0; i < problem.n; i++) {
    step[i] = Math.min(Math.max(step[i], problem.lowerGap[i]), problem.upperGap[i]);
  }
}

/** Takes over `candidate` when it lowers the model further. */
function keepBetter(problem: BoxProblem, work: BoxWork, outStep: Float64Array, interior: boolean): void {
  const change = modelChange(problem, work.candidate);
  if (change < work.change) {
    work.change = change;
    work.interior = interior;
    outStep.set(work.candidate);
  }
}

/** Change of the model over a step, `g'd + 1/2 d'H d`. */
export function modelChange(problem: BoxProblem, step: Float64Array): number {
  const { n, gradient, hessian } = problem;
  let change = 0;
  for (let i = 0; i < n; i++) {
    if (step[i] === 0) continue;
    let product = 0;
    for (let j = 0; j < n; j++) product += hessian[i * n + j] * step[j];
    change += step[i] * (gradient[i] + 0.5 * product);
  }
  return change;
}

/** Sets `candidate` to a point of the projected gradient path with a fair share of its first-order decrease. */
function projectedGradientStep(problem: BoxProblem, work: BoxWork, radius: number): void {
  const { n, gradient, hessian } = problem;
  const { candidate } = work;
  let gradientSq = 0;
  let curvature = 0;
  for (let i = 0; i < n; i++) {
    if (isActive(problem, i)) continue;
    gradientSq += gradient[i] * gradient[i];
    let product = 0;
    for (let j = 0; j < n; j++) if (!isActive(problem, j)) product += hessian[i * n + j] * gradient[j];
    curvature += gradient[i] * product;
  }
  candidate.fill(0);
  if (gradientSq === 0) return;
  let t = radius / Math.sqrt(gradientSq);
  if (curvature > 0) t = Math.min(t, gradientSq / curvature);
  for (let halvings = 0; halvings < 40; halvings++) {
    let firstOrder = 0;
    for (let i = 0; i < n; i++) {
      candidate[i] = isActive(problem, i) ? 0 : -t * gradient[i];
    }
    clip(problem, candidate);
    for (let i = 0; i < n; i++) firstOrder += gradient[i] * candidate[i];
    if (modelChange(problem, candidate) <= 0.1 * firstOrder) return;
    t *= 0.5;
  }
}
