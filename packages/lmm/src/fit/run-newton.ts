import { trustRegionNewton } from "@lmmkit/optim";
import { LmmError } from "../errors";
import { minqueStart } from "./minque";
import type { OptimizerRun, Search } from "./search";
import { SecondOrder } from "./second-order";

/**
 * A run ends when the model predicts no larger decrease. θ is off by the root of twice this over the
 * curvature, so six digits where the curvature is 1.
 */
const DECREASE = 1e-12;

/**
 * One run of the trust-region Newton method on scaled columns, without bounds.
 *
 * @param start θ to start from, or null for MINQUE(0) values (identity templates where those fail)
 * @throws LmmError `aborted`
 */
export function runNewton(
  { workspace, method, options, coordinates }: Search,
  start: Float64Array | null,
): OptimizerRun {
  const before = workspace.maps;
  workspace.maps = coordinates.maps;
  try {
    const phi0 =
      start === null ? (minqueStart(workspace) ?? workspace.design.theta0) : coordinates.fromTheta(start);
    const second = new SecondOrder(workspace, method);
    const { onEvaluation } = options;
    const result = trustRegionNewton(
      (phi, gradient, hessian) => second.evaluateInto(phi, gradient, hessian),
      phi0,
      {
        decreaseTol: DECREASE,
        maxEvaluations: options.optimizer?.maxEvaluations,
        signal: options.signal,
        ...(onEvaluation === undefined
          ? {}
          : {
              onEvaluation: (phi, value, evaluations) => {
                onEvaluation(coordinates.toTheta(phi), value, evaluations);
              },
            }),
      },
    );
    if (options.signal?.aborted) {
      throw new LmmError("aborted", "aborted fit", options.signal.reason, "the signal was aborted");
    }
    const { evaluations, status, message } = result;
    const { x, gradient, hessian } = result;
    return {
      theta: coordinates.toTheta(x),
      derivatives: { phi: x, gradient, hessian },
      criterion: result.f,
      optimizer: {
        name: "newton",
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
