import type { BobyqaModel } from "./model";

/**
 * Evaluates all Lagrange functions at `centre + step`, and the parameter beta of the updating formula.
 *
 * With `w` the vector of the interpolation system at the trial point (its leading entries are
 * `p_k' d (1/2 p_k' d + p_k' x_opt)`), `lagrange = H w` and `beta = 1/2 |x - x_0|^4 - w' H w`, arranged so that
 * the fourth powers cancel analytically.
 *
 * Source: Powell (2009), section 4, equations (4.10) to (4.12); Powell (2006), NEWUOA, section 4.
 *
 * @param model reads `points`, `centre`, `step` and the inverse; writes `lagrange`, `beta`, `stepProducts`
 *
 * Cost: npt (npt + 4 n) + n² multiplications.
 */
export function computeLagrangeInPlace(model: BobyqaModel): void {
  const { n, npt, rank, points, centre, step, inverseB, inverseZ, lagrange, stepProducts } = model;
  const w = model.scratchNpt;

  for (let k = 0; k < npt; k++) {
    const row = k * n;
    let alongStep = 0;
    let alongCentre = 0;
    let linear = 0;
    for (let j = 0; j < n; j++) {
      alongStep += points[row + j] * step[j];
      alongCentre += points[row + j] * centre[j];
      linear += inverseB[row + j] * step[j];
    }
    w[k] = alongStep * (0.5 * alongStep + alongCentre);
    lagrange[k] = linear;
    stepProducts[k] = alongStep;
  }

  let beta = 0;
  for (let j = 0; j < rank; j++) {
    const column = j * npt;
    let sum = 0;
    for (let k = 0; k < npt; k++) sum += inverseZ[column + k] * w[k];
    beta -= sum * sum;
    for (let k = 0; k < npt; k++) lagrange[k] += sum * inverseZ[column + k];
  }

  // Column sums w' B, gathered row by row because B is stored by rows.
  for (let j = 0; j < n; j++) lagrange[npt + j] = 0;
  for (let k = 0; k < npt; k++) {
    const row = k * n;
    for (let j = 0; j < n; j++) lagrange[npt + j] += w[k] * inverseB[row + j];
  }

  let stepSq = 0;
  let cross = 0;
  let stepDotCentre = 0;
  for (let j = 0; j < n; j++) {
    stepSq += step[j] * step[j];
    let sum = lagrange[npt + j];
    cross += sum * step[j];
    const row = (npt + j) * n;
    for (let i = 0; i < n; i++) sum += inverseB[row + i] * step[i];
    lagrange[npt + j] = sum;
    cross += sum * step[j];
    stepDotCentre += step[j] * centre[j];
  }
  model.beta =
    stepDotCentre * stepDotCentre +
    stepSq * (model.centreSq + stepDotCentre + stepDotCentre + 0.5 * stepSq) +
    beta -
    cross;
  lagrange[model.best] += 1;
}

/** Diagonal entry `k` of the inverse of the interpolation system, `(Z Z')_kk`; `rank` multiplications. */
export function inverseDiagonal(model: BobyqaModel, k: number): number {
  const { npt, rank, inverseZ } = model;
  let sum = 0;
  for (let j = 0; j < rank; j++) {
    const entry = inverseZ[j * npt + k];
    sum += entry * entry;
  }
  return sum;
}
