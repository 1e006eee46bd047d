import { modelFrame, parseFormula } from "@lmmkit/formula";
import type { CovarianceStructure } from "../design/covariance-structure";
import { buildDesign } from "../design/design";
import type { FrameOptions, LmmTable } from "../fit/lmm";
import { fittedValues } from "../model/fitted-values";
import { RandomStream } from "../random/random-stream";
import { ResponseSimulator } from "./response-simulator";
import { betaOf, checkCount, rootsOf, type Simulation, type SimulationParameters, sigmaOf } from "./simulate";

/** What `simulateFrom` is told: all parameters, and how many responses. */
export interface SimulateFromOptions extends FrameOptions, Required<SimulationParameters> {
  /** The user's covariance structures, by name. */
  readonly structures?: Readonly<Record<string, CovarianceStructure>>;
  /** Number of responses, default 1. */
  readonly nsim?: number;
  /** Seed; response i is drawn from stream i of it. Default 0. */
  readonly seed?: number;
}

/**
 * New responses from a formula, a table without a response, and parameters: to plan a study, or to test a method.
 *
 * The response of the formula need not be in the table; its name is only passed on. `beta` may be given by names,
 * `theta` is as `getTheta` gives it: of each term, most levels first, the lower triangle of its relative covariance
 * factor by columns.
 *
 * @throws FormulaError, LmmError as `lmm` does for tables and models; InferenceError for parameters that do not fit
 *
 * @example
 * ```ts
 * const { responses } = simulateFrom("y ~ x + (1 | g)", table, { beta: [10, 0.5], theta: [0.8], sigma: 2, seed: 1 });
 * ```
 */
export function simulateFrom(formula: string, table: LmmTable, options: SimulateFromOptions): Simulation {
  const nsim = checkCount("nsim", options.nsim ?? 1);
  const seed = options.seed ?? 0;
  const parsed = parseFormula(formula);
  const rows = modelFrame({ ...parsed, left: null }, table, options);
  const name =
    parsed.left === null ? "response" : formula.slice(parsed.left.span.start, parsed.left.span.end);
  // The design asks for a response, of which it reads nothing.
  const frame = { ...rows, response: { name, values: new Float64Array(rows.nobs) } };
  const design = buildDesign(frame, undefined, options.structures);
  const sigma = sigmaOf(options.sigma);
  const mean = fittedValues(frame, design, betaOf(design.fixedNames, options.beta, null), []);
  const roots = rootsOf(design, options.theta, sigma);
  const drawn = design.terms.map(({ frameIndex }, t) => ({ frameIndex, root: roots[t] }));
  const simulator = new ResponseSimulator(frame, mean, drawn, sigma);
  return {
    responseName: name,
    seed,
    responses: Array.from({ length: nsim }, (_, i) => simulator.draw(new RandomStream(seed, i))),
    rows: frame.rows,
  };
}
