import type { CholeskyFactor } from "@lmmkit/cholmod-ts";
import {
  type CscMatrix,
  multiplyTransposeVector,
  multiplyVector,
  scaleRows,
} from "@lmmkit/sparse";
import {
  cholesky,
  dot,
  minusCombination,
  solveTranspose,
  solveUpper,
} from "./small-dense";

/** Everything that does not change with θ. */
export interface Rho {
  readonly y: Float64Array;
  /** The columns of X. */
  readonly X: readonly Float64Array[];
  /** Z': a row per random effect. */
  readonly Zt: CscMatrix;
  /** A factor with the right pattern, refilled at every θ. */
  readonly L: CholeskyFactor;
  /** Levels of each term. */
  readonly nlev: readonly number[];
  readonly REML: boolean;
}

// #region profDev
export function profDev(rho: Rho, theta: readonly number[]): number {
  const { y, X, Zt, L, nlev, REML } = rho;
  // U' = Λ'Z'
  const lambda = nlev.flatMap((levels, t) =>
    Array<number>(levels).fill(theta[t]),
  );
  const Ut = scaleRows(Zt, lambda);
  // L L' = P (U'U + I) P'
  L.update(Ut, { beta: 1 });
  const PUt = (v: Float64Array) => L.solve(multiplyVector(Ut, v), "P");
  // L c_u = P U'y,  L R_ZX = P U'X
  const cu = L.solve(PUt(y), "L");
  const RZX = X.map((x) => L.solve(PUt(x), "L"));
  // R_X'R_X = X'X − R_ZX'R_ZX
  const downdated = (i: number, j: number) =>
    dot(X[i], X[j]) - dot(RZX[i], RZX[j]);
  const RX = cholesky(X.length, downdated);
  // R_X'c_β = X'y − R_ZX'c_u
  const Xty = X.map((x, j) => dot(x, y) - dot(RZX[j], cu));
  const cb = solveTranspose(RX, Xty);
  // R_X β = c_β,  L'P u = c_u − R_ZX β
  const beta = solveUpper(RX, cb);
  const Pu = L.solve(minusCombination(cu, RZX, beta), "Lt");
  const u = L.solve(Pu, "Pt");
  // r² = |y − X β − U u|² + |u|²
  const Uu = multiplyTransposeVector(Ut, u);
  const marginal = minusCombination(y, X, beta);
  const residual = marginal.map((e, i) => e - Uu[i]);
  const prss = dot(residual, residual) + dot(u, u);

  const logDetL2 = L.logDet();
  const logDetRX2 = RX.reduce((sum, row, j) => sum + 2 * Math.log(row[j]), 0);
  const df = REML ? y.length - X.length : y.length;
  const fit = df * (1 + Math.log((2 * Math.PI * prss) / df));
  return REML ? logDetL2 + logDetRX2 + fit : logDetL2 + fit;
}
// #endregion profDev
