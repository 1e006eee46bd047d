import { addHessianProductInPlace, type BobyqaModel, pointProductsInto } from "./model";
import { addWeightedRowsInPlace } from "./short-vector";
import { updateInverseInPlace } from "./update-inverse";

/**
 * Sets `model.predicted` to the change of the quadratic model from the centre to the trial point,
 * `Q(centre + step) - Q(centre)`.
 *
 * @param model `stepProducts` must belong to `step`
 *
 * Cost: n²/2 + npt multiplications.
 */
export function predictChangeInPlace(model: BobyqaModel): void {
  const { n, npt, memory, step, gradient, hessian, curvature, stepProducts } = model;
  let change = 0;
  let h = hessian;
  for (let j = 0; j < n; j++) {
    const d = memory[step + j];
    change += d * memory[gradient + j];
    for (let i = 0; i < j; i++, h++) change += memory[h] * (memory[step + i] * d);
    change += memory[h++] * (0.5 * (d * d));
  }
  for (let k = 0; k < npt; k++) {
    const product = memory[stepProducts + k];
    change += 0.5 * memory[curvature + k] * (product * product);
  }
  model.predicted = change;
}

/**
 * Replaces interpolation point `index` by the trial point, in the inverse and in the model.
 *
 * The model changes by `error` times the new Lagrange function of the point: the least change of its second
 * derivatives, in the Frobenius norm, that interpolates the new value.
 *
 * Source: Powell (2009), section 4.
 *
 * @param model `error`, `lagrange`, `beta`, `centreProducts` and `denominator` must belong to `trial` and `index`; the
 *   value is stored by the caller
 * @param index the interpolation point that moves
 */
export function moveInterpolationPointInPlace(model: BobyqaModel, index: number): void {
  updateInverseInPlace(model, index);
  const { n, npt, memory, hessian, curvature, inverseZ, trial, centre, gradient, centreProducts } = model;
  const point = model.points + index * n;
  const rowB = model.inverseB + index * n;

  // The old point's share of the second derivatives moves to the explicit Hessian.
  const old = memory[curvature + index];
  memory[curvature + index] = 0;
  let h = hessian;
  for (let i = 0; i < n; i++) {
    const weight = old * memory[point + i];
    for (let j = 0; j <= i; j++, h++) memory[h] += weight * memory[point + j];
  }
  const lagrangeGradient = model.scratchA;
  let alongCentre = 0;
  for (let i = 0; i < n; i++) {
    const position = memory[trial + i];
    memory[point + i] = position;
    alongCentre += position * memory[centre + i];
    memory[lagrangeGradient + i] = memory[rowB + i];
  }
  memory[centreProducts + index] = alongCentre;
  // The update of the inverse has left a single nonzero in row `index` of Z, in the first column.
  const weights = model.scratchNpt;
  const pivot = memory[inverseZ + index];
  const { error } = model;
  const change = error * pivot;
  for (let k = 0; k < npt; k++) {
    const entry = memory[inverseZ + k];
    memory[curvature + k] += change * entry;
    memory[weights + k] = pivot * entry * memory[centreProducts + k];
  }
  addWeightedRowsInPlace(memory, lagrangeGradient, model.points, weights, npt, n);
  for (let i = 0; i < n; i++) memory[gradient + i] += error * memory[lagrangeGradient + i];
}

/**
 * Makes interpolation point `index`, which has just moved to the trial point, the centre of the trust region.
 *
 * @param model `best`, `centre`, `centreSq` and `gradient` change
 * @param index the interpolation point
 */
export function moveCentreInPlace(model: BobyqaModel, index: number): void {
  const { n, memory, centre, trial } = model;
  model.best = index;
  let centreSq = 0;
  for (let j = 0; j < n; j++) {
    const position = memory[trial + j];
    memory[centre + j] = position;
    centreSq += position * position;
  }
  model.centreSq = centreSq;
  pointProductsInto(model, centre, model.centreProducts);
  addHessianProductInPlace(model, model.gradient, model.step);
}
