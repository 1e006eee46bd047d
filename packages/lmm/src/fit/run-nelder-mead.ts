import { nelderMead } from "@lmmkit/optim";
import type { ThetaBounds } from "../design/theta-bounds";
import { LmmError } from "../errors";
import { criterionAt } from "./criterion";
import type { OptimizerRun, Search } from "./search";

/** Fresh simplices at the end point: one alone may have flattened against a bound or collapsed. */
const RESTARTS = 5;

/**
 * One run of the simplex method over θ, as lme4's `Nelder_Mead` works, started again while that helps.
 *
 * @param start not changed
 * @param bounds of θ
 * @throws LmmError `aborted`
 */
export function runNelderMead(
  { workspace, method, options }: Search,
  start: Float64Array,
  { lower, upper }: ThetaBounds,
): OptimizerRun {
  const { onEvaluation, signal } = options;
  const result = nelderMead((theta) => criterionAt(workspace, method, theta), start, {
    lower,
    upper,
    restarts: RESTARTS,
    maxEvaluations: options.optimizer?.maxEvaluations,
    signal,
    onEvaluation: (theta, value, evaluations) => {
      onEvaluation?.(theta, value, evaluations);
    },
  });
  if (signal?.aborted) throw new LmmError("aborted", "aborted fit", signal.reason, "the signal was aborted");
  const { x, f, evaluations, status, message } = result;
  return {
    theta: Float64Array.from(x),
    criterion: f,
    optimizer: {
      name: "nelder-mead",
      npt: null,
      rhobeg: null,
      rhoend: null,
      evaluations,
      status,
      message,
      trace: [],
    },
  };
}
