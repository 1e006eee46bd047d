import { type Evaluator, evaluate, reportRho, standInValue } from "./evaluator";
import { type GeometryWork, geometryStepInPlace } from "./geometry-step";
import { initializeInPlace } from "./initialize";
import { computeInverseDiagonalInPlace, computeLagrangeInPlace } from "./lagrange";
import { leastFrobeniusGuard } from "./least-frobenius";
import { addHessianProductInPlace, type BobyqaModel, centreOnBestInPlace } from "./model";
import { createRescueWork, type RescueWork, rescueInPlace } from "./rescue";
import { shiftBaseInPlace } from "./shift-base";
import { copyInPlace } from "./short-vector";
import { trustRegionStepInPlace } from "./trust-region-step";
import type { TrustRegionWork } from "./trust-region-work";
import { moveCentreInPlace, moveInterpolationPointInPlace, predictChangeInPlace } from "./update-model";

/** Where the main loop goes next. */
type Move = "trust-region" | "far-point" | "geometry" | "reduce-rho" | "finish";

/** State of the main loop; the names in capitals are those of Powell's report and code. */
interface Run {
  readonly model: BobyqaModel;
  readonly evaluator: Evaluator;
  readonly trustRegion: TrustRegionWork;
  readonly geometry: GeometryWork;
  /** Made when it is first needed: most runs never are. */
  rescue: RescueWork | null;
  readonly rhoend: number;
  /** Lower bound on the trust-region radius (RHO). */
  rho: number;
  /** Trust-region radius (DELTA). */
  delta: number;
  /** Length of the last trust-region step (DNORM). */
  stepLength: number;
  /** The last trust-region step was too short to be worth an evaluation (NTRITS = -1). */
  shortStep: boolean;
  /** Actual over predicted change of the last trust-region step (RATIO). */
  ratio: number;
  /** Errors of the model's predictions at the last three evaluations, the latest first (DIFFA, DIFFB, DIFFC). */
  readonly predictionErrors: [number, number, number];
  /** Evaluations when rho was last reduced or a step last exceeded it (NFSAV). */
  evaluationsAtProgress: number;
  /** Evaluations when the inverse was last rebuilt (NRESC). */
  evaluationsAtRescue: number;
  /** Interpolation point that a geometry step moves (KNEW), and the radius for it (ADELT). */
  farPoint: number;
  geometryRadius: number;
  /** Consecutive steps after which the least Frobenius norm model looked much better (ITEST). */
  poorModels: number;
}

/**
 * Runs BOBYQA from the model's base point until the radius reaches `rhoend` or the evaluator has a status.
 *
 * Source: Powell (2009), "The BOBYQA algorithm for bound constrained optimization without derivatives",
 * DAMTP 2009/NA06, section 6; the order of operations follows his published program, so that its runs are reproduced to the
 * last bit.
 *
 * @param model base point and gaps are given, all else is set here
 * @param evaluator its `status` holds the reason for the end
 * @param rhobeg first trust-region radius
 * @param rhoend last trust-region radius, at most `rhobeg`
 */
export function iterate(model: BobyqaModel, evaluator: Evaluator, rhobeg: number, rhoend: number): void {
  evaluator.rho = rhobeg;
  initializeInPlace(model, evaluator, rhobeg);
  if (evaluator.status !== null) return;
  centreOnBestInPlace(model);
  if (model.best !== 0) addHessianProductInPlace(model, model.gradient, model.centre);

  const run: Run = {
    model,
    evaluator,
    trustRegion: { radius: 0, fixedCount: 0, reduction: 0, leastCurvature: 0, stepSq: 0 },
    geometry: { radius: 0, alpha: 0, alternativeLagrangeSq: 0 },
    rescue: null,
    rhoend,
    rho: rhobeg,
    delta: rhobeg,
    stepLength: 0,
    shortStep: false,
    ratio: 0,
    predictionErrors: [0, 0, 0],
    evaluationsAtProgress: evaluator.evaluations,
    evaluationsAtRescue: evaluator.evaluations,
    farPoint: -1,
    geometryRadius: 0,
    poorModels: 0,
  };

  let move: Move = "trust-region";
  while (move !== "finish") {
    switch (move) {
      case "trust-region":
        move = tryTrustRegionStep(run);
        break;
      case "far-point":
        move = lookForFarPoint(run);
        break;
      case "geometry":
        move = improveGeometry(run);
        break;
      case "reduce-rho":
        move = reduceRho(run);
        break;
    }
    if (evaluator.status !== null) return;
  }
  evaluator.status = "converged";
}

/** Ends the run before it has converged. */
function endWith(run: Run, status: "rounding-errors" | "no-model-decrease"): Move {
  run.evaluator.status ??= status;
  return "finish";
}

/** Minimizes the model in the trust region and, when the step is long enough, evaluates the objective there. */
function tryTrustRegionStep(run: Run): Move {
  const { model, trustRegion } = run;
  trustRegion.radius = run.delta;
  trustRegionStepInPlace(model, trustRegion);
  if (!Number.isFinite(trustRegion.stepSq)) return endWith(run, "rounding-errors");
  run.stepLength = Math.min(run.delta, Math.sqrt(trustRegion.stepSq));
  run.shortStep = run.stepLength < 0.5 * run.rho;
  if (run.shortStep) return isWorkDone(run) ? "reduce-rho" : "far-point";

  if (trustRegion.stepSq <= 1e-3 * model.centreSq) shiftBaseInPlace(model);
  computeLagrangeInPlace(model);
  computeInverseDiagonalInPlace(model);
  const leaving = choosePointToReplace(run, model.centre, model.best);
  if (leaving < 0) return callRescue(run, "trust-region");

  const { evaluator } = run;
  evaluate(evaluator, model, model.trial);
  if (evaluator.status !== null) return "finish";
  const previousBest = model.memory[model.values + model.best];
  const isMissing = Number.isNaN(evaluator.value);
  const value = isMissing ? standInValue(model, model.npt) : evaluator.value;
  predictChangeInPlace(model);
  const { predicted } = model;
  model.error = value - previousBest - predicted;
  recordError(run);
  if (!(predicted < 0)) return endWith(run, "no-model-decrease");

  run.ratio = (value - previousBest) / predicted;
  run.delta = nextDelta(run);
  const improved = value < previousBest;
  // The point that leaves is chosen again around the new centre, unless rounding errors spoil the choice.
  let index = leaving;
  if (improved) {
    const again = choosePointToReplace(run, model.trial, -1);
    if (again >= 0) index = again;
  }
  model.memory[model.values + index] = value;
  model.memory[model.standIn + index] = isMissing ? 1 : 0;
  moveInterpolationPointInPlace(model, index);
  if (improved) moveCentreInPlace(model, index);
  run.poorModels = leastFrobeniusGuard(model, run.poorModels);
  if (improved && isFtolReached(evaluator, previousBest)) return "finish";
  return value <= previousBest + 0.1 * predicted ? "trust-region" : "far-point";
}

/**
 * Decides, after a short step, whether the present rho has served its purpose: the errors of recent predictions
 * are small beside what a move of length rho/2 could gain.
 */
function isWorkDone(run: Run): boolean {
  const { model, trustRegion, rho, evaluator } = run;
  if (evaluator.evaluations <= run.evaluationsAtProgress + 2) return false;
  const largestError = Math.max(run.predictionErrors[0], run.predictionErrors[1], run.predictionErrors[2]);
  const curvature = trustRegion.leastCurvature;
  if (curvature > 0 && largestError > 0.125 * rho * rho * curvature) return false;

  const { n, npt, memory, trial, lowerGap, upperGap, gradientAtTrial } = model;
  const tolerance = largestError / rho;
  for (let j = 0; j < n; j++) {
    let slope = tolerance;
    if (memory[trial + j] === memory[lowerGap + j]) slope = memory[gradientAtTrial + j];
    if (memory[trial + j] === memory[upperGap + j]) slope = -memory[gradientAtTrial + j];
    if (slope >= tolerance) continue;
    let second = memory[model.hessian + (j * (j + 1)) / 2 + j];
    for (let k = 0, at = model.points + j; k < npt; k++, at += n) {
      second += memory[model.curvature + k] * (memory[at] * memory[at]);
    }
    slope += 0.5 * second * rho;
    if (slope < tolerance) return false;
  }
  return true;
}

/**
 * Looks for an interpolation point that is too far from the centre to tell about its neighbourhood. Without one,
 * the present rho ends when steps of its size no longer help.
 */
function lookForFarPoint(run: Run): Move {
  const { model, rho } = run;
  const { n, npt, memory, points, centre } = model;
  const tenRho = 10 * rho;
  let distanceSq = run.shortStep ? tenRho * tenRho : Math.max(4 * run.delta * run.delta, tenRho * tenRho);
  let far = -1;
  for (let k = 0, point = points; k < npt; k++, point += n) {
    let sum = 0;
    for (let j = 0; j < n; j++) {
      const difference = memory[point + j] - memory[centre + j];
      sum += difference * difference;
    }
    if (sum > distanceSq) {
      far = k;
      distanceSq = sum;
    }
  }
  if (far >= 0) {
    const distance = Math.sqrt(distanceSq);
    if (run.shortStep) {
      run.delta = Math.min(0.1 * run.delta, 0.5 * distance);
      if (run.delta <= 1.5 * rho) run.delta = rho;
    }
    run.shortStep = false;
    run.farPoint = far;
    run.geometryRadius = Math.max(Math.min(0.1 * distance, run.delta), rho);
    return "geometry";
  }
  if (run.shortStep) return "reduce-rho";
  if (run.ratio > 0 || Math.max(run.delta, run.stepLength) > rho) return "trust-region";
  return "reduce-rho";
}

/** Moves the far point to where its Lagrange function is large, and evaluates the objective there. */
function improveGeometry(run: Run): Move {
  const { model, geometry, farPoint, geometryRadius, evaluator } = run;
  const { memory } = model;
  if (geometryRadius * geometryRadius <= 1e-3 * model.centreSq) shiftBaseInPlace(model);
  geometry.radius = geometryRadius;
  geometryStepInPlace(model, geometry, farPoint);
  computeLagrangeInPlace(model);
  let denominator = geometryDenominator(run);
  if (denominator < geometry.alternativeLagrangeSq && geometry.alternativeLagrangeSq > 0) {
    const { n, step, trial, centre } = model;
    copyInPlace(memory, model.alternative, trial, n);
    for (let i = 0; i < n; i++) memory[step + i] = memory[trial + i] - memory[centre + i];
    computeLagrangeInPlace(model);
    denominator = geometryDenominator(run);
  }
  const lagrange = memory[model.lagrange + farPoint];
  if (!(denominator > 0.5 * (lagrange * lagrange))) return callRescue(run, "geometry");

  evaluate(evaluator, model, model.trial);
  if (evaluator.status !== null) return "finish";
  const previousBest = memory[model.values + model.best];
  const isMissing = Number.isNaN(evaluator.value);
  const value = isMissing ? standInValue(model, model.npt) : evaluator.value;
  predictChangeInPlace(model);
  model.error = value - previousBest - model.predicted;
  recordError(run);
  model.denominator = denominator;
  memory[model.values + farPoint] = value;
  memory[model.standIn + farPoint] = isMissing ? 1 : 0;
  moveInterpolationPointInPlace(model, farPoint);
  if (value < previousBest) {
    moveCentreInPlace(model, farPoint);
    if (isFtolReached(evaluator, previousBest)) return "finish";
  }
  return "trust-region";
}

function geometryDenominator(run: Run): number {
  const { model, geometry, farPoint } = run;
  const lagrange = model.memory[model.lagrange + farPoint];
  return lagrange * lagrange + geometry.alpha * model.beta;
}

/** Reduces rho, or finishes when it is rhoend: after one last step, if it was too short to be tried before. */
function reduceRho(run: Run): Move {
  const { model, evaluator, rhoend } = run;
  if (run.rho > rhoend) {
    run.delta = 0.5 * run.rho;
    const ratio = run.rho / rhoend;
    if (ratio <= 16) run.rho = rhoend;
    else if (ratio <= 250) run.rho = Math.sqrt(ratio) * rhoend;
    else run.rho = 0.1 * run.rho;
    run.delta = Math.max(run.delta, run.rho);
    run.shortStep = false;
    run.evaluationsAtProgress = evaluator.evaluations;
    reportRho(evaluator, run.rho);
    return "trust-region";
  }
  if (run.shortStep && evaluator.evaluations < evaluator.maxEvaluations)
    evaluate(evaluator, model, model.trial);
  return "finish";
}

/**
 * Rebuilds the inverse when rounding errors have halved a denominator; the run ends when that has been done
 * already without an evaluation in between.
 *
 * @param from the move that met the damage, which is tried again when no point was replaced
 */
function callRescue(run: Run, from: "trust-region" | "geometry"): Move {
  const { model, evaluator } = run;
  if (evaluator.evaluations <= run.evaluationsAtRescue) return endWith(run, "rounding-errors");
  const before = evaluator.evaluations;
  const previousBest = model.best;
  run.evaluationsAtProgress = before;
  run.rescue ??= createRescueWork(model.n, model.npt);
  rescueInPlace(model, evaluator, run.rescue, run.delta);
  if (evaluator.status !== null) return "finish";
  if (model.best !== previousBest) {
    centreOnBestInPlace(model);
    addHessianProductInPlace(model, model.gradient, model.centre);
  }
  run.evaluationsAtRescue = evaluator.evaluations;
  if (evaluator.evaluations > before) {
    run.evaluationsAtProgress = evaluator.evaluations;
    return "trust-region";
  }
  return from;
}

/**
 * Chooses the interpolation point that makes way for the trial point: the one with the largest denominator of the
 * updating formula, weighted by the fourth power of its distance where that exceeds delta.
 *
 * @param around where in the memory the vector is from which distances are measured
 * @param keep index of a point that must stay, or -1
 * @returns the index (its denominator in `model.denominator`), or -1 when rounding errors have damaged the
 *   denominators; `model.denominator` is then unchanged
 */
function choosePointToReplace({ model, delta }: Run, around: number, keep: number): number {
  const { n, npt, memory, points, lagrange, beta, inverseDiagonal } = model;
  const deltaSq = delta * delta;
  let chosen = -1;
  let chosenDenominator = 0;
  let greatest = 0;
  let greatestLagrangeSq = 0;
  for (let k = 0, point = points; k < npt; k++, point += n) {
    if (k === keep) continue;
    const value = memory[lagrange + k];
    const lagrangeSq = value * value;
    const denominator = beta * memory[inverseDiagonal + k] + lagrangeSq;
    let distanceSq = 0;
    for (let j = 0; j < n; j++) {
      const difference = memory[point + j] - memory[around + j];
      distanceSq += difference * difference;
    }
    const relative = distanceSq / deltaSq;
    const weight = Math.max(1, relative * relative);
    if (weight * denominator > greatest) {
      greatest = weight * denominator;
      chosen = k;
      chosenDenominator = denominator;
    }
    greatestLagrangeSq = Math.max(greatestLagrangeSq, weight * lagrangeSq);
  }
  if (chosen < 0 || !(greatest > 0.5 * greatestLagrangeSq)) return -1;
  model.denominator = chosenDenominator;
  return chosen;
}

/** The next trust-region radius, from the ratio of actual to predicted change. */
function nextDelta(run: Run): number {
  const { ratio, stepLength, rho } = run;
  const half = 0.5 * run.delta;
  let delta: number;
  if (ratio <= 0.1) delta = Math.min(half, stepLength);
  else if (ratio <= 0.7) delta = Math.max(half, stepLength);
  else delta = Math.max(half, stepLength + stepLength);
  return delta <= 1.5 * rho ? rho : delta;
}

function recordError(run: Run): void {
  const { predictionErrors } = run;
  predictionErrors[2] = predictionErrors[1];
  predictionErrors[1] = predictionErrors[0];
  predictionErrors[0] = Math.abs(run.model.error);
  if (run.stepLength > run.rho) run.evaluationsAtProgress = run.evaluator.evaluations;
}

/** NLopt's test on an improving step; off while both tolerances are zero. Sets the status. */
function isFtolReached(evaluator: Evaluator, previous: number): boolean {
  const { value, ftolAbs, ftolRel } = evaluator;
  if (ftolAbs === 0 && ftolRel === 0) return false;
  const change = Math.abs(value - previous);
  if (!(change < ftolAbs || change < ftolRel * 0.5 * (Math.abs(value) + Math.abs(previous)))) return false;
  evaluator.status = "ftol-reached";
  return true;
}
