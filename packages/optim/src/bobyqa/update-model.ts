import { inverseRowInto } from "./lagrange";
import { addHessianProductInPlace, type BobyqaModel, pointProductsInto } from "./model";
import { addWeightedRowsInPlace } from "./short-vector";
import { updateInverseInPlace } from "./update-inverse";

/**
 * Change of the quadratic model from the centre to the trial point, `Q(centre + step) - Q(centre)`.
 *
 * @param model unchanged; `stepProducts` must belong to `step`
 *
 * Cost: n²/2 + npt multiplications.
 */
export function predictedChange(model: BobyqaModel): number {
  const { n, npt, step, gradient, hessian, curvature, stepProducts } = model;
  let change = 0;
  let h = 0;
  for (let j = 0; j < n; j++) {
    change += step[j] * gradient[j];
    for (let i = 0; i < j; i++) change += hessian[h++] * (step[i] * step[j]);
    change += hessian[h++] * (0.5 * (step[j] * step[j]));
  }
  for (let k = 0; k < npt; k++) change += 0.5 * curvature[k] * (stepProducts[k] * stepProducts[k]);
  return change;
}

/**
 * Replaces interpolation point `index` by the trial point, in the inverse and in the model.
 *
 * The model changes by `error` times the new Lagrange function of the point: the least change of its second
 * derivatives, in the Frobenius norm, that interpolates the new value.
 *
 * Source: Powell (2009), section 4.
 *
 * @param model `lagrange`, `beta`, `centreProducts` and `denominator` must belong to `trial` and `index`
 * @param index the interpolation point that moves
 * @param value objective value at the trial point, or its stand-in
 * @param isStandIn whether it is a stand-in
 * @param error the value minus the model's prediction of it
 */
export function moveInterpolationPointInPlace(
  model: BobyqaModel,
  index: number,
  value: number,
  isStandIn: boolean,
  error: number,
): void {
  updateInverseInPlace(model, index);
  const {
    n,
    npt,
    rank,
    points,
    hessian,
    curvature,
    inverseB,
    inverseZ,
    trial,
    centre,
    gradient,
    centreProducts,
  } = model;

  // The old point's share of the second derivatives moves to the explicit Hessian.
  const old = curvature[index];
  curvature[index] = 0;
  const row = index * n;
  let h = 0;
  for (let i = 0; i < n; i++) {
    const weight = old * points[row + i];
    for (let j = 0; j <= i; j++) hessian[h++] += weight * points[row + j];
  }
  for (let j = 0; j < rank; j++) {
    const column = j * npt;
    const weight = error * inverseZ[column + index];
    for (let k = 0; k < npt; k++) curvature[k] += weight * inverseZ[column + k];
  }

  model.values[index] = value;
  model.standIn[index] = isStandIn ? 1 : 0;
  const lagrangeGradient = model.scratchA;
  for (let i = 0; i < n; i++) {
    points[row + i] = trial[i];
    lagrangeGradient[i] = inverseB[row + i];
  }
  let alongCentre = 0;
  for (let j = 0; j < n; j++) alongCentre += trial[j] * centre[j];
  centreProducts[index] = alongCentre;
  const weights = model.scratchNpt;
  inverseRowInto(model, index, weights);
  for (let k = 0; k < npt; k++) weights[k] *= centreProducts[k];
  addWeightedRowsInPlace(lagrangeGradient, 0, points, weights, npt, n);
  for (let i = 0; i < n; i++) gradient[i] += error * lagrangeGradient[i];
}

/**
 * Makes interpolation point `index`, which has just moved to the trial point, the centre of the trust region.
 *
 * @param model `best`, `centre`, `centreSq` and `gradient` change
 * @param index the interpolation point
 */
export function moveCentreInPlace(model: BobyqaModel, index: number): void {
  const { n, centre, trial } = model;
  model.best = index;
  let centreSq = 0;
  for (let j = 0; j < n; j++) {
    centre[j] = trial[j];
    centreSq += centre[j] * centre[j];
  }
  model.centreSq = centreSq;
  pointProductsInto(model, centre, model.centreProducts);
  addHessianProductInPlace(model.gradient, model, model.step);
}
