import type { BobyqaModel } from "./model";

/** Entries of Z below this fraction of its largest are treated as zero when it is rotated. */
const NEGLIGIBLE = 1e-20;

/**
 * Updates the inverse of the interpolation system when point `index` moves to the trial point.
 *
 * Rotations first bring row `index` of Z to a single nonzero, in its first column; the rank-two formula then
 * changes that column of Z and all of B:
 *
 * ```
 * H+ = H + [alpha (e - Hw)(e - Hw)' - beta H e e' H + tau (H e (e - Hw)' + (e - Hw) e' H)] / denominator
 * ```
 *
 * Source: Powell (2009), section 4; Powell (2004), "On updating the inverse of a KKT matrix".
 *
 * @param model its `inverseB`, `inverseZ` are updated; `lagrange[index]` is reduced by one on the way; reads
 *   `beta` and `denominator` (`alpha beta + tau²`, positive)
 * @param index the interpolation point that moves
 *
 * Cost: about npt² + 2 n npt multiplications.
 */
export function updateInverseInPlace(model: BobyqaModel, index: number): void {
  const { n, npt, rank, inverseB, inverseZ, lagrange, beta, denominator } = model;
  const hColumn = model.scratchPoints;
  const weightLagrange = model.scratchA;
  const weightColumn = model.scratchB;

  let largest = 0;
  for (let k = 0; k < inverseZ.length; k++) largest = Math.max(largest, Math.abs(inverseZ[k]));
  const negligible = NEGLIGIBLE * largest;

  for (let j = 1; j < rank; j++) {
    const column = j * npt;
    const entry = inverseZ[column + index];
    if (Math.abs(entry) > negligible) {
      const first = inverseZ[index];
      const length = Math.sqrt(first * first + entry * entry);
      const cosine = first / length;
      const sine = entry / length;
      for (let i = 0; i < npt; i++) {
        const rotated = cosine * inverseZ[i] + sine * inverseZ[column + i];
        inverseZ[column + i] = cosine * inverseZ[column + i] - sine * inverseZ[i];
        inverseZ[i] = rotated;
      }
    }
    inverseZ[column + index] = 0;
  }

  for (let i = 0; i < npt; i++) hColumn[i] = inverseZ[index] * inverseZ[i];
  const alpha = hColumn[index];
  const tau = lagrange[index];
  lagrange[index] -= 1;

  const root = Math.sqrt(denominator);
  const lagrangeScale = inverseZ[index] / root;
  const columnScale = tau / root;
  for (let i = 0; i < npt; i++) inverseZ[i] = columnScale * inverseZ[i] - lagrangeScale * lagrange[i];

  const indexRow = index * n;
  for (let j = 0; j < n; j++) {
    const entry = inverseB[indexRow + j];
    hColumn[npt + j] = entry;
    weightLagrange[j] = (alpha * lagrange[npt + j] - tau * entry) / denominator;
    weightColumn[j] = (-beta * entry - tau * lagrange[npt + j]) / denominator;
  }
  for (let i = 0; i < npt; i++) {
    const row = i * n;
    for (let j = 0; j < n; j++) {
      inverseB[row + j] = inverseB[row + j] + weightLagrange[j] * lagrange[i] + weightColumn[j] * hColumn[i];
    }
  }
  // The last n rows are symmetric: compute the upper triangle and mirror it.
  for (let i = 0; i < n; i++) {
    const row = (npt + i) * n;
    for (let j = i; j < n; j++) {
      const entry =
        inverseB[row + j] + weightLagrange[j] * lagrange[npt + i] + weightColumn[j] * hColumn[npt + i];
      inverseB[row + j] = entry;
      inverseB[(npt + j) * n + i] = entry;
    }
  }
}
