import { addHessianProductInPlace, type BobyqaModel } from "./model";
import { clearInPlace } from "./short-vector";
import type { TrustRegionWork } from "./trust-region-work";

/**
 * Improves a step that lies on the trust-region boundary by moving it along the boundary.
 *
 * Each iteration rotates the free part of the step in the plane that it spans with the model's gradient. The
 * tangent of half the angle is limited so that no bound is crossed; the best of a few equally spaced tangents is
 * refined by a parabola. A rotation that is stopped by a bound fixes that variable and starts again.
 *
 * Source: Powell (2009), section 3 (the alternative iterations).
 *
 * @param model reads the model; updates `step`
 * @param work updates `gradientAtTrial`, `fixedAt`, `fixedCount` and `reduction`
 */
export function boundaryStepInPlace(model: BobyqaModel, work: TrustRegionWork): void {
  const { n } = model;
  while (work.fixedCount < n - 1) {
    if (rotateUntilDone(model, work) === "done") return;
  }
}

/** Rotates with the present free variables: "again" after fixing another one. */
function rotateUntilDone(model: BobyqaModel, work: TrustRegionWork): "done" | "again" {
  const { n, centre, lowerGap, upperGap, step } = model;
  const { gradientAtTrial, fixedAt, direction, hessianDirection, hessianStep } = work;

  let stepSq = 0;
  let stepDotGradient = 0;
  let gradientSq = 0;
  for (let i = 0; i < n; i++) {
    direction[i] = 0;
    if (fixedAt[i] !== 0) continue;
    stepSq += step[i] * step[i];
    stepDotGradient += step[i] * gradientAtTrial[i];
    gradientSq += gradientAtTrial[i] * gradientAtTrial[i];
    direction[i] = step[i];
  }
  clearInPlace(hessianStep);
  addHessianProductInPlace(hessianStep, model, direction);

  for (;;) {
    // A direction in the plane of step and gradient that is orthogonal to the step, of the same length.
    const area = gradientSq * stepSq - stepDotGradient * stepDotGradient;
    if (area <= 1e-4 * work.reduction * work.reduction) return "done";
    const root = Math.sqrt(area);
    for (let i = 0; i < n; i++) {
      direction[i] = fixedAt[i] === 0 ? (stepDotGradient * step[i] - stepSq * gradientAtTrial[i]) / root : 0;
    }
    const directionDotGradient = -root;

    // The largest tangent of half the angle, in (0, 1], that keeps within the bounds.
    let largestTangent = 1;
    let hit = -1;
    let hitSide = 0;
    for (let i = 0; i < n; i++) {
      if (fixedAt[i] !== 0) continue;
      const aboveLower = centre[i] + step[i] - lowerGap[i];
      const belowUpper = upperGap[i] - centre[i] - step[i];
      if (aboveLower <= 0 || belowUpper <= 0) {
        work.fixedCount++;
        fixedAt[i] = aboveLower <= 0 ? -1 : 1;
        return "again";
      }
      const radiusSq = step[i] * step[i] + direction[i] * direction[i];
      const lowerRoom = centre[i] - lowerGap[i];
      const beyondLower = radiusSq - lowerRoom * lowerRoom;
      if (beyondLower > 0) {
        const reach = Math.sqrt(beyondLower) - direction[i];
        if (largestTangent * reach > aboveLower) {
          largestTangent = aboveLower / reach;
          hit = i;
          hitSide = -1;
        }
      }
      const upperRoom = upperGap[i] - centre[i];
      const beyondUpper = radiusSq - upperRoom * upperRoom;
      if (beyondUpper > 0) {
        const reach = Math.sqrt(beyondUpper) + direction[i];
        if (largestTangent * reach > belowUpper) {
          largestTangent = belowUpper / reach;
          hit = i;
          hitSide = 1;
        }
      }
    }

    clearInPlace(hessianDirection);
    addHessianProductInPlace(hessianDirection, model, direction);
    let directionCurvature = 0;
    let mixedCurvature = 0;
    let stepCurvature = 0;
    for (let i = 0; i < n; i++) {
      if (fixedAt[i] !== 0) continue;
      directionCurvature += direction[i] * hessianDirection[i];
      mixedCurvature += step[i] * hessianDirection[i];
      stepCurvature += step[i] * hessianStep[i];
    }

    // Search the tangents largestTangent * i / count, i = 1 ... count.
    const count = Math.trunc(17 * largestTangent + 3.1);
    let greatest = 0;
    let greatestAt = 0;
    let previous = 0;
    let before = 0;
    let after = 0;
    for (let i = 1; i <= count; i++) {
      const tangent = (largestTangent * i) / count;
      const sine = (tangent + tangent) / (1 + tangent * tangent);
      const bend = directionCurvature + tangent * (tangent * stepCurvature - mixedCurvature - mixedCurvature);
      const gain = sine * (tangent * stepDotGradient - directionDotGradient - 0.5 * sine * bend);
      if (gain > greatest) {
        greatest = gain;
        greatestAt = i;
        before = previous;
      } else if (i === greatestAt + 1) {
        after = gain;
      }
      previous = gain;
    }
    if (greatestAt === 0) return "done";

    // For greatestAt = count the search ended at the largest tangent itself.
    let tangent = (largestTangent * count) / count;
    if (greatestAt < count) {
      const refinement = (after - before) / (greatest + greatest - before - after);
      tangent = (largestTangent * (greatestAt + 0.5 * refinement)) / count;
    }
    const cosine = (1 - tangent * tangent) / (1 + tangent * tangent);
    const sine = (tangent + tangent) / (1 + tangent * tangent);
    const bend = directionCurvature + tangent * (tangent * stepCurvature - mixedCurvature - mixedCurvature);
    const decrease = sine * (tangent * stepDotGradient - directionDotGradient - 0.5 * sine * bend);
    if (!(decrease > 0)) return "done";

    stepDotGradient = 0;
    gradientSq = 0;
    for (let i = 0; i < n; i++) {
      gradientAtTrial[i] = gradientAtTrial[i] + (cosine - 1) * hessianStep[i] + sine * hessianDirection[i];
      if (fixedAt[i] === 0) {
        step[i] = cosine * step[i] + sine * direction[i];
        stepDotGradient += step[i] * gradientAtTrial[i];
        gradientSq += gradientAtTrial[i] * gradientAtTrial[i];
      }
      hessianStep[i] = cosine * hessianStep[i] + sine * hessianDirection[i];
    }
    work.reduction += decrease;
    if (hit >= 0 && greatestAt === count) {
      work.fixedCount++;
      fixedAt[hit] = hitSide;
      return "again";
    }
    if (decrease <= 0.01 * work.reduction) return "done";
  }
}
