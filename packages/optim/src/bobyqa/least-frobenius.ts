import { applyInverseZInPlace } from "./lagrange";
import type { BobyqaModel } from "./model";
import { clearInPlace, copyInPlace } from "./short-vector";

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
  const { n, npt, memory, values, best, points, centre, inverseB } = model;
  const { gradient, lowerGap, upperGap, centreProducts } = model;
  const differences = model.lagrange;
  const weights = model.scratchNpt;
  const products = model.scratchPoints;

  clearInPlace(memory, weights, npt);
  const least = memory[values + best];
  for (let k = 0; k < npt; k++) memory[differences + k] = memory[values + k] - least;
  applyInverseZInPlace(model, differences, weights);
  for (let k = 0; k < npt; k++) memory[products + k] = memory[centreProducts + k] * memory[weights + k];

  const alternative = model.scratchA;
  let modelSq = 0;
  let alternativeSq = 0;
  for (let i = 0; i < n; i++) {
    let theirs = 0;
    let row = i;
    for (let k = 0; k < npt; k++, row += n) {
      theirs =
        theirs +
        memory[inverseB + row] * memory[differences + k] +
        memory[points + row] * memory[products + k];
    }
    memory[alternative + i] = theirs;
    let ours = memory[gradient + i];
    if (memory[centre + i] === memory[lowerGap + i]) {
      ours = Math.min(0, ours);
      theirs = Math.min(0, theirs);
    } else if (memory[centre + i] === memory[upperGap + i]) {
      ours = Math.max(0, ours);
      theirs = Math.max(0, theirs);
    }
    modelSq += ours * ours;
    alternativeSq += theirs * theirs;
  }

  if (modelSq < 10 * alternativeSq) return 0;
  if (poorModels + 1 < PATIENCE) return poorModels + 1;
  copyInPlace(memory, alternative, gradient, n);
  copyInPlace(memory, weights, model.curvature, npt);
  clearInPlace(memory, model.hessian, (n * (n + 1)) / 2);
  return 0;
}
