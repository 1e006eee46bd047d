import { boundaryStepInPlace } from "./boundary-step";
import { addHessianProductInPlace, type BobyqaModel } from "./model";
import { clearInPlace } from "./short-vector";
import type { TrustRegionWork } from "./trust-region-work";

/**
 * Finds a step that makes the quadratic model small within the trust region and the bounds (TRSBOX).
 *
 * Truncated conjugate gradients from the centre; a line search that hits a bound fixes that variable and
 * restarts. On reaching the trust-region boundary, the step is improved by rotations along the boundary
 * ({@link boundaryStepInPlace}).
 *
 * Source: Powell (2009), section 3.
 *
 * @param model reads the model and the gaps; writes `step` and `trial = centre + step`
 * @param work overwritten; `gradientAtTrial`, `leastCurvature` and `stepSq` are results
 * @param delta trust-region radius
 *
 * Cost: a few times n (n + 2 npt) multiplications.
 */
export function trustRegionStepInPlace(model: BobyqaModel, work: TrustRegionWork, delta: number): void {
  const { n, centre, gradient, lowerGap, upperGap, step } = model;
  const { gradientAtTrial, fixedAt } = work;

  // A variable on a bound stays there when the gradient pushes it outwards.
  work.fixedCount = 0;
  for (let i = 0; i < n; i++) {
    fixedAt[i] = 0;
    if (centre[i] <= lowerGap[i]) {
      if (gradient[i] >= 0) fixedAt[i] = -1;
    } else if (centre[i] >= upperGap[i]) {
      if (gradient[i] <= 0) fixedAt[i] = 1;
    }
    if (fixedAt[i] !== 0) work.fixedCount++;
    step[i] = 0;
    gradientAtTrial[i] = gradient[i];
  }
  work.reduction = 0;
  work.leastCurvature = -1;

  if (conjugateGradients(model, work, delta) === "boundary") {
    work.leastCurvature = 0;
    boundaryStepInPlace(model, work);
  }
  setTrialPoint(model, work);
}

/** Runs the conjugate-gradient phase; tells whether it ended on the trust-region boundary. */
function conjugateGradients(
  model: BobyqaModel,
  work: TrustRegionWork,
  delta: number,
): "interior" | "boundary" {
  const { n, centre, lowerGap, upperGap, step } = model;
  const { gradientAtTrial, fixedAt, direction, hessianDirection } = work;
  // Squared radius that is left for the free variables.
  let radiusSq = delta * delta;
  let iterations = 0;
  let lastIteration = 0;
  let gradientSq = 0;
  let conjugacy = 0; // 0 restarts with steepest descent

  for (;;) {
    let directionSq = 0;
    for (let i = 0; i < n; i++) {
      if (fixedAt[i] !== 0) direction[i] = 0;
      else if (conjugacy === 0) direction[i] = -gradientAtTrial[i];
      else direction[i] = conjugacy * direction[i] - gradientAtTrial[i];
      directionSq += direction[i] * direction[i];
    }
    if (directionSq === 0) return "interior";
    if (conjugacy === 0) {
      gradientSq = directionSq;
      lastIteration = iterations + n - work.fixedCount;
    }
    if (gradientSq * radiusSq <= 1e-4 * work.reduction * work.reduction) return "interior";

    clearInPlace(hessianDirection);
    addHessianProductInPlace(hessianDirection, model, direction);
    let room = radiusSq;
    let directionDotStep = 0;
    let directionCurvature = 0;
    for (let i = 0; i < n; i++) {
      if (fixedAt[i] !== 0) continue;
      room -= step[i] * step[i];
      directionDotStep += direction[i] * step[i];
      directionCurvature += direction[i] * hessianDirection[i];
    }
    if (room <= 0) return "boundary";

    const root = Math.sqrt(directionSq * room + directionDotStep * directionDotStep);
    const toBoundary =
      directionDotStep < 0 ? (root - directionDotStep) / directionSq : room / (root + directionDotStep);
    let length = toBoundary;
    if (directionCurvature > 0) length = Math.min(toBoundary, gradientSq / directionCurvature);

    // Shorten the step where a bound comes first.
    let hit = -1;
    for (let i = 0; i < n; i++) {
      if (direction[i] === 0) continue;
      const position = centre[i] + step[i];
      const gap = direction[i] > 0 ? upperGap[i] - position : lowerGap[i] - position;
      const allowed = gap / direction[i];
      if (allowed < length) {
        length = allowed;
        hit = i;
      }
    }

    let decrease = 0;
    let previousGradientSq = gradientSq;
    if (length > 0) {
      iterations++;
      const curvature = directionCurvature / directionSq;
      if (hit < 0 && curvature > 0) {
        work.leastCurvature = Math.min(work.leastCurvature, curvature);
        if (work.leastCurvature === -1) work.leastCurvature = curvature;
      }
      previousGradientSq = gradientSq;
      gradientSq = 0;
      for (let i = 0; i < n; i++) {
        gradientAtTrial[i] += length * hessianDirection[i];
        if (fixedAt[i] === 0) gradientSq += gradientAtTrial[i] * gradientAtTrial[i];
        step[i] += length * direction[i];
      }
      decrease = Math.max(length * (previousGradientSq - 0.5 * length * directionCurvature), 0);
      work.reduction += decrease;
    }

    if (hit >= 0) {
      work.fixedCount++;
      fixedAt[hit] = direction[hit] < 0 ? -1 : 1;
      radiusSq -= step[hit] * step[hit];
      if (radiusSq <= 0) return "boundary";
      conjugacy = 0;
    } else if (length < toBoundary) {
      if (iterations === lastIteration || decrease <= 0.01 * work.reduction) return "interior";
      conjugacy = gradientSq / previousGradientSq;
    } else {
      return "boundary";
    }
  }
}

/** Sets `trial` to `centre + step` within the bounds, exactly on those that are active, and `step` to match. */
function setTrialPoint(model: BobyqaModel, work: TrustRegionWork): void {
  const { n, centre, lowerGap, upperGap, step, trial } = model;
  let stepSq = 0;
  for (let i = 0; i < n; i++) {
    let position = Math.max(Math.min(centre[i] + step[i], upperGap[i]), lowerGap[i]);
    if (work.fixedAt[i] === -1) position = lowerGap[i];
    else if (work.fixedAt[i] === 1) position = upperGap[i];
    trial[i] = position;
    step[i] = position - centre[i];
    stepSq += step[i] * step[i];
  }
  work.stepSq = stepSq;
}
