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
 * @param model reads the model and the gaps; writes `step`, `trial = centre + step` and `gradientAtTrial`
 * @param work `radius` is given, the rest overwritten; `leastCurvature` and `stepSq` are results
 *
 * Cost: a few times n (n + 2 npt) multiplications.
 */
export function trustRegionStepInPlace(model: BobyqaModel, work: TrustRegionWork): void {
  const { n, memory, centre, gradient, lowerGap, upperGap, step, gradientAtTrial, fixedAt } = model;

  // A variable on a bound stays there when the gradient pushes it outwards.
  work.fixedCount = 0;
  for (let i = 0; i < n; i++) {
    const slope = memory[gradient + i];
    const position = memory[centre + i];
    let side = 0;
    if (position <= memory[lowerGap + i]) {
      if (slope >= 0) side = -1;
    } else if (position >= memory[upperGap + i]) {
      if (slope <= 0) side = 1;
    }
    if (side !== 0) work.fixedCount++;
    memory[fixedAt + i] = side;
    memory[step + i] = 0;
    memory[gradientAtTrial + i] = slope;
  }
  work.reduction = 0;
  work.leastCurvature = -1;

  if (conjugateGradients(model, work) === "boundary") {
    work.leastCurvature = 0;
    boundaryStepInPlace(model, work);
  }
  setTrialPoint(model, work);
}

/** Runs the conjugate-gradient phase; tells whether it ended on the trust-region boundary. */
function conjugateGradients(model: BobyqaModel, work: TrustRegionWork): "interior" | "boundary" {
  const { n, memory, centre, lowerGap, upperGap, step } = model;
  const { gradientAtTrial, fixedAt, direction, hessianDirection } = model;
  // Squared radius that is left for the free variables.
  let radiusSq = work.radius * work.radius;
  let iterations = 0;
  let lastIteration = 0;
  let gradientSq = 0;
  let conjugacy = 0; // 0 restarts with steepest descent

  for (;;) {
    let directionSq = 0;
    for (let i = 0; i < n; i++) {
      let along = 0;
      if (memory[fixedAt + i] === 0) {
        along = -memory[gradientAtTrial + i];
        if (conjugacy !== 0) along = conjugacy * memory[direction + i] + along;
      }
      memory[direction + i] = along;
      directionSq += along * along;
    }
    if (directionSq === 0) return "interior";
    if (conjugacy === 0) {
      gradientSq = directionSq;
      lastIteration = iterations + n - work.fixedCount;
    }
    if (gradientSq * radiusSq <= 1e-4 * work.reduction * work.reduction) return "interior";

    clearInPlace(memory, hessianDirection, n);
    addHessianProductInPlace(model, hessianDirection, direction);
    let room = radiusSq;
    let directionDotStep = 0;
    let directionCurvature = 0;
    for (let i = 0; i < n; i++) {
      if (memory[fixedAt + i] !== 0) continue;
      const s = memory[step + i];
      const along = memory[direction + i];
      room -= s * s;
      directionDotStep += along * s;
      directionCurvature += along * memory[hessianDirection + i];
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
      const along = memory[direction + i];
      if (along === 0) continue;
      const position = memory[centre + i] + memory[step + i];
      const gap = (along > 0 ? memory[upperGap + i] : memory[lowerGap + i]) - position;
      const allowed = gap / along;
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
        const slope = memory[gradientAtTrial + i] + length * memory[hessianDirection + i];
        memory[gradientAtTrial + i] = slope;
        if (memory[fixedAt + i] === 0) gradientSq += slope * slope;
        memory[step + i] += length * memory[direction + i];
      }
      decrease = Math.max(length * (previousGradientSq - 0.5 * length * directionCurvature), 0);
      work.reduction += decrease;
    }

    if (hit >= 0) {
      work.fixedCount++;
      memory[fixedAt + hit] = memory[direction + hit] < 0 ? -1 : 1;
      const s = memory[step + hit];
      radiusSq -= s * s;
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
  const { n, memory, centre, lowerGap, upperGap, step, trial, fixedAt } = model;
  let stepSq = 0;
  for (let i = 0; i < n; i++) {
    const side = memory[fixedAt + i];
    const from = memory[centre + i];
    let position: number;
    if (side === 0)
      position = Math.max(Math.min(from + memory[step + i], memory[upperGap + i]), memory[lowerGap + i]);
    else position = side < 0 ? memory[lowerGap + i] : memory[upperGap + i];
    const moved = position - from;
    memory[trial + i] = position;
    memory[step + i] = moved;
    stepSq += moved * moved;
  }
  work.stepSq = stepSq;
}
