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
  const lambda = nlev.flatMap((levels, t) => Array<number>(levels).fill(theta[t]));
  const Ut = scaleRows(Zt, lambda); // U' = Λ'Z'
  L.update(Ut, { beta: 1 }); // L L' = P (U'U + I) P'
  const project = (v: Float64Array) => L.solve(L.solve(multiplyVector(Ut, v), "P"), "L");

  const cu = project(y); // L c_u = P U'y
  const RZX = X.map(project); // L R_ZX = P U'X
  const RX = cholesky(X.length, (i, j) => dot(X[i], X[j]) - dot(RZX[i], RZX[j])); // R_X'R_X
  const cb = solveTranspose(
    RX,
    X.map((x, j) => dot(x, y) - dot(RZX[j], cu)),
  ); // R_X'c_β = X'y − R_ZX'c_u
  const beta = solveUpper(RX, cb); // R_X β = c_β
  const u = L.solve(L.solve(minusCombination(cu, RZX, beta), "Lt"), "Pt"); // L'P u = c_u − R_ZX β

  const Uu = multiplyTransposeVector(Ut, u);
  const residual = minusCombination(y, X, beta).map((e, i) => e - Uu[i]);
  const prss = dot(residual, residual) + dot(u, u); // r²

  const n = y.length;
  const p = X.length;
  const logDetRX2 = 2 * RX.reduce((sum, row, j) => sum + Math.log(row[j]), 0);
  if (REML) return L.logDet() + logDetRX2 + (n - p) * (1 + Math.log((2 * Math.PI * prss) / (n - p)));
  return L.logDet() + n * (1 + Math.log((2 * Math.PI * prss) / n));
}
// #endregion profDev
