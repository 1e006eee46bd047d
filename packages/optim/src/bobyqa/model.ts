import { rowProductsInPlace } from "./short-vector";

/**
 * Everything that the steps of BOBYQA share: the interpolation points, the quadratic model, the inverse of the
 * interpolation system, and scratch space. Allocated once per run by {@link createModel}.
 *
 * All vectors and matrices lie in one array, `memory`; the other fields say where each of them starts. Entry `i` of
 * vector `v` is `memory[v + i]`. (The loops are short: for every array that a loop touches, an engine checks in every
 * round what kind of array it is and where its numbers are. With one array it does so once.)
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

  /** The numbers themselves. */
  readonly memory: Float64Array;

  /** Base point `b` (XBASE), length n. */
  readonly base: number;
  /** Lower bounds relative to the base (SL), length n; exactly `-Infinity` where there is none. */
  readonly lowerGap: number;
  /** Upper bounds relative to the base (SU), length n. */
  readonly upperGap: number;
  /** Displacements of the interpolation points from the base (XPT), npt rows of length n. */
  readonly points: number;
  /** Objective values at the interpolation points (FVAL), length npt. */
  readonly values: number;
  /** 1 where the objective was NaN or infinite and `values` holds a stand-in, length npt. */
  readonly standIn: number;

  /** Index of the best interpolation point (KOPT), which is the centre of the trust region. */
  best: number;
  /** Displacement of the best point (XOPT), length n. */
  readonly centre: number;
  /** Squared length of `centre` (XOPTSQ). */
  centreSq: number;

  /** Gradient of the model at the centre (GOPT), length n. */
  readonly gradient: number;
  /** Explicit part of the model's second derivatives (HQ), packed upper triangle. */
  readonly hessian: number;
  /** Implicit part of the model's second derivatives (PQ): the weight of each `p_k p_k'`, length npt. */
  readonly curvature: number;

  /** Last n columns of the inverse of the interpolation system (BMAT), npt + n rows of length n. */
  readonly inverseB: number;
  /** Factor of the leading block of that inverse (ZMAT), `rank` columns of length npt. */
  readonly inverseZ: number;

  /** Displacement of the point to be tried next (XNEW), length n. */
  readonly trial: number;
  /** The other candidate of the geometry step (XALT), length n. */
  readonly alternative: number;
  /** `trial - centre` (D), length n. */
  readonly step: number;
  /** Values of the Lagrange functions at the trial point (VLAG), length npt + n. */
  readonly lagrange: number;
  /** Products `p_k' centre`; whatever changes one of the two keeps them up to date. Length npt. */
  readonly centreProducts: number;
  /** Diagonal of `Z Z'` as of the last `computeInverseDiagonalInPlace`, length npt. */
  readonly inverseDiagonal: number;
  /** Products `p_k' step` (kept from the Lagrange values for the predicted change), length npt. */
  readonly stepProducts: number;
  /** The parameter beta of the updating formula, set with `lagrange`. */
  beta: number;
  /** Denominator of the updating formula for the point that is about to move (DENOM). */
  denominator: number;
  /** Change of the model from the centre to the trial point, set by `predictChangeInPlace` (VQUAD). */
  predicted: number;
  /** Objective at the trial point minus its prediction (DIFF). */
  error: number;
  /** `-w' Z Z' w` of the last `applyInverseZInPlace`. */
  minusSquare: number;

  /** Scratch vectors whose contents no step may rely on after it returns. */
  readonly scratchNpt: number;
  readonly scratchPoints: number;
  readonly scratchA: number;
  readonly scratchB: number;
  readonly scratchC: number;

  /** Of the trust-region step (`trust-region-step.ts`): gradient of the model at `centre + step` (GNEW), length n. */
  readonly gradientAtTrial: number;
  /** -1 or 1 where a variable is fixed at its lower or upper bound, else 0 (XBDI), length n. */
  readonly fixedAt: number;
  /** Search direction (S), length n. */
  readonly direction: number;
  /** Hessian times `direction` (HS), length n. */
  readonly hessianDirection: number;
  /** Hessian times the free part of the step (HRED), length n. */
  readonly hessianStep: number;

  /** Of the geometry step (`geometry-step.ts`): gradient of the Lagrange function at the centre (GLAG), length n. */
  readonly lagrangeGradient: number;
  /** Weights of its second derivatives (HCOL), length npt. */
  readonly lagrangeCurvature: number;
  /** The constrained Cauchy step (W), length n. */
  readonly cauchyStep: number;
  /** First of the two Cauchy points, length n. */
  readonly firstCauchyPoint: number;
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
  // One after the other. (A loop over names, or a closure that counts, takes as long as an evaluation of a small
  // problem.)
  const base = 0;
  const lowerGap = base + n;
  const upperGap = lowerGap + n;
  const centre = upperGap + n;
  const step = centre + n;
  const trial = step + n;
  const gradient = trial + n;
  const alternative = gradient + n;
  const scratchA = alternative + n;
  const scratchB = scratchA + n;
  const scratchC = scratchB + n;
  const gradientAtTrial = scratchC + n;
  const fixedAt = gradientAtTrial + n;
  const direction = fixedAt + n;
  const hessianDirection = direction + n;
  const hessianStep = hessianDirection + n;
  const lagrangeGradient = hessianStep + n;
  const cauchyStep = lagrangeGradient + n;
  const firstCauchyPoint = cauchyStep + n;
  const values = firstCauchyPoint + n;
  const standIn = values + npt;
  const curvature = standIn + npt;
  const centreProducts = curvature + npt;
  const inverseDiagonal = centreProducts + npt;
  const stepProducts = inverseDiagonal + npt;
  const scratchNpt = stepProducts + npt;
  const lagrangeCurvature = scratchNpt + npt;
  const lagrange = lagrangeCurvature + npt;
  const scratchPoints = lagrange + npt + n;
  const hessian = scratchPoints + npt + n;
  const points = hessian + (n * (n + 1)) / 2;
  const inverseB = points + npt * n;
  const inverseZ = inverseB + (npt + n) * n;
  const length = inverseZ + npt * rank;
  return {
    n,
    npt,
    rank,
    memory: new Float64Array(length),
    best: 0,
    centreSq: 0,
    beta: 0,
    denominator: 0,
    predicted: 0,
    error: 0,
    minusSquare: 0,
    base,
    lowerGap,
    upperGap,
    centre,
    step,
    trial,
    gradient,
    alternative,
    scratchA,
    scratchB,
    scratchC,
    gradientAtTrial,
    fixedAt,
    direction,
    hessianDirection,
    hessianStep,
    lagrangeGradient,
    cauchyStep,
    firstCauchyPoint,
    values,
    standIn,
    curvature,
    centreProducts,
    inverseDiagonal,
    stepProducts,
    scratchNpt,
    lagrangeCurvature,
    lagrange,
    scratchPoints,
    hessian,
    points,
    inverseB,
    inverseZ,
  };
}

/**
 * Moves the centre of the trust region to the best interpolation point (copies its displacement).
 *
 * @param model its `centre`, `centreSq` and `centreProducts` are overwritten
 */
export function centreOnBestInPlace(model: BobyqaModel): void {
  const { n, memory, points, centre, best } = model;
  let centreSq = 0;
  for (let i = 0; i < n; i++) {
    const value = memory[points + best * n + i];
    memory[centre + i] = value;
    centreSq += value * value;
  }
  model.centreSq = centreSq;
  pointProductsInto(model, centre, model.centreProducts);
}

/**
 * Adds the model's Hessian times a vector: `target += H v`.
 *
 * @param model its memory changes at `target` only
 * @param target where in the memory a vector of length n starts
 * @param vector the same; another one
 *
 * Cost: n² + 2 n npt multiplications.
 */
export function addHessianProductInPlace(model: BobyqaModel, target: number, vector: number): void {
  const { n, memory } = model;
  let h = model.hessian;
  for (let j = 0; j < n; j++) {
    const v = memory[vector + j];
    let sum = memory[target + j];
    for (let i = 0; i < j; i++, h++) {
      const entry = memory[h];
      sum += entry * memory[vector + i];
      memory[target + i] += entry * v;
    }
    memory[target + j] = sum + memory[h++] * v;
  }
  if (n === 2) addPointsOf2(model, target, vector);
  else if (n === 3) addPointsOf3(model, target, vector);
  else addPoints(model, target, vector);
}

/** The implicit part for two variables: everything in registers. */
function addPointsOf2({ npt, memory, curvature, points }: BobyqaModel, target: number, vector: number): void {
  const v0 = memory[vector];
  const v1 = memory[vector + 1];
  let t0 = memory[target];
  let t1 = memory[target + 1];
  for (let k = 0, at = points; k < npt; k++, at += 2) {
    const x0 = memory[at];
    const x1 = memory[at + 1];
    const product = memory[curvature + k] * (x0 * v0 + x1 * v1);
    t0 += product * x0;
    t1 += product * x1;
  }
  memory[target] = t0;
  memory[target + 1] = t1;
}

/** The same for three. */
function addPointsOf3({ npt, memory, curvature, points }: BobyqaModel, target: number, vector: number): void {
  const v0 = memory[vector];
  const v1 = memory[vector + 1];
  const v2 = memory[vector + 2];
  let t0 = memory[target];
  let t1 = memory[target + 1];
  let t2 = memory[target + 2];
  for (let k = 0, at = points; k < npt; k++, at += 3) {
    const x0 = memory[at];
    const x1 = memory[at + 1];
    const x2 = memory[at + 2];
    const product = memory[curvature + k] * (x0 * v0 + x1 * v1 + x2 * v2);
    t0 += product * x0;
    t1 += product * x1;
    t2 += product * x2;
  }
  memory[target] = t0;
  memory[target + 1] = t1;
  memory[target + 2] = t2;
}

/** The implicit part, `target += sum_k curvature[k] (p_k' v) p_k`. */
function addPoints({ n, npt, memory, curvature, points }: BobyqaModel, target: number, vector: number): void {
  // Four points at a time: their inner products are independent chains of additions, each in its own order, so the
  // processor works on all four at once; the sums into `target` keep the order of the points.
  let k = 0;
  let row0 = points;
  for (; k + 3 < npt; k += 4) {
    const row1 = row0 + n;
    const row2 = row1 + n;
    const row3 = row2 + n;
    let p0 = 0;
    let p1 = 0;
    let p2 = 0;
    let p3 = 0;
    for (let j = 0; j < n; j++) {
      const v = memory[vector + j];
      p0 += memory[row0 + j] * v;
      p1 += memory[row1 + j] * v;
      p2 += memory[row2 + j] * v;
      p3 += memory[row3 + j] * v;
    }
    p0 *= memory[curvature + k];
    p1 *= memory[curvature + k + 1];
    p2 *= memory[curvature + k + 2];
    p3 *= memory[curvature + k + 3];
    for (let i = 0; i < n; i++) {
      memory[target + i] =
        memory[target + i] +
        p0 * memory[row0 + i] +
        p1 * memory[row1 + i] +
        p2 * memory[row2 + i] +
        p3 * memory[row3 + i];
    }
    row0 = row3 + n;
  }
  for (; k < npt; k++) {
    let product = 0;
    for (let j = 0; j < n; j++) product += memory[row0 + j] * memory[vector + j];
    product *= memory[curvature + k];
    for (let i = 0; i < n; i++) memory[target + i] += product * memory[row0 + i];
    row0 += n;
  }
}

/**
 * Computes the inner products of all interpolation points with a vector.
 *
 * @param model its memory changes at `out` only
 * @param vector where in the memory a vector of length n starts
 * @param out where npt products go
 *
 * Cost: n npt multiplications.
 */
export function pointProductsInto(model: BobyqaModel, vector: number, out: number): void {
  rowProductsInPlace(model.memory, model.points, vector, out, model.npt, model.n);
}
