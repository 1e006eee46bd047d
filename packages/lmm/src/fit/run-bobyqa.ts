import { bobyqa } from "@lmmkit/optim";
import type { ThetaBounds } from "../design/theta-bounds";
import { LmmError } from "../errors";
import type { RhoStep } from "../model/linear-mixed-model";
import { criterionAt } from "./criterion";
import type { OptimizerRun, Search } from "./search";

/**
 * One run of BOBYQA over θ, with minqa's radii unless told otherwise: rhobeg = min(0.95, 0.2 max|θ|),
 * rhoend = 1e-6 rhobeg.
 *
 * @param start not changed
 * @param bounds of θ
 * @throws LmmError `aborted`
 */
export function runBobyqa(
  { workspace, method, options }: Search,
  start: Float64Array,
  { lower, upper }: ThetaBounds,
): OptimizerRun {
  const asked = options.optimizer ?? {};
  let largest = 0;
  for (const value of start) largest = Math.max(largest, Math.abs(value));
  const npt = asked.npt ?? 2 * start.length + 1;
  const rhobeg = asked.rhobeg ?? Math.min(0.95, 0.2 * (largest || 1));
  const rhoend = asked.rhoend ?? 1e-6 * rhobeg;
  const trace: RhoStep[] = [];
  const result = bobyqa((theta) => criterionAt(workspace, method, theta), start, {
    lower,
    upper,
    npt,
    rhobeg,
    rhoend,
    maxEvaluations: asked.maxEvaluations,
    signal: options.signal,
    onEvaluation: (theta, value, evaluations) => {
      options.onEvaluation?.(theta, value, evaluations);
    },
    onRho: (rho, evaluations, value, theta) => {
      trace.push({ rho, evaluations, criterion: value, theta: theta.slice() });
      options.onRho?.(rho, evaluations, value, theta);
    },
  });
  if (options.signal?.aborted) {
    throw new LmmError("aborted", "aborted fit", options.signal.reason, "the signal was aborted");
  }
  const { evaluations, status, message } = result;
  return {
    theta: Float64Array.from(result.x),
    criterion: result.f,
    optimizer: { name: "bobyqa", npt, rhobeg, rhoend, evaluations, status, message, trace },
  };
}
