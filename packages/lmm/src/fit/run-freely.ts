import type { ThetaBounds } from "../design/theta-bounds";
import { boundsInPhi } from "./coordinates";
import type { FitOptions, OptimizerOptions } from "./options";
import type { OptimizerRun, Search } from "./search";

/** A run over θ, or over φ where the search's coordinates say so. */
type Run = (search: Search, start: Float64Array, bounds: ThetaBounds) => OptimizerRun;

/** Radii for coordinates in which every column has mean square one. */
const RADII = { rhobeg: 0.2, rhoend: 2e-7 } as const;
/** Evaluations allowed to the second run unless the user says otherwise. */
const MOST_EVALUATIONS = 10_000;

/**
 * One more run of an optimizer without derivatives, in scaled columns and without any bounds that can be lifted, so that neither
 * the box nor the units of a covariate can hold it: covariates near 10⁶ make long narrow valleys in θ that
 * are round in φ.
 *
 * @param from θ where the run before ended; identity templates are taken when `fromIsFinite` is false
 * @returns with θ, and the evaluations of this run alone
 */
export function runFreely(search: Search, from: Float64Array, fromIsFinite: boolean, run: Run): OptimizerRun {
  const { workspace, coordinates, options } = search;
  const before = workspace.maps;
  const toTheta = (phi: Float64Array) => coordinates.toTheta(phi);
  try {
    workspace.maps = coordinates.maps;
    const start = fromIsFinite ? coordinates.fromTheta(from) : workspace.design.theta0.slice();
    const bounds = boundsInPhi(workspace.design, coordinates);
    const result = run({ ...search, options: optionsInPhi(options, toTheta) }, start, bounds);
    const { optimizer } = result;
    const trace = optimizer.trace.map((step) => ({
      ...step,
      theta: coordinates.toTheta(step.theta),
    }));
    return { ...result, theta: toTheta(result.theta), optimizer: { ...optimizer, trace } };
  } finally {
    workspace.maps = before;
  }
}

/** The user's options, with callbacks that see θ and radii that suit φ. */
function optionsInPhi(options: FitOptions, toTheta: (phi: Float64Array) => Float64Array): FitOptions {
  const { onEvaluation, onRho } = options;
  const asked: OptimizerOptions = options.optimizer ?? {};
  return {
    ...options,
    optimizer: { ...asked, ...RADII, maxEvaluations: asked.maxEvaluations ?? MOST_EVALUATIONS },
    ...(onEvaluation && {
      onEvaluation: (phi, value, evaluations) => onEvaluation(toTheta(phi), value, evaluations),
    }),
    ...(onRho && {
      onRho: (rho, evaluations, value, phi) => onRho(rho, evaluations, value, toTheta(phi)),
    }),
  };
}
