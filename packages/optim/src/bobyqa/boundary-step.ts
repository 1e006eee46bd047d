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
  const { n, memory, centre, lowerGap, upperGap, step } = model;
  const { gradientAtTrial, fixedAt, direction, hessianDirection, hessianStep } = model;

  let stepSq = 0;
  let stepDotGradient = 0;
  let gradientSq = 0;
  for (let i = 0; i < n; i++) {
    memory[direction + i] = 0;
    if (memory[fixedAt + i] !== 0) continue;
    const s = memory[step + i];
    const slope = memory[gradientAtTrial + i];
    stepSq += s * s;
    stepDotGradient += s * slope;
    gradientSq += slope * slope;
    memory[direction + i] = s;
  }
  clearInPlace(memory, hessianStep, n);
  addHessianProductInPlace(model, hessianStep, direction);

  for (;;) {
    // A direction in the plane of step and gradient that is orthogonal to the step, of the same length.
    const area = gradientSq * stepSq - stepDotGradient * stepDotGradient;
    if (area <= 1e-4 * work.reduction * work.reduction) return "done";
    const root = Math.sqrt(area);
    for (let i = 0; i < n; i++) {
      const across = stepDotGradient * memory[step + i] - stepSq * memory[gradientAtTrial + i];
      memory[direction + i] = memory[fixedAt + i] === 0 ? across / root : 0;
    }
    const directionDotGradient = -root;

    // The largest tangent of half the angle, in (0, 1], that keeps within the bounds.
    let largestTangent = 1;
    let hit = -1;
    let hitSide = 0;
    for (let i = 0; i < n; i++) {
      if (memory[fixedAt + i] !== 0) continue;
      const from = memory[centre + i];
      const s = memory[step + i];
      const along = memory[direction + i];
      const low = memory[lowerGap + i];
      const high = memory[upperGap + i];
      const aboveLower = from + s - low;
      const belowUpper = high - from - s;
      if (aboveLower <= 0 || belowUpper <= 0) {
        work.fixedCount++;
        memory[fixedAt + i] = aboveLower <= 0 ? -1 : 1;
        return "again";
      }
      const radiusSq = s * s + along * along;
      const lowerRoom = from - low;
      const beyondLower = radiusSq - lowerRoom * lowerRoom;
      if (beyondLower > 0) {
        const reach = Math.sqrt(beyondLower) - along;
        if (largestTangent * reach > aboveLower) {
          largestTangent = aboveLower / reach;
          hit = i;
          hitSide = -1;
        }
      }
      const upperRoom = high - from;
      const beyondUpper = radiusSq - upperRoom * upperRoom;
      if (beyondUpper > 0) {
        const reach = Math.sqrt(beyondUpper) + along;
        if (largestTangent * reach > belowUpper) {
          largestTangent = belowUpper / reach;
          hit = i;
          hitSide = 1;
        }
      }
    }

    clearInPlace(memory, hessianDirection, n);
    addHessianProductInPlace(model, hessianDirection, direction);
    let directionCurvature = 0;
    let mixedCurvature = 0;
    let stepCurvature = 0;
    for (let i = 0; i < n; i++) {
      if (memory[fixedAt + i] !== 0) continue;
      const s = memory[step + i];
      const product = memory[hessianDirection + i];
      directionCurvature += memory[direction + i] * product;
      mixedCurvature += s * product;
      stepCurvature += s * memory[hessianStep + i];
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
      const byStep = memory[hessianStep + i];
      const byDirection = memory[hessianDirection + i];
      const slope = memory[gradientAtTrial + i] + (cosine - 1) * byStep + sine * byDirection;
      memory[gradientAtTrial + i] = slope;
      if (memory[fixedAt + i] === 0) {
        const s = cosine * memory[step + i] + sine * memory[direction + i];
        memory[step + i] = s;
        stepDotGradient += s * slope;
        gradientSq += slope * slope;
      }
      memory[hessianStep + i] = cosine * byStep + sine * byDirection;
    }
    work.reduction += decrease;
    if (hit >= 0 && greatestAt === count) {
      work.fixedCount++;
      memory[fixedAt + hit] = hitSide;
      return "again";
    }
    if (decrease <= 0.01 * work.reduction) return "done";
  }
}
