import type { BobyqaModel } from "./model";
import { addWeightedRowsInPlace, clearInPlace } from "./short-vector";

/**
 * Evaluates all Lagrange functions at `centre + step`, and the parameter beta of the updating formula.
 *
 * With `w` the vector of the interpolation system at the trial point (its leading entries are
 * `p_k' d (1/2 p_k' d + p_k' x_opt)`), `lagrange = H w` and `beta = 1/2 |x - x_0|^4 - w' H w`, arranged so that
 * the fourth powers cancel analytically.
 *
 * Source: Powell (2009), section 4; Powell (2006), The NEWUOA software, section 4.
 *
 * @param model reads `points`, `centre`, `step` and the inverse; writes `lagrange`, `beta`, `stepProducts`,
 *   `centreProducts`
 *
 * Cost: npt (npt + 4 n) + n² multiplications.
 */
export function computeLagrangeInPlace(model: BobyqaModel): void {
  const { n, npt, rank, points, centre, step, inverseB, inverseZ, lagrange, stepProducts, centreProducts } =
    model;
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
    centreProducts[k] = alongCentre;
  }

  const beta = applyInverseZ(npt, rank, inverseZ, w, lagrange);

  for (let j = 0; j < n; j++) lagrange[npt + j] = 0;
  addWeightedRowsInPlace(lagrange, npt, inverseB, w, npt, n);

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

/**
 * Adds `Z Z' w` to `target` and returns `-w' Z Z' w`.
 *
 * Columns go in fours: their inner products are independent chains of additions, so the processor works on all four at
 * once; the sums into `target` keep the order of the columns.
 */
export function applyInverseZ(
  npt: number,
  rank: number,
  inverseZ: Float64Array,
  w: Float64Array,
  target: Float64Array,
): number {
  let negative = 0;
  let j = 0;
  for (; j + 3 < rank; j += 4) {
    const c0 = j * npt;
    const c1 = c0 + npt;
    const c2 = c1 + npt;
    const c3 = c2 + npt;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let k = 0; k < npt; k++) {
      const entry = w[k];
      s0 += inverseZ[c0 + k] * entry;
      s1 += inverseZ[c1 + k] * entry;
      s2 += inverseZ[c2 + k] * entry;
      s3 += inverseZ[c3 + k] * entry;
    }
    negative -= s0 * s0;
    negative -= s1 * s1;
    negative -= s2 * s2;
    negative -= s3 * s3;
    for (let k = 0; k < npt; k++) {
      target[k] =
        target[k] +
        s0 * inverseZ[c0 + k] +
        s1 * inverseZ[c1 + k] +
        s2 * inverseZ[c2 + k] +
        s3 * inverseZ[c3 + k];
    }
  }
  for (; j < rank; j++) {
    const column = j * npt;
    let sum = 0;
    for (let k = 0; k < npt; k++) sum += inverseZ[column + k] * w[k];
    negative -= sum * sum;
    for (let k = 0; k < npt; k++) target[k] += sum * inverseZ[column + k];
  }
  return negative;
}

/**
 * Computes one row of `Z Z'`, column by column of Z (the layout's long direction).
 *
 * @param index the row
 * @param out length npt at least, overwritten
 */
export function inverseRowInto(model: BobyqaModel, index: number, out: Float64Array): void {
  const { npt, rank, inverseZ } = model;
  for (let k = 0; k < npt; k++) out[k] = 0;
  for (let j = 0; j < rank; j++) {
    const column = j * npt;
    const entry = inverseZ[column + index];
    if (entry === 0) continue;
    for (let k = 0; k < npt; k++) out[k] += entry * inverseZ[column + k];
  }
}

/** Sets `model.inverseDiagonal` to the diagonal of `Z Z'`; npt `rank` multiplications. */
export function computeInverseDiagonalInPlace(model: BobyqaModel): void {
  const { npt, rank, inverseZ, inverseDiagonal } = model;
  clearInPlace(inverseDiagonal);
  for (let j = 0; j < rank; j++) {
    const column = j * npt;
    for (let k = 0; k < npt; k++) inverseDiagonal[k] += inverseZ[column + k] * inverseZ[column + k];
  }
}
