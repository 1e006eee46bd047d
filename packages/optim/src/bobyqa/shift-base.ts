import type { BobyqaModel } from "./model";
import { addWeightedRowsInPlace, clearInPlace } from "./short-vector";

/**
 * Moves the base point to the centre of the trust region, so that `centre` becomes zero.
 *
 * Done when the steps have become small beside `|centre|`, where differences of displacements would lose their
 * digits. The points, the bounds, the Hessian and the inverse of the interpolation system change in such a way
 * that the model and the Lagrange functions stay the same functions of `x`.
 *
 * Source: Powell (2006), The NEWUOA software, section 7.
 *
 * @param model `base`, `points`, `trial`, `lowerGap`, `upperGap`, `hessian`, `inverseB`, `centre` and
 *   `centreProducts` change
 *
 * Cost: about 2 n npt² multiplications.
 */
export function shiftBaseInPlace(model: BobyqaModel): void {
  const { n, npt, rank, memory, points, centre, centreSq, inverseB, inverseZ, curvature, hessian } = model;
  const { base, trial, lowerGap, upperGap } = model;
  const alongMiddle = model.scratchNpt; // p_k' x_opt - 1/2 |x_opt|^2
  const weights = model.scratchPoints;
  const row = model.scratchA;
  const change = model.scratchB;
  const square = inverseB + npt * n; // the last n rows of B

  // Changes to B that do not depend on Z.
  const quarter = 0.25 * centreSq;
  let curvatureSum = 0;
  for (let k = 0, point = points, rowB = inverseB; k < npt; k++, point += n, rowB += n) {
    curvatureSum += memory[curvature + k];
    let sum = -0.5 * centreSq;
    for (let i = 0; i < n; i++) sum += memory[point + i] * memory[centre + i];
    memory[alongMiddle + k] = sum;
    const factor = quarter - 0.5 * sum;
    for (let i = 0, target = square; i < n; i++, target += n) {
      const rowI = memory[rowB + i];
      const changeI = sum * memory[point + i] + factor * memory[centre + i];
      memory[change + i] = changeI;
      for (let j = 0; j <= i; j++) {
        memory[target + j] = memory[target + j] + rowI * memory[change + j] + changeI * memory[rowB + j];
      }
    }
  }

  // Changes to B that depend on Z.
  for (let c = 0, column = inverseZ; c < rank; c++, column += npt) {
    let sumZ = 0;
    let sumWeighted = 0;
    for (let k = 0; k < npt; k++) {
      const entry = memory[column + k];
      const weight = memory[alongMiddle + k] * entry;
      sumZ += entry;
      memory[weights + k] = weight;
      sumWeighted += weight;
    }
    const factor = quarter * sumZ - 0.5 * sumWeighted;
    for (let j = 0; j < n; j++) memory[row + j] = factor * memory[centre + j];
    addWeightedRowsInPlace(memory, row, points, weights, npt, n);
    for (let k = 0, rowB = inverseB; k < npt; k++, rowB += n) {
      const entry = memory[column + k];
      for (let j = 0; j < n; j++) memory[rowB + j] += memory[row + j] * entry;
    }
    for (let i = 0, target = square; i < n; i++, target += n) {
      const rowI = memory[row + i];
      for (let j = 0; j <= i; j++) memory[target + j] += rowI * memory[row + j];
    }
  }

  // The explicit Hessian takes up what the implicit part loses by the shift of the points.
  for (let j = 0; j < n; j++) memory[row + j] = -0.5 * curvatureSum * memory[centre + j];
  for (let k = 0, point = points; k < npt; k++, point += n) {
    const weight = memory[curvature + k];
    for (let j = 0; j < n; j++) {
      memory[row + j] += weight * memory[point + j];
      memory[point + j] -= memory[centre + j];
    }
  }
  let h = hessian;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i <= j; i++, h++) {
      memory[h] = memory[h] + memory[row + i] * memory[centre + j] + memory[centre + i] * memory[row + j];
      memory[square + i * n + j] = memory[square + j * n + i];
    }
  }

  for (let i = 0; i < n; i++) {
    const shift = memory[centre + i];
    memory[base + i] += shift;
    memory[trial + i] -= shift;
    memory[lowerGap + i] -= shift;
    memory[upperGap + i] -= shift;
    memory[centre + i] = 0;
  }
  model.centreSq = 0;
  clearInPlace(memory, model.centreProducts, npt);
}
