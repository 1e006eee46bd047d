/**
 * Everything that the steps of BOBYQA share: the interpolation points, the quadratic model, the inverse of the
 * interpolation system, and scratch space. Allocated once per run by {@link createModel}.
 *
 * The model is held relative to a base point `b` that moves rarely, so that differences between nearby points
 * keep their digits. A displacement `s` stands for the point `b + s`:
 *
 * ```
 * Q(b + s) = constant + s' g_b + 1/2 s' H s,   H = explicit Hessian + sum_k curvature[k] * p_k p_k'
 * ```
 *
 * with `p_k` the displacement of interpolation point `k`. Only the gradient at the centre is kept, not `g_b`.
 *
 * The inverse of the interpolation system (Powell 2009, section 2; the KKT matrix of the least Frobenius norm
 * problem) is held as its last `n` columns `inverseB` and a factor `inverseZ` of its leading block `Z Z'`.
 *
 * Layouts: `points` and `inverseB` are row-major (row `k` at `k * n`), `inverseZ` is column-major (column `j` at
 * `j * npt`), `hessian` holds the upper triangle by columns (entry `i <= j` at `j * (j + 1) / 2 + i`).
 */
export interface BobyqaModel {
  /** Number of free variables. */
  readonly n: number;
  /** Number of interpolation points. */
  readonly npt: number;
  /** Number of columns of `inverseZ`: `npt - n - 1`. */
  readonly rank: number;

  /** Base point `b` (XBASE), length n. */
  readonly base: Float64Array;
  /** Lower bounds relative to the base (SL), length n; exactly `-Infinity` where there is none. */
  readonly lowerGap: Float64Array;
  /** Upper bounds relative to the base (SU), length n. */
  readonly upperGap: Float64Array;
  /** Displacements of the interpolation points from the base (XPT), npt rows of length n. */
  readonly points: Float64Array;
  /** Objective values at the interpolation points (FVAL), length npt. */
  readonly values: Float64Array;
  /** 1 where the objective was NaN or infinite and `values` holds a stand-in, length npt. */
  readonly standIn: Uint8Array;

  /** Index of the best interpolation point (KOPT), which is the centre of the trust region. */
  best: number;
  /** Displacement of the best point (XOPT), length n. */
  readonly centre: Float64Array;
  /** Squared length of `centre` (XOPTSQ). */
  centreSq: number;

  /** Gradient of the model at the centre (GOPT), length n. */
  readonly gradient: Float64Array;
  /** Explicit part of the model's second derivatives (HQ), packed upper triangle. */
  readonly hessian: Float64Array;
  /** Implicit part of the model's second derivatives (PQ): the weight of each `p_k p_k'`, length npt. */
  readonly curvature: Float64Array;

  /** Last n columns of the inverse of the interpolation system (BMAT), npt + n rows of length n. */
  readonly inverseB: Float64Array;
  /** Factor of the leading block of that inverse (ZMAT), `rank` columns of length npt. */
  readonly inverseZ: Float64Array;

  /** Displacement of the point to be tried next (XNEW), length n. */
  readonly trial: Float64Array;
  /** The other candidate of the geometry step (XALT), length n. */
  readonly alternative: Float64Array;
  /** `trial - centre` (D), length n. */
  readonly step: Float64Array;
  /** Values of the Lagrange functions at the trial point (VLAG), length npt + n. */
  readonly lagrange: Float64Array;
  /** Products `p_k' centre`, set with `lagrange` and kept up to date from then to the next move, length npt. */
  readonly centreProducts: Float64Array;
  /** Diagonal of `Z Z'` as of the last `computeInverseDiagonalInPlace`, length npt. */
  readonly inverseDiagonal: Float64Array;
  /** Products `p_k' step` (kept from the Lagrange values for the predicted change), length npt. */
  readonly stepProducts: Float64Array;
  /** The parameter beta of the updating formula, set with `lagrange`. */
  beta: number;
  /** Denominator of the updating formula for the point that is about to move (DENOM). */
  denominator: number;

  /** Scratch vectors whose contents no step may rely on after it returns. */
  readonly scratchNpt: Float64Array;
  readonly scratchPoints: Float64Array;
  readonly scratchA: Float64Array;
  readonly scratchB: Float64Array;
  readonly scratchC: Float64Array;
}

/**
 * Allocates the workspace of one run.
 *
 * @param n number of free variables, at least 1
 * @param npt number of interpolation points
 * @returns a model filled with zeros; about `(npt + n)(npt + n) + n²/2` numbers
 */
export function createModel(n: number, npt: number): BobyqaModel {
  const rank = npt - n - 1;
  // Views of one buffer: a buffer of its own for each of them would cost more than an evaluation of a small problem.
  const matrices = npt * n + (npt + n) * n + npt * rank + (n * (n + 1)) / 2;
  const total = matrices + 13 * n + 8 * npt;
  const buffer = new Float64Array(total).buffer;
  let used = 0;
  const vector = (length: number) => {
    used += length;
    return new Float64Array(buffer, 8 * (used - length), length);
  };
  return {
    n,
    npt,
    rank,
    base: vector(n),
    lowerGap: vector(n),
    upperGap: vector(n),
    points: vector(npt * n),
    values: vector(npt),
    standIn: new Uint8Array(npt),
    best: 0,
    centre: vector(n),
    centreSq: 0,
    gradient: vector(n),
    hessian: vector((n * (n + 1)) / 2),
    curvature: vector(npt),
    inverseB: vector((npt + n) * n),
    inverseZ: vector(npt * rank),
    trial: vector(n),
    alternative: vector(n),
    step: vector(n),
    lagrange: vector(npt + n),
    centreProducts: vector(npt),
    inverseDiagonal: vector(npt),
    stepProducts: vector(npt),
    beta: 0,
    denominator: 0,
    scratchNpt: vector(npt),
    scratchPoints: vector(npt + n),
    scratchA: vector(n),
    scratchB: vector(n),
    scratchC: vector(n),
  };
}

/**
 * Moves the centre of the trust region to the best interpolation point (copies its displacement).
 *
 * @param model its `centre` and `centreSq` are overwritten
 */
export function centreOnBestInPlace(model: BobyqaModel): void {
  const { n, points, centre, best } = model;
  let centreSq = 0;
  for (let i = 0; i < n; i++) {
    const value = points[best * n + i];
    centre[i] = value;
    centreSq += value * value;
  }
  model.centreSq = centreSq;
}

/**
 * Adds the model's Hessian times a vector: `target += H v`.
 *
 * @param target length n, overwritten
 * @param model unchanged
 * @param vector length n
 *
 * Cost: n² + 2 n npt multiplications.
 */
export function addHessianProductInPlace(
  target: Float64Array,
  model: BobyqaModel,
  vector: Float64Array,
): void {
  const { n, npt, hessian, curvature, points } = model;
  let h = 0;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < j; i++) {
      target[j] += hessian[h] * vector[i];
      target[i] += hessian[h] * vector[j];
      h++;
    }
    target[j] += hessian[h] * vector[j];
    h++;
  }
  // Four points at a time: their inner products are independent chains of additions, each in its own order, so the
  // processor works on all four at once; the sums into `target` keep the order of the points.
  let k = 0;
  for (; k + 3 < npt; k += 4) {
    const row0 = k * n;
    const row1 = row0 + n;
    const row2 = row1 + n;
    const row3 = row2 + n;
    let p0 = 0;
    let p1 = 0;
    let p2 = 0;
    let p3 = 0;
    for (let j = 0; j < n; j++) {
      const v = vector[j];
      p0 += points[row0 + j] * v;
      p1 += points[row1 + j] * v;
      p2 += points[row2 + j] * v;
      p3 += points[row3 + j] * v;
    }
    p0 *= curvature[k];
    p1 *= curvature[k + 1];
    p2 *= curvature[k + 2];
    p3 *= curvature[k + 3];
    for (let i = 0; i < n; i++) {
      target[i] =
        target[i] +
        p0 * points[row0 + i] +
        p1 * points[row1 + i] +
        p2 * points[row2 + i] +
        p3 * points[row3 + i];
    }
  }
  for (; k < npt; k++) {
    const row = k * n;
    let product = 0;
    for (let j = 0; j < n; j++) product += points[row + j] * vector[j];
    product *= curvature[k];
    for (let i = 0; i < n; i++) target[i] += product * points[row + i];
  }
}

/**
 * Computes the inner products of all interpolation points with a vector, four at a time.
 *
 * @param model unchanged
 * @param vector length n
 * @param out length npt
 *
 * Cost: n npt multiplications.
 */
export function pointProductsInto(model: BobyqaModel, vector: Float64Array, out: Float64Array): void {
  const { n, npt, points } = model;
  let k = 0;
  for (; k + 3 < npt; k += 4) {
    const row0 = k * n;
    const row1 = row0 + n;
    const row2 = row1 + n;
    const row3 = row2 + n;
    let p0 = 0;
    let p1 = 0;
    let p2 = 0;
    let p3 = 0;
    for (let j = 0; j < n; j++) {
      const v = vector[j];
      p0 += points[row0 + j] * v;
      p1 += points[row1 + j] * v;
      p2 += points[row2 + j] * v;
      p3 += points[row3 + j] * v;
    }
    out[k] = p0;
    out[k + 1] = p1;
    out[k + 2] = p2;
    out[k + 3] = p3;
  }
  for (; k < npt; k++) {
    const row = k * n;
    let product = 0;
    for (let j = 0; j < n; j++) product += points[row + j] * vector[j];
    out[k] = product;
  }
}
