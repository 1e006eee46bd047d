import type { BobyqaModel } from "./model";
import { addWeightedRowsInPlace } from "./short-vector";

/**
 * Moves the base point to the centre of the trust region, so that `centre` becomes zero.
 *
 * Done when the steps have become small beside `|centre|`, where differences of displacements would lose their
 * digits. The points, the bounds, the Hessian and the inverse of the interpolation system change in such a way
 * that the model and the Lagrange functions stay the same functions of `x`.
 *
 * Source: Powell (2006), The NEWUOA software, section 7.
 *
 * @param model `base`, `points`, `trial`, `lowerGap`, `upperGap`, `hessian`, `inverseB` and `centre` change
 *
 * Cost: about 2 n npt² multiplications.
 */
export function shiftBaseInPlace(model: BobyqaModel): void {
  const { n, npt, rank, points, centre, centreSq, inverseB, inverseZ, curvature, hessian } = model;
  const { base, trial, lowerGap, upperGap } = model;
  const alongMiddle = model.scratchNpt; // p_k' x_opt - 1/2 |x_opt|^2
  const weights = model.scratchPoints;
  const row = model.scratchA;
  const change = model.scratchB;

  // Changes to B that do not depend on Z.
  const quarter = 0.25 * centreSq;
  let curvatureSum = 0;
  for (let k = 0; k < npt; k++) {
    const start = k * n;
    curvatureSum += curvature[k];
    let sum = -0.5 * centreSq;
    for (let i = 0; i < n; i++) sum += points[start + i] * centre[i];
    alongMiddle[k] = sum;
    const factor = quarter - 0.5 * sum;
    for (let i = 0; i < n; i++) {
      row[i] = inverseB[start + i];
      change[i] = sum * points[start + i] + factor * centre[i];
      const target = (npt + i) * n;
      for (let j = 0; j <= i; j++) {
        inverseB[target + j] = inverseB[target + j] + row[i] * change[j] + change[i] * row[j];
      }
    }
  }

  // Changes to B that depend on Z.
  for (let c = 0; c < rank; c++) {
    const column = c * npt;
    let sumZ = 0;
    let sumWeighted = 0;
    for (let k = 0; k < npt; k++) {
      sumZ += inverseZ[column + k];
      weights[k] = alongMiddle[k] * inverseZ[column + k];
      sumWeighted += weights[k];
    }
    const factor = quarter * sumZ - 0.5 * sumWeighted;
    for (let j = 0; j < n; j++) row[j] = factor * centre[j];
    addWeightedRowsInPlace(row, 0, points, weights, npt, n);
    for (let k = 0; k < npt; k++) {
      const start = k * n;
      for (let j = 0; j < n; j++) inverseB[start + j] += row[j] * inverseZ[column + k];
    }
    for (let i = 0; i < n; i++) {
      const target = (npt + i) * n;
      for (let j = 0; j <= i; j++) inverseB[target + j] += row[i] * row[j];
    }
  }

  // The explicit Hessian takes up what the implicit part loses by the shift of the points.
  for (let j = 0; j < n; j++) row[j] = -0.5 * curvatureSum * centre[j];
  for (let k = 0; k < npt; k++) {
    const start = k * n;
    for (let j = 0; j < n; j++) {
      row[j] += curvature[k] * points[start + j];
      points[start + j] -= centre[j];
    }
  }
  let h = 0;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i <= j; i++) {
      hessian[h] = hessian[h] + row[i] * centre[j] + centre[i] * row[j];
      h++;
      inverseB[(npt + i) * n + j] = inverseB[(npt + j) * n + i];
    }
  }

  for (let i = 0; i < n; i++) {
    base[i] += centre[i];
    trial[i] -= centre[i];
    lowerGap[i] -= centre[i];
    upperGap[i] -= centre[i];
    centre[i] = 0;
  }
  model.centreSq = 0;
}
