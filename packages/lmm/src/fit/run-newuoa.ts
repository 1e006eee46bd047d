import { newuoa } from "@lmmkit/optim";
import type { ThetaBounds } from "../design/theta-bounds";
import { LmmError } from "../errors";
import type { RhoStep } from "../model/linear-mixed-model";
import { criterionAt } from "./criterion";
import type { OptimizerRun, Search } from "./search";

/**
 * One run of NEWUOA (Powell 2006) over θ or φ. A bound that cannot be lifted is met by reflection: the criterion
 * beyond it is that of the mirror image.
 *
 * @param start not changed
 * @throws LmmError `aborted`
 */
export function runNewuoa(
  { workspace, method, options }: Search,
  start: Float64Array,
  { lower, upper }: ThetaBounds,
): OptimizerRun {
  const asked = options.optimizer ?? {};
  const npt = asked.npt ?? 2 * start.length + 1;
  const { rhobeg = 0.2, rhoend = 2e-7 } = asked;
  const trace: RhoStep[] = [];
  const inside = new Float64Array(start.length);
  const reflect = (x: ArrayLike<number>): Float64Array => {
    for (let i = 0; i < inside.length; i++) {
      const value = x[i] < lower[i] ? 2 * lower[i] - x[i] : x[i] > upper[i] ? 2 * upper[i] - x[i] : x[i];
      inside[i] = Math.min(upper[i], Math.max(lower[i], value));
    }
    return inside;
  };
  const { onEvaluation, onRho, signal } = options;
  const result = newuoa((x) => criterionAt(workspace, method, reflect(x)), start, {
    npt,
    rhobeg,
    rhoend,
    maxEvaluations: asked.maxEvaluations,
    signal,
    onEvaluation: (x, value, evaluations) => {
      onEvaluation?.(reflect(x), value, evaluations);
    },
    onRho: (rho, evaluations, value, x) => {
      trace.push({ rho, evaluations, criterion: value, theta: reflect(x).slice() });
      onRho?.(rho, evaluations, value, reflect(x));
    },
  });
  if (signal?.aborted) throw new LmmError("aborted", "aborted fit", signal.reason, "the signal was aborted");
  const { evaluations, status, message } = result;
  return {
    theta: reflect(result.x).slice(),
    criterion: result.f,
    optimizer: { name: "newuoa", npt, rhobeg, rhoend, evaluations, status, message, trace },
  };
}
