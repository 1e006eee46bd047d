import { lbfgsb } from "@lmmkit/optim";
import { hasHardBounds } from "../design/theta-bounds";
import { LmmError } from "../errors";
import { boundsInPhi } from "./coordinates";
import { minqueStart } from "./minque";
import type { OptimizerRun, Search } from "./search";
import { SecondOrder } from "./second-order";

/**
 * One run of the limited-memory quasi-Newton method with the exact gradient, on scaled columns, without
 * bounds (within them it is trapped at zero variances).
 *
 * @param start θ to start from, or null for MINQUE(0) values (identity templates where those fail)
 * @throws LmmError `aborted`
 */
export function runLbfgs(
  { workspace, method, options, coordinates }: Search,
  start: Float64Array | null,
): OptimizerRun {
  const { onEvaluation, signal } = options;
  const before = workspace.maps;
  workspace.maps = coordinates.maps;
  try {
    const phi0 =
      start === null ? (minqueStart(workspace) ?? workspace.design.theta0) : coordinates.fromTheta(start);
    const first = new SecondOrder(workspace, method);
    const result = lbfgsb((phi, gradient) => first.evaluateGradientInto(phi, gradient), phi0, {
      maxEvaluations: options.optimizer?.maxEvaluations,
      ...(hasHardBounds(workspace.design) ? boundsInPhi(workspace.design, coordinates) : {}),
      signal,
      ...(onEvaluation === undefined
        ? {}
        : {
            onEvaluation: (phi, value, evaluations) => {
              onEvaluation(coordinates.toTheta(phi), value, evaluations);
            },
          }),
    });
    if (signal?.aborted) {
      throw new LmmError("aborted", "aborted fit", signal.reason, "the signal was aborted");
    }
    const { x, f, evaluations, status, message } = result;
    return {
      theta: coordinates.toTheta(x),
      criterion: f,
      optimizer: {
        name: "lbfgs",
        npt: null,
        rhobeg: null,
        rhoend: null,
        evaluations,
        status,
        message,
        trace: [],
      },
    };
  } finally {
    workspace.maps = before;
  }
}
