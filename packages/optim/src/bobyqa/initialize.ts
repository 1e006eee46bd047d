import { type Evaluator, evaluate, storeValueInPlace } from "./evaluator";
import type { BobyqaModel } from "./model";

/**
 * Evaluates the objective at the first interpolation points and builds the first model.
 *
 * The points are the start, one step of length `rho` along each axis, a second step along the first axes
 * (backwards, or twice as far where a bound is in the way), and, for npt > 2n + 1, combinations of two axes.
 * For these points the model, and the inverse of the interpolation system, have closed forms.
 *
 * Source: Powell (2009), section 2.
 *
 * @param model `base`, `lowerGap` and `upperGap` are given; all else is set, `gradient` being the gradient at
 *   the base point
 * @param evaluator its status is set when the run must end before the model is complete
 * @param rho length of the steps (rhobeg)
 */
export function initializeInPlace(model: BobyqaModel, evaluator: Evaluator, rho: number): void {
  const { n, npt, memory, points, values, standIn } = model;
  const axisPoints = Math.min(npt, 2 * n + 1);
  placeAxisPoints(model, axisPoints, rho);
  for (let k = 0; k < axisPoints; k++) {
    evaluate(evaluator, model, points + k * n);
    memory[values + k] = evaluator.value;
    memory[standIn + k] = Number.isNaN(evaluator.value) ? 1 : 0;
    if (evaluator.status !== null) return;
  }
  // Stand-ins wait until here, so that they are worse than every finite value of the set, whatever the order.
  let finite = 0;
  for (let k = 0; k < axisPoints; k++) finite += 1 - memory[standIn + k];
  if (finite === 0) {
    evaluator.status = "no-finite-value";
    return;
  }
  for (let k = 0; k < axisPoints; k++)
    if (memory[standIn + k] === 1) storeValueInPlace(model, k, NaN, axisPoints);

  model.best = 0;
  for (let k = 1; k < axisPoints; k++) if (memory[values + k] < memory[values + model.best]) model.best = k;
  setAxisModel(model, axisPoints, rho);

  for (let k = axisPoints; k < npt; k++) {
    addCrossPoint(model, evaluator, k, rho);
    if (evaluator.status !== null) return;
  }
}

/** Puts the points along the axes into `points`; point 0 is the base. */
function placeAxisPoints(model: BobyqaModel, axisPoints: number, rho: number): void {
  const { n, memory, points, lowerGap, upperGap } = model;
  for (let k = 1; k < axisPoints; k++) {
    if (k <= n) {
      const axis = k - 1;
      memory[points + k * n + axis] = memory[upperGap + axis] === 0 ? -rho : rho;
    } else {
      const axis = k - n - 1;
      let second = -rho;
      if (memory[lowerGap + axis] === 0) second = Math.min(2 * rho, memory[upperGap + axis]);
      if (memory[upperGap + axis] === 0) second = Math.max(-2 * rho, memory[lowerGap + axis]);
      memory[points + k * n + axis] = second;
    }
  }
}

/** Sets gradient, diagonal Hessian and the inverse from the values at the axis points. */
function setAxisModel(model: BobyqaModel, axisPoints: number, rho: number): void {
  const { n, npt, memory, points, values, standIn, gradient, hessian, inverseB, inverseZ } = model;
  const rhoSq = rho * rho;
  const baseValue = memory[values + 0];
  for (let k = 1; k < axisPoints; k++) {
    if (k <= n) {
      const axis = k - 1;
      const first = memory[points + k * n + axis];
      memory[gradient + axis] = (memory[values + k] - baseValue) / first;
      if (npt <= k + n) {
        memory[inverseB + axis] = -1 / first;
        memory[inverseB + k * n + axis] = 1 / first;
        memory[inverseB + (npt + axis) * n + axis] = -0.5 * rhoSq;
      }
      continue;
    }
    const axis = k - n - 1;
    const other = k - n;
    const first = memory[points + other * n + axis];
    const second = memory[points + k * n + axis];
    const slope = (memory[values + k] - baseValue) / second;
    const difference = second - first;
    memory[hessian + (axis * (axis + 1)) / 2 + axis] = (2 * (slope - memory[gradient + axis])) / difference;
    memory[gradient + axis] = (memory[gradient + axis] * second - slope * first) / difference;
    // The better of two opposite points goes first: it takes part in the combinations of two axes.
    if (first * second < 0 && memory[values + k] < memory[values + other]) {
      const value = memory[values + k];
      memory[values + k] = memory[values + other];
      memory[values + other] = value;
      const flag = memory[standIn + k];
      memory[standIn + k] = memory[standIn + other];
      memory[standIn + other] = flag;
      if (model.best === k) model.best = other;
      memory[points + other * n + axis] = second;
      memory[points + k * n + axis] = first;
    }
    const column = axis * npt;
    memory[inverseB + axis] = -(first + second) / (first * second);
    memory[inverseB + k * n + axis] = -0.5 / memory[points + other * n + axis];
    memory[inverseB + other * n + axis] = -memory[inverseB + axis] - memory[inverseB + k * n + axis];
    memory[inverseZ + column] = Math.SQRT2 / (first * second);
    memory[inverseZ + column + k] = Math.sqrt(0.5) / rhoSq;
    memory[inverseZ + column + other] = -memory[inverseZ + column] - memory[inverseZ + column + k];
  }
}

/** Adds point `k` > 2n, a combination of steps along two axes, and the off-diagonal entry it determines. */
function addCrossPoint(model: BobyqaModel, evaluator: Evaluator, k: number, rho: number): void {
  const { n, npt, memory, points, values, hessian, inverseZ } = model;
  const round = Math.floor((k - n - 1) / n);
  let q = k - round * n - n;
  let p = q + round;
  if (p > n) {
    const swap = q;
    q = p - n;
    p = swap;
  }
  // p and q count from 1: they are both the number of an axis and the index of its first point.
  const stepP = memory[points + p * n + p - 1];
  const stepQ = memory[points + q * n + q - 1];
  memory[points + k * n + p - 1] = stepP;
  memory[points + k * n + q - 1] = stepQ;

  evaluate(evaluator, model, points + k * n);
  if (evaluator.status !== null) return;
  const stored = storeValueInPlace(model, k, evaluator.value, k);
  if (stored < memory[values + model.best]) model.best = k;

  const inverseRhoSq = 1 / (rho * rho);
  const column = (k - n - 1) * npt;
  memory[inverseZ + column] = inverseRhoSq;
  memory[inverseZ + column + k] = inverseRhoSq;
  memory[inverseZ + column + p] = -inverseRhoSq;
  memory[inverseZ + column + q] = -inverseRhoSq;
  memory[hessian + (p * (p - 1)) / 2 + q - 1] =
    (memory[values + 0] - memory[values + p] - memory[values + q] + stored) / (stepP * stepQ);
}
