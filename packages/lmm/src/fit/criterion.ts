import { logarithm } from "@lmmkit/dense";
import type { PlsWorkspace } from "../pls/workspace";
import type { Method } from "./options";

/**
 * The profiled deviance (ML) or REML criterion from the last evaluation of a workspace:
 *
 * log|L|² + [REML] log|RX|² + N(1 + log(2πr²/N)) − Σ log w, with N = n for ML and n − p for REML
 * (Bates 2011, part 4; the weights enter as in Bates, Mächler, Bolker & Walker 2015, §3.6).
 *
 * @returns +Infinity where r² is not positive or not a number
 */
export function criterion(workspace: PlsWorkspace, method: Method): number {
  const { products, p, logDetL2, logDetRX2, pwrss } = workspace;
  const reml = method === "REML";
  const df = reml ? products.nobs - p : products.nobs;
  if (!(pwrss > 0)) return Number.POSITIVE_INFINITY;
  const logDet = reml ? logDetL2 + logDetRX2 : logDetL2;
  return logDet + df * (1 + logarithm((2 * Math.PI * pwrss) / df)) - products.sumLogWeights;
}

/**
 * The criterion at θ; +Infinity where it cannot be evaluated.
 *
 * @param theta not changed
 * Cost: one evaluation of the workspace, no allocation.
 */
export function criterionAt(workspace: PlsWorkspace, method: Method, theta: ArrayLike<number>): number {
  return workspace.evaluate(theta) ? criterion(workspace, method) : Number.POSITIVE_INFINITY;
}
