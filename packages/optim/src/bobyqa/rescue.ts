import { type Evaluator, evaluate, storeValueInPlace } from "./evaluator";
import { applyInverseZInPlace, computeInverseDiagonalInPlace, inverseRowInto } from "./lagrange";
import type { BobyqaModel } from "./model";
import { clearInPlace } from "./short-vector";
import { updateInverseInPlace } from "./update-inverse";

/** Scratch space of {@link rescueInPlace}. */
export interface RescueWork {
  /** The two provisional steps along each axis (PTSAUX), length n each. */
  readonly firstStep: Float64Array;
  readonly secondStep: Float64Array;
  /** 1 where an interpolation point is provisional (PTSID is not zero), length npt. */
  readonly provisional: Uint8Array;
  /** Axes of a provisional point, 0 for none, else 1 + axis (integer parts of PTSID), length npt. */
  readonly axisP: Int32Array;
  readonly axisQ: Int32Array;
  /** Squared distances of the original points from the centre; see the search in the code, length npt. */
  readonly distance: Float64Array;
}

/** Allocates the vectors of {@link rescueInPlace}. */
export function createRescueWork(n: number, npt: number): RescueWork {
  return {
    firstStep: new Float64Array(n),
    secondStep: new Float64Array(n),
    provisional: new Uint8Array(npt),
    axisP: new Int32Array(npt),
    axisQ: new Int32Array(npt),
    distance: new Float64Array(npt),
  };
}

/**
 * Rebuilds the inverse of the interpolation system when rounding errors have spoilt it (RESCUE).
 *
 * The base moves to the centre. A provisional set of points along the axes, whose inverse has a closed form,
 * takes the place of the interpolation points; then as many of the original points as possible are put back, one
 * by one, each where it gives a safe denominator. Provisional points that remain become interpolation points,
 * which costs an evaluation each.
 *
 * Source: Powell (2009), section 5.
 *
 * @param model everything but `gradient` at a new best point is brought up to date; when `best` has changed, the
 *   caller moves the centre and the gradient
 * @param evaluator its status may be set; the model is then incomplete and must not be used further
 * @param work overwritten
 * @param delta trust-region radius
 *
 * Cost: about npt³ multiplications, and evaluations for the points that are replaced.
 */
export function rescueInPlace(
  model: BobyqaModel,
  evaluator: Evaluator,
  work: RescueWork,
  delta: number,
): void {
  const largestDistance = moveBaseToCentre(model, work);
  setProvisionalPoints(model, work, delta);
  if (restoreOriginalPoints(model, work, largestDistance)) return;
  evaluateProvisionalPoints(model, evaluator, work);
}

/** Shifts the base to the centre; returns the largest squared distance of a point from it. */
function moveBaseToCentre(model: BobyqaModel, work: RescueWork): number {
  const { n, npt, memory, points, centre, curvature, hessian, base, lowerGap, upperGap } = model;
  const weights = model.scratchA;
  let curvatureSum = 0;
  let largestDistance = 0;
  for (let k = 0; k < npt; k++) {
    let distanceSq = 0;
    for (let j = 0; j < n; j++) {
      memory[points + k * n + j] -= memory[centre + j];
      distanceSq += memory[points + k * n + j] * memory[points + k * n + j];
    }
    curvatureSum += memory[curvature + k];
    work.distance[k] = distanceSq;
    largestDistance = Math.max(largestDistance, distanceSq);
  }
  for (let j = 0; j < n; j++) memory[weights + j] = 0.5 * curvatureSum * memory[centre + j];
  for (let k = 0; k < npt; k++) {
    for (let j = 0; j < n; j++) memory[weights + j] += memory[curvature + k] * memory[points + k * n + j];
  }
  let h = 0;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i <= j; i++) {
      memory[hessian + h] =
        memory[hessian + h] +
        memory[weights + i] * memory[centre + j] +
        memory[weights + j] * memory[centre + i];
      h++;
    }
  }
  for (let j = 0; j < n; j++) {
    memory[base + j] += memory[centre + j];
    memory[lowerGap + j] -= memory[centre + j];
    memory[upperGap + j] -= memory[centre + j];
    memory[centre + j] = 0;
  }
  model.centreSq = 0;
  clearInPlace(memory, model.centreProducts, npt);
  return largestDistance;
}

/** Chooses the provisional points and sets the inverse of their interpolation system. */
function setProvisionalPoints(model: BobyqaModel, work: RescueWork, delta: number): void {
  const { n, npt, rank, memory, lowerGap, upperGap, inverseB, inverseZ } = model;
  const { firstStep, secondStep, provisional, axisP, axisQ } = work;
  memory.fill(0, inverseB, inverseB + (npt + n) * n);
  memory.fill(0, inverseZ, inverseZ + npt * rank);
  axisP.fill(0);
  axisQ.fill(0);
  provisional.fill(1);

  for (let j = 0; j < n; j++) {
    let first = Math.min(delta, memory[upperGap + j]);
    let second = Math.max(-delta, memory[lowerGap + j]);
    if (first + second < 0) {
      const swap = first;
      first = second;
      second = swap;
    }
    // Too close to a bound for two useful opposite steps: both go the same way.
    if (Math.abs(second) < 0.5 * Math.abs(first)) second = 0.5 * first;
    firstStep[j] = first;
    secondStep[j] = second;

    const near = j + 1;
    const far = near + n;
    axisP[near] = j + 1;
    if (far < npt) {
      axisQ[far] = j + 1;
      const column = j * npt;
      const inverseGap = 1 / (first - second);
      memory[inverseB + near * n + j] = -inverseGap + 1 / first;
      memory[inverseB + far * n + j] = inverseGap + 1 / second;
      memory[inverseB + j] = -memory[inverseB + near * n + j] - memory[inverseB + far * n + j];
      memory[inverseZ + column] = Math.SQRT2 / Math.abs(first * second);
      memory[inverseZ + column + near] = memory[inverseZ + column] * second * inverseGap;
      memory[inverseZ + column + far] = -memory[inverseZ + column] * first * inverseGap;
    } else {
      memory[inverseB + j] = -1 / first;
      memory[inverseB + near * n + j] = 1 / first;
      memory[inverseB + (npt + j) * n + j] = -0.5 * (first * first);
    }
  }

  for (let k = 2 * n + 1; k < npt; k++) {
    const round = Math.trunc((k - n - 0.5) / n);
    const p = k - n - round * n;
    let q = p + round;
    if (q > n) q -= n;
    axisP[k] = p;
    axisQ[k] = q;
    const column = (k - n - 1) * npt;
    const entry = 1 / (firstStep[p - 1] * firstStep[q - 1]);
    memory[inverseZ + column] = entry;
    memory[inverseZ + column + p] = -entry;
    memory[inverseZ + column + q] = -entry;
    memory[inverseZ + column + k] = entry;
  }
}

/**
 * Puts original points back in place of provisional ones, the nearest to the centre first.
 *
 * `work.distance` steers the search: positive means "to be tried", negative "failed since the last success" (made
 * more distant, so that others come first the next time), zero "in place".
 *
 * @returns true when no provisional point is left
 */
function restoreOriginalPoints(model: BobyqaModel, work: RescueWork, largestDistance: number): boolean {
  const { npt, memory, lagrange, best } = model;
  const { distance } = work;
  let remaining = npt;
  exchange(model, work, 0, best);
  distance[best] = 0;
  remaining--;

  for (;;) {
    let index = -1;
    let nearest = 0;
    for (let k = 0; k < npt; k++) {
      if (distance[k] > 0 && (index < 0 || distance[k] < nearest)) {
        index = k;
        nearest = distance[k];
      }
    }
    if (index < 0) return false;

    computeLagrangeOfOriginal(model, work, index);
    computeInverseDiagonalInPlace(model);
    let replaced = -1;
    let denominator = 0;
    let largestLagrangeSq = 0;
    for (let k = 0; k < npt; k++) {
      const lagrangeSq = memory[lagrange + k] * memory[lagrange + k];
      if (work.provisional[k] === 1) {
        const candidate = model.beta * memory[model.inverseDiagonal + k] + lagrangeSq;
        if (candidate > denominator) {
          replaced = k;
          denominator = candidate;
        }
      }
      largestLagrangeSq = Math.max(largestLagrangeSq, lagrangeSq);
    }
    if (replaced < 0 || denominator <= 1e-2 * largestLagrangeSq) {
      distance[index] = -distance[index] - largestDistance;
      continue;
    }

    exchange(model, work, replaced, index);
    distance[index] = 0;
    remaining--;
    const swap = memory[lagrange + replaced];
    memory[lagrange + replaced] = memory[lagrange + index];
    memory[lagrange + index] = swap;
    model.denominator = denominator;
    updateInverseInPlace(model, index);
    if (remaining === 0) return true;
    for (let k = 0; k < npt; k++) distance[k] = Math.abs(distance[k]);
  }
}

/** Gives provisional point `replaced` the place of `index`, and marks `index` as original. */
function exchange(model: BobyqaModel, work: RescueWork, replaced: number, index: number): void {
  const { n, npt, rank, memory, inverseB, inverseZ } = model;
  const { provisional, axisP, axisQ } = work;
  for (let j = 0; j < n; j++) {
    const swap = memory[inverseB + replaced * n + j];
    memory[inverseB + replaced * n + j] = memory[inverseB + index * n + j];
    memory[inverseB + index * n + j] = swap;
  }
  for (let j = 0; j < rank; j++) {
    const swap = memory[inverseZ + j * npt + replaced];
    memory[inverseZ + j * npt + replaced] = memory[inverseZ + j * npt + index];
    memory[inverseZ + j * npt + index] = swap;
  }
  provisional[replaced] = provisional[index];
  axisP[replaced] = axisP[index];
  axisQ[replaced] = axisQ[index];
  provisional[index] = 0;
  axisP[index] = 0;
  axisQ[index] = 0;
}

/** Lagrange functions of the present mixed set, and beta, at original point `index`; the centre is zero. */
function computeLagrangeOfOriginal(model: BobyqaModel, work: RescueWork, index: number): void {
  const { n, npt, memory, points, inverseB, lagrange, best } = model;
  const { provisional, axisP, axisQ, firstStep, secondStep } = work;
  const w = model.scratchNpt;
  const target = index * n;

  for (let k = 0; k < npt; k++) {
    let product = 0;
    if (k !== best) {
      if (provisional[k] === 0) {
        for (let j = 0; j < n; j++) product += memory[points + target + j] * memory[points + k * n + j];
      } else {
        const p = axisP[k];
        const q = axisQ[k];
        if (p > 0) product = memory[points + target + p - 1] * firstStep[p - 1];
        if (q > 0)
          product += memory[points + target + q - 1] * (p === 0 ? secondStep[q - 1] : firstStep[q - 1]);
      }
    }
    memory[w + k] = 0.5 * product * product;
  }
  for (let k = 0; k < npt; k++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += memory[inverseB + k * n + j] * memory[points + target + j];
    memory[lagrange + k] = sum;
  }
  applyInverseZInPlace(model, w, lagrange);
  let cross = 0;
  let distanceSq = 0;
  for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let k = 0; k < npt; k++) sum += memory[inverseB + k * n + j] * memory[w + k];
    cross += sum * memory[points + target + j];
    for (let i = 0; i < n; i++) sum += memory[inverseB + (npt + i) * n + j] * memory[points + target + i];
    cross += sum * memory[points + target + j];
    memory[lagrange + npt + j] = sum;
    distanceSq += memory[points + target + j] * memory[points + target + j];
  }
  model.beta = 0.5 * distanceSq * distanceSq + model.minusSquare - cross;
  memory[lagrange + best] += 1;
}

/** Makes the remaining provisional points interpolation points: evaluates them and corrects the model. */
function evaluateProvisionalPoints(model: BobyqaModel, evaluator: Evaluator, work: RescueWork): void {
  const { n, npt, memory, points, values, gradient, hessian, curvature, inverseB } = model;
  const { provisional, axisP, axisQ, firstStep, secondStep } = work;
  const old = model.scratchA;
  const baseValue = memory[values + model.best];

  for (let k = 0; k < npt; k++) {
    if (provisional[k] === 0) continue;

    // The point that leaves hands its share of the second derivatives to the explicit Hessian.
    let h = 0;
    for (let j = 0; j < n; j++) {
      memory[old + j] = memory[points + k * n + j];
      memory[points + k * n + j] = 0;
      const weight = memory[curvature + k] * memory[old + j];
      for (let i = 0; i <= j; i++) memory[hessian + h++] += weight * memory[old + i];
    }
    memory[curvature + k] = 0;

    const p = axisP[k];
    const q = axisQ[k];
    const stepP = p > 0 ? firstStep[p - 1] : 0;
    const stepQ = q === 0 ? 0 : p === 0 ? secondStep[q - 1] : firstStep[q - 1];
    if (p > 0) memory[points + k * n + p - 1] = stepP;
    if (q > 0) memory[points + k * n + q - 1] = stepQ;

    let predicted = baseValue;
    if (p > 0) predicted += stepP * (memory[gradient + p - 1] + 0.5 * stepP * memory[hessian + packed(p, p)]);
    if (q > 0) {
      predicted += stepQ * (memory[gradient + q - 1] + 0.5 * stepQ * memory[hessian + packed(q, q)]);
      if (p > 0) predicted += stepP * stepQ * memory[hessian + packed(p, q)];
    }
    for (let i = 0; i < npt; i++) {
      let product = 0;
      if (p > 0) product += stepP * memory[points + i * n + p - 1];
      if (q > 0) product += stepQ * memory[points + i * n + q - 1];
      predicted += 0.5 * memory[curvature + i] * product * product;
    }

    evaluate(evaluator, model, points + k * n);
    if (evaluator.status !== null) return;
    const value = storeValueInPlace(model, k, evaluator.value, npt);
    if (value < memory[values + model.best]) model.best = k;
    const difference = value - predicted;

    for (let i = 0; i < n; i++) memory[gradient + i] += difference * memory[inverseB + k * n + i];
    addLagrangeCurvature(model, work, k, difference);
    provisional[k] = 0;
  }
}

/** Adds `factor` times the second derivatives of Lagrange function `k` to the model. */
function addLagrangeCurvature(model: BobyqaModel, work: RescueWork, k: number, factor: number): void {
  const { npt, memory, hessian, curvature } = model;
  const { provisional, axisP, axisQ, firstStep, secondStep } = work;
  const weights = model.scratchNpt;
  inverseRowInto(model, k, weights);
  for (let i = 0; i < npt; i++) {
    const weight = factor * memory[weights + i];
    if (provisional[i] === 0) {
      memory[curvature + i] += weight;
      continue;
    }
    // The point itself is not in `points` yet, so its share goes to the explicit Hessian.
    const p = axisP[i];
    const q = axisQ[i];
    if (p === 0) {
      if (q > 0) memory[hessian + packed(q, q)] += weight * (secondStep[q - 1] * secondStep[q - 1]);
      continue;
    }
    memory[hessian + packed(p, p)] += weight * (firstStep[p - 1] * firstStep[p - 1]);
    if (q > 0) {
      memory[hessian + packed(q, q)] += weight * (firstStep[q - 1] * firstStep[q - 1]);
      memory[hessian + packed(p, q)] += weight * firstStep[p - 1] * firstStep[q - 1];
    }
  }
}

/** Position of entry (p, q) in the packed Hessian, both counted from 1. */
function packed(p: number, q: number): number {
  return p < q ? (q * (q - 1)) / 2 + p - 1 : (p * (p - 1)) / 2 + q - 1;
}
