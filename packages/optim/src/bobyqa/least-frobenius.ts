import { applyInverseZ } from "./lagrange";
import type { BobyqaModel } from "./model";
import { clearInPlace, copyInto } from "./short-vector";

/** After this many steps in a row with a poor model, the model is replaced. */
const PATIENCE = 3;

/**
 * Compares the model with the interpolant whose second derivatives are least in the Frobenius norm, and takes
 * that one when its projected gradient has been much smaller after each of three trust-region steps.
 *
 * Second derivatives inherited from far away can outlive their use; this is how the model forgets them.
 *
 * Source: Powell (2008), Developments of NEWUOA; and his program of 2009.
 *
 * @param model `gradient`, `hessian` and `curvature` change when the model is replaced; reads `centreProducts`
 * @param poorModels number of comparisons in a row that the present model has lost
 * @returns the new count
 *
 * Cost: npt (npt + 3 n) multiplications.
 */
export function leastFrobeniusGuard(model: BobyqaModel, poorModels: number): number {
  const { n, npt, rank, values, best, points, centre, inverseB, inverseZ } = model;
  const { gradient, lowerGap, upperGap } = model;
  const differences = model.lagrange;
  const weights = model.scratchNpt;
  const products = model.scratchPoints;

  clearInPlace(weights);
  for (let k = 0; k < npt; k++) differences[k] = values[k] - values[best];
  applyInverseZ(npt, rank, inverseZ, differences, weights);
  for (let k = 0; k < npt; k++) products[k] = model.centreProducts[k] * weights[k];

  const alternative = model.scratchA;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0, at = i; k < npt; k++, at += n) {
      sum = sum + inverseB[at] * differences[k] + points[at] * products[k];
    }
    alternative[i] = sum;
  }
  let modelSq = 0;
  let alternativeSq = 0;
  for (let i = 0; i < n; i++) {
    let ours = gradient[i];
    let theirs = alternative[i];
    if (centre[i] === lowerGap[i]) {
      ours = Math.min(0, ours);
      theirs = Math.min(0, theirs);
    } else if (centre[i] === upperGap[i]) {
      ours = Math.max(0, ours);
      theirs = Math.max(0, theirs);
    }
    modelSq += ours * ours;
    alternativeSq += theirs * theirs;
  }

  if (modelSq < 10 * alternativeSq) return 0;
  if (poorModels + 1 < PATIENCE) return poorModels + 1;
  copyInto(alternative, gradient);
  copyInto(weights, model.curvature);
  clearInPlace(model.hessian);
  return 0;
}
