import { type NewtonResult, trustRegionNewton } from "@lmmkit/optim";
import { hasHardBounds } from "../design/theta-bounds";
import { LmmError } from "../errors";
import { boundsInPhi, type Coordinates, scaledCoordinates } from "./coordinates";
import { minqueStart } from "./minque";
import { pivotOrders } from "./pivot-order";
import type { OptimizerRun, Search } from "./search";
import { SecondOrder } from "./second-order";

/**
 * A run ends when the model predicts no larger decrease. θ is off by the root of twice this over the
 * curvature, so six digits where the curvature is 1.
 */
const DECREASE = 1e-12;
/** Evaluations allowed in all unless the user says otherwise; more than any fit needs that converges as it should. */
const MOST_EVALUATIONS = 60;
/**
 * Steps of this length, in relative standard deviations, are as long as any could be. A start farther
 * away than that (θ given for a covariate in other units) does not make longer steps sensible.
 */
const LARGEST_RADIUS = 1e6;
/** After this many the coordinates are looked at again. */
const STAGE = 12;

/**
 * One run of the trust-region Newton method on scaled columns, without bounds but those that a structure cannot
 * do without. The columns of each term
 * stand in pivoted order, found at the start and again whenever a run takes long.
 *
 * @param start θ to start from, or null for MINQUE(0) values (identity templates where those fail)
 * @throws LmmError `aborted`
 */
export function runNewton(search: Search, start: Float64Array | null): OptimizerRun {
  const { workspace, coordinates } = search;
  const { design, products } = workspace;
  const before = workspace.maps;
  const most = search.options.optimizer?.maxEvaluations ?? MOST_EVALUATIONS;
  try {
    workspace.maps = coordinates.maps;
    let phi = start === null ? (minqueStart(workspace) ?? design.theta0) : coordinates.fromTheta(start);
    let evaluations = 0;
    let radius: number | undefined;
    for (;;) {
      const orders = pivotOrders(design, phi);
      const ordered = orders.some((order) => order !== null);
      const own = ordered ? scaledCoordinates(design, products, orders) : coordinates;
      const from = ordered ? own.fromTheta(coordinates.toTheta(phi)) : phi;
      workspace.maps = own.maps;
      const stage = { evaluations, radius, maxEvaluations: Math.min(STAGE, most - evaluations) };
      const result = runStage(search, own, from, stage);
      evaluations += result.evaluations;
      radius = result.radius;
      if (result.status !== "max-evaluations" || evaluations >= most) {
        return finished(result, own, evaluations);
      }
      phi = ordered ? coordinates.fromTheta(own.toTheta(result.x)) : result.x;
    }
  } finally {
    workspace.maps = before;
  }
}

function runStage(
  { workspace, method, options }: Search,
  coordinates: Coordinates,
  start: Float64Array,
  stage: {
    readonly evaluations: number;
    readonly radius: number | undefined;
    readonly maxEvaluations: number;
  },
): NewtonResult {
  const second = new SecondOrder(workspace, method);
  const { onEvaluation, signal } = options;
  const result = trustRegionNewton(
    (phi, gradient, hessian) => second.evaluateInto(phi, gradient, hessian),
    start,
    {
      decreaseTol: DECREASE,
      // The average information is far from the Hessian where X lacks a constant that Z has.
      approximateHessian: true,
      radius: stage.radius ?? firstRadius(start),
      maxRadius: LARGEST_RADIUS,
      ...(hasHardBounds(workspace.design) ? boundsInPhi(workspace.design, coordinates) : {}),
      maxEvaluations: stage.maxEvaluations,
      signal,
      ...(onEvaluation === undefined
        ? {}
        : {
            onEvaluation: (phi, value, evaluations) => {
              onEvaluation(coordinates.toTheta(phi), value, stage.evaluations + evaluations);
            },
          }),
    },
  );
  if (signal?.aborted) throw new LmmError("aborted", "aborted fit", signal.reason, "the signal was aborted");
  return result;
}

/** Half the distance from zero, within [1, LARGEST_RADIUS]. */
function firstRadius(start: Float64Array): number {
  let lengthSq = 0;
  for (const value of start) lengthSq += value * value;
  return Math.min(LARGEST_RADIUS, Math.max(1, 0.5 * Math.sqrt(lengthSq)));
}

function finished(result: NewtonResult, coordinates: Coordinates, evaluations: number): OptimizerRun {
  const { x, f, gradient, hessian, status, message } = result;
  return {
    theta: coordinates.toTheta(x),
    criterion: f,
    derivatives: { phi: x, gradient, hessian },
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
}
