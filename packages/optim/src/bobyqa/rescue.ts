import { type Evaluator, evaluate, storeValueInPlace } from "./evaluator";
import { applyInverseZ, computeInverseDiagonalInPlace, inverseRowInto } from "./lagrange";
import type { BobyqaModel } from "./model";
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
  const { n, npt, points, centre, curvature, hessian, base, lowerGap, upperGap } = model;
  const weights = model.scratchA;
  let curvatureSum = 0;
  let largestDistance = 0;
  for (let k = 0; k < npt; k++) {
    let distanceSq = 0;
    for (let j = 0; j < n; j++) {
      points[k * n + j] -= centre[j];
      distanceSq += points[k * n + j] * points[k * n + j];
    }
    curvatureSum += curvature[k];
    work.distance[k] = distanceSq;
    largestDistance = Math.max(largestDistance, distanceSq);
  }
  for (let j = 0; j < n; j++) weights[j] = 0.5 * curvatureSum * centre[j];
  for (let k = 0; k < npt; k++) {
    for (let j = 0; j < n; j++) weights[j] += curvature[k] * points[k * n + j];
  }
  let h = 0;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i <= j; i++) {
      hessian[h] = hessian[h] + weights[i] * centre[j] + weights[j] * centre[i];
      h++;
    }
  }
  for (let j = 0; j < n; j++) {
    base[j] += centre[j];
    lowerGap[j] -= centre[j];
    upperGap[j] -= centre[j];
    centre[j] = 0;
  }
  model.centreSq = 0;
  return largestDistance;
}

/** Chooses the provisional points and sets the inverse of their interpolation system. */
function setProvisionalPoints(model: BobyqaModel, work: RescueWork, delta: number): void {
  const { n, npt, lowerGap, upperGap, inverseB, inverseZ } = model;
  const { firstStep, secondStep, provisional, axisP, axisQ } = work;
  inverseB.fill(0);
  inverseZ.fill(0);
  axisP.fill(0);
  axisQ.fill(0);
  provisional.fill(1);

  for (let j = 0; j < n; j++) {
    let first = Math.min(delta, upperGap[j]);
    let second = Math.max(-delta, lowerGap[j]);
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
      inverseB[near * n + j] = -inverseGap + 1 / first;
      inverseB[far * n + j] = inverseGap + 1 / second;
      inverseB[j] = -inverseB[near * n + j] - inverseB[far * n + j];
      inverseZ[column] = Math.SQRT2 / Math.abs(first * second);
      inverseZ[column + near] = inverseZ[column] * second * inverseGap;
      inverseZ[column + far] = -inverseZ[column] * first * inverseGap;
    } else {
      inverseB[j] = -1 / first;
      inverseB[near * n + j] = 1 / first;
      inverseB[(npt + j) * n + j] = -0.5 * (first * first);
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
    inverseZ[column] = entry;
    inverseZ[column + p] = -entry;
    inverseZ[column + q] = -entry;
    inverseZ[column + k] = entry;
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
  const { npt, lagrange, best } = model;
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
      const lagrangeSq = lagrange[k] * lagrange[k];
      if (work.provisional[k] === 1) {
        const candidate = model.beta * model.inverseDiagonal[k] + lagrangeSq;
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
    const swap = lagrange[replaced];
    lagrange[replaced] = lagrange[index];
    lagrange[index] = swap;
    model.denominator = denominator;
    updateInverseInPlace(model, index);
    if (remaining === 0) return true;
    for (let k = 0; k < npt; k++) distance[k] = Math.abs(distance[k]);
  }
}

/** Gives provisional point `replaced` the place of `index`, and marks `index` as original. */
function exchange(model: BobyqaModel, work: RescueWork, replaced: number, index: number): void {
  const { n, npt, rank, inverseB, inverseZ } = model;
  const { provisional, axisP, axisQ } = work;
  for (let j = 0; j < n; j++) {
    const swap = inverseB[replaced * n + j];
    inverseB[replaced * n + j] = inverseB[index * n + j];
    inverseB[index * n + j] = swap;
  }
  for (let j = 0; j < rank; j++) {
    const swap = inverseZ[j * npt + replaced];
    inverseZ[j * npt + replaced] = inverseZ[j * npt + index];
    inverseZ[j * npt + index] = swap;
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
  const { n, npt, rank, points, inverseB, inverseZ, lagrange, best } = model;
  const { provisional, axisP, axisQ, firstStep, secondStep } = work;
  const w = model.scratchNpt;
  const target = index * n;

  for (let k = 0; k < npt; k++) {
    let product = 0;
    if (k !== best) {
      if (provisional[k] === 0) {
        for (let j = 0; j < n; j++) product += points[target + j] * points[k * n + j];
      } else {
        const p = axisP[k];
        const q = axisQ[k];
        if (p > 0) product = points[target + p - 1] * firstStep[p - 1];
        if (q > 0) product += points[target + q - 1] * (p === 0 ? secondStep[q - 1] : firstStep[q - 1]);
      }
    }
    w[k] = 0.5 * product * product;
  }
  for (let k = 0; k < npt; k++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += inverseB[k * n + j] * points[target + j];
    lagrange[k] = sum;
  }
  const beta = applyInverseZ(npt, rank, inverseZ, w, lagrange);
  let cross = 0;
  let distanceSq = 0;
  for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let k = 0; k < npt; k++) sum += inverseB[k * n + j] * w[k];
    cross += sum * points[target + j];
    for (let i = 0; i < n; i++) sum += inverseB[(npt + i) * n + j] * points[target + i];
    cross += sum * points[target + j];
    lagrange[npt + j] = sum;
    distanceSq += points[target + j] * points[target + j];
  }
  model.beta = 0.5 * distanceSq * distanceSq + beta - cross;
  lagrange[best] += 1;
}

/** Makes the remaining provisional points interpolation points: evaluates them and corrects the model. */
function evaluateProvisionalPoints(model: BobyqaModel, evaluator: Evaluator, work: RescueWork): void {
  const { n, npt, points, values, gradient, hessian, curvature, inverseB } = model;
  const { provisional, axisP, axisQ, firstStep, secondStep } = work;
  const old = model.scratchA;
  const baseValue = values[model.best];

  for (let k = 0; k < npt; k++) {
    if (provisional[k] === 0) continue;

    // The point that leaves hands its share of the second derivatives to the explicit Hessian.
    let h = 0;
    for (let j = 0; j < n; j++) {
      old[j] = points[k * n + j];
      points[k * n + j] = 0;
      const weight = curvature[k] * old[j];
      for (let i = 0; i <= j; i++) hessian[h++] += weight * old[i];
    }
    curvature[k] = 0;

    const p = axisP[k];
    const q = axisQ[k];
    const stepP = p > 0 ? firstStep[p - 1] : 0;
    const stepQ = q === 0 ? 0 : p === 0 ? secondStep[q - 1] : firstStep[q - 1];
    if (p > 0) points[k * n + p - 1] = stepP;
    if (q > 0) points[k * n + q - 1] = stepQ;

    let predicted = baseValue;
    if (p > 0) predicted += stepP * (gradient[p - 1] + 0.5 * stepP * hessian[packed(p, p)]);
    if (q > 0) {
      predicted += stepQ * (gradient[q - 1] + 0.5 * stepQ * hessian[packed(q, q)]);
      if (p > 0) predicted += stepP * stepQ * hessian[packed(p, q)];
    }
    for (let i = 0; i < npt; i++) {
      let product = 0;
      if (p > 0) product += stepP * points[i * n + p - 1];
      if (q > 0) product += stepQ * points[i * n + q - 1];
      predicted += 0.5 * curvature[i] * product * product;
    }

    const raw = evaluate(evaluator, model, points, k * n);
    if (evaluator.status !== null) return;
    const value = storeValueInPlace(model, k, raw, npt);
    if (value < values[model.best]) model.best = k;
    const difference = value - predicted;

    for (let i = 0; i < n; i++) gradient[i] += difference * inverseB[k * n + i];
    addLagrangeCurvature(model, work, k, difference);
    provisional[k] = 0;
  }
}

/** Adds `factor` times the second derivatives of Lagrange function `k` to the model. */
function addLagrangeCurvature(model: BobyqaModel, work: RescueWork, k: number, factor: number): void {
  const { npt, hessian, curvature } = model;
  const { provisional, axisP, axisQ, firstStep, secondStep } = work;
  const weights = model.scratchNpt;
  inverseRowInto(model, k, weights);
  for (let i = 0; i < npt; i++) {
    const weight = factor * weights[i];
    if (provisional[i] === 0) {
      curvature[i] += weight;
      continue;
    }
    // The point itself is not in `points` yet, so its share goes to the explicit Hessian.
    const p = axisP[i];
    const q = axisQ[i];
    if (p === 0) {
      if (q > 0) hessian[packed(q, q)] += weight * (secondStep[q - 1] * secondStep[q - 1]);
      continue;
    }
    hessian[packed(p, p)] += weight * (firstStep[p - 1] * firstStep[p - 1]);
    if (q > 0) {
      hessian[packed(q, q)] += weight * (firstStep[q - 1] * firstStep[q - 1]);
      hessian[packed(p, q)] += weight * firstStep[p - 1] * firstStep[q - 1];
    }
  }
}

/** Position of entry (p, q) in the packed Hessian, both counted from 1. */
function packed(p: number, q: number): number {
  return p < q ? (q * (q - 1)) / 2 + p - 1 : (p * (p - 1)) / 2 + q - 1;
}
