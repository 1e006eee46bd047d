import type { CholeskyFactor } from "@lmmkit/cholmod-ts";
import { type CscMatrix, multiplyTransposeVector, multiplyVector, scaleRows } from "@lmmkit/sparse";
import { cholesky, dot, minusCombination, solveTranspose, solveUpper } from "./small-dense";

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
export function profDev({ y, X, Zt, L, nlev, REML }: Rho, theta: readonly number[]): number {
  // U' = Λ'Z'
  const lambda = nlev.flatMap((levels, t) => Array<number>(levels).fill(theta[t]));
  const Ut = scaleRows(Zt, lambda);
  // L L' = P (U'U + I) P'
  L.update(Ut, { beta: 1 });
  // L c_u = P U'y,  L R_ZX = P U'X
  const project = (v: Float64Array) => L.solve(L.solve(multiplyVector(Ut, v), "P"), "L");
  const cu = project(y);
  const RZX = X.map(project);
  // R_X'R_X = X'X − R_ZX'R_ZX
  const RX = cholesky(X.length, (i, j) => dot(X[i], X[j]) - dot(RZX[i], RZX[j]));
  // R_X'c_β = X'y − R_ZX'c_u
  const Xty = X.map((x, j) => dot(x, y) - dot(RZX[j], cu));
  const cb = solveTranspose(RX, Xty);
  // R_X β = c_β,  L'P u = c_u − R_ZX β
  const beta = solveUpper(RX, cb);
  const u = L.solve(L.solve(minusCombination(cu, RZX, beta), "Lt"), "Pt");
  // r² = |y − X β − U u|² + |u|²
  const Uu = multiplyTransposeVector(Ut, u);
  const residual = minusCombination(y, X, beta).map((e, i) => e - Uu[i]);
  const prss = dot(residual, residual) + dot(u, u);

  const logDetL2 = L.logDet();
  const logDetRX2 = 2 * RX.reduce((sum, row, j) => sum + Math.log(row[j]), 0);
  const df = REML ? y.length - X.length : y.length;
  const likelihood = df * (1 + Math.log((2 * Math.PI * prss) / df));
  return REML ? logDetL2 + logDetRX2 + likelihood : logDetL2 + likelihood;
}
// #endregion profDev
