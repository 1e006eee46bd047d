import type { BobyqaModel } from "./model";
import { addWeightedRowsInPlace, clearInPlace, rowProductsInPlace } from "./short-vector";

/**
 * Evaluates all Lagrange functions at `centre + step`, and the parameter beta of the updating formula.
 *
 * With `w` the vector of the interpolation system at the trial point (its leading entries are
 * `p_k' d (1/2 p_k' d + p_k' x_opt)`), `lagrange = H w` and `beta = 1/2 |x - x_0|^4 - w' H w`, arranged so that
 * the fourth powers cancel analytically.
 *
 * Source: Powell (2009), section 4; Powell (2006), The NEWUOA software, section 4.
 *
 * @param model reads `points`, `centre`, `centreProducts`, `step` and the inverse; writes `lagrange`, `beta`,
 *   `stepProducts`
 *
 * Cost: npt (npt + 3 n) + n² multiplications.
 */
export function computeLagrangeInPlace(model: BobyqaModel): void {
  const { n, npt, memory, points, centre, step, inverseB, lagrange, stepProducts, centreProducts } = model;
  const w = model.scratchNpt;

  rowProductsInPlace(memory, points, step, stepProducts, npt, n);
  rowProductsInPlace(memory, inverseB, step, lagrange, npt, n);
  for (let k = 0; k < npt; k++) {
    const alongStep = memory[stepProducts + k];
    memory[w + k] = alongStep * (0.5 * alongStep + memory[centreProducts + k]);
  }

  applyInverseZInPlace(model, w, lagrange);

  const last = lagrange + npt;
  clearInPlace(memory, last, n);
  addWeightedRowsInPlace(memory, last, inverseB, w, npt, n);

  let stepSq = 0;
  let cross = 0;
  let stepDotCentre = 0;
  for (let j = 0, row = inverseB + npt * n; j < n; j++, row += n) {
    const d = memory[step + j];
    stepSq += d * d;
    let sum = memory[last + j];
    cross += sum * d;
    for (let i = 0; i < n; i++) sum += memory[row + i] * memory[step + i];
    memory[last + j] = sum;
    cross += sum * d;
    stepDotCentre += d * memory[centre + j];
  }
  model.beta =
    stepDotCentre * stepDotCentre +
    stepSq * (model.centreSq + stepDotCentre + stepDotCentre + 0.5 * stepSq) +
    model.minusSquare -
    cross;
  memory[lagrange + model.best] += 1;
}

/**
 * Adds `Z Z' w` to `target` and sets `model.minusSquare` to `-w' Z Z' w`.
 *
 * Columns go in fours: their inner products are independent chains of additions, so the processor works on all four at
 * once; the sums into `target` keep the order of the columns.
 *
 * @param model its memory changes at `target`
 * @param w where in the memory the npt weights start
 * @param target where npt sums are
 */
export function applyInverseZInPlace(model: BobyqaModel, w: number, target: number): void {
  const { npt, rank, memory, inverseZ } = model;
  let negative = 0;
  let j = 0;
  let c0 = inverseZ;
  for (; j + 3 < rank; j += 4) {
    const c1 = c0 + npt;
    const c2 = c1 + npt;
    const c3 = c2 + npt;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let k = 0; k < npt; k++) {
      const entry = memory[w + k];
      s0 += memory[c0 + k] * entry;
      s1 += memory[c1 + k] * entry;
      s2 += memory[c2 + k] * entry;
      s3 += memory[c3 + k] * entry;
    }
    negative -= s0 * s0;
    negative -= s1 * s1;
    negative -= s2 * s2;
    negative -= s3 * s3;
    for (let k = 0; k < npt; k++) {
      memory[target + k] =
        memory[target + k] +
        s0 * memory[c0 + k] +
        s1 * memory[c1 + k] +
        s2 * memory[c2 + k] +
        s3 * memory[c3 + k];
    }
    c0 = c3 + npt;
  }
  for (; j + 1 < rank; j += 2) {
    const c1 = c0 + npt;
    let s0 = 0;
    let s1 = 0;
    for (let k = 0; k < npt; k++) {
      const entry = memory[w + k];
      s0 += memory[c0 + k] * entry;
      s1 += memory[c1 + k] * entry;
    }
    negative -= s0 * s0;
    negative -= s1 * s1;
    for (let k = 0; k < npt; k++) {
      memory[target + k] = memory[target + k] + s0 * memory[c0 + k] + s1 * memory[c1 + k];
    }
    c0 = c1 + npt;
  }
  if (j < rank) {
    let sum = 0;
    for (let k = 0; k < npt; k++) sum += memory[c0 + k] * memory[w + k];
    negative -= sum * sum;
    for (let k = 0; k < npt; k++) memory[target + k] += sum * memory[c0 + k];
  }
  model.minusSquare = negative;
}

/**
 * Computes one row of `Z Z'`, column by column of Z (the layout's long direction).
 *
 * @param model its memory changes at `out` only
 * @param index the row
 * @param out where in the memory npt entries go
 */
export function inverseRowInto(model: BobyqaModel, index: number, out: number): void {
  const { npt, rank, memory, inverseZ } = model;
  clearInPlace(memory, out, npt);
  for (let j = 0, column = inverseZ; j < rank; j++, column += npt) {
    const entry = memory[column + index];
    if (entry === 0) continue;
    for (let k = 0; k < npt; k++) memory[out + k] += entry * memory[column + k];
  }
}

/** Sets `model.inverseDiagonal` to the diagonal of `Z Z'`; npt `rank` multiplications. */
export function computeInverseDiagonalInPlace(model: BobyqaModel): void {
  const { npt, rank, memory, inverseZ, inverseDiagonal } = model;
  // Two columns at a time, after the first one or two.
  let column = inverseZ;
  let j = 2 - (rank % 2);
  for (let k = 0; k < npt; k++) {
    const entry = memory[column + k];
    memory[inverseDiagonal + k] = entry * entry;
  }
  column += npt;
  if (j === 2) {
    for (let k = 0; k < npt; k++) {
      const entry = memory[column + k];
      memory[inverseDiagonal + k] += entry * entry;
    }
    column += npt;
  }
  for (; j < rank; j += 2, column += 2 * npt) {
    const next = column + npt;
    for (let k = 0; k < npt; k++) {
      const a = memory[column + k];
      const b = memory[next + k];
      memory[inverseDiagonal + k] = memory[inverseDiagonal + k] + a * a + b * b;
    }
  }
}
