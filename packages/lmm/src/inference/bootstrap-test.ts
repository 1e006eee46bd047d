import { structuresOf } from "../bootstrap/structures-of";
import { type Refitter, refitter } from "../fit/fit-frame";
import type { Method } from "../fit/options";
import { parameterCount } from "../model/accessors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { RandomStream } from "../random/random-stream";
import { simulatorOf } from "../simulate/simulate";
import { checkData, checkNested } from "./compare-models";
import { chiSquareTails } from "./distributions/tails";
import { InferenceError } from "./inference-error";

/** What `bootstrapTest` is told. */
export interface BootstrapTestOptions {
  /** Simulated responses; default 500. */
  readonly nsim?: number;
  /** Response i is drawn from stream i of it; default 1. */
  readonly seed?: number;
  /** Default: `REML` when both are REML fits with the same fixed effects, else `ML`. */
  readonly method?: Method;
  /** Called after each simulated response. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the test with an `aborted` error. */
  readonly signal?: AbortSignal;
}

/** A likelihood-ratio test with its simulated null distribution. */
export interface BootstrapTest {
  readonly method: Method;
  readonly smaller: string;
  readonly larger: string;
  readonly statistic: number;
  /** From χ², for comparison. */
  readonly df: number;
  readonly asymptotic: number;
  /** (1 + number of simulated statistics that are as large) / (1 + number of those that could be fitted). */
  readonly pValue: number;
  /** Monte-Carlo standard error of the p-value. */
  readonly stdError: number;
  /** The simulated statistics in the order of their streams; NaN where a fit failed. */
  readonly statistics: Float64Array;
  readonly failed: number;
  readonly seed: number;
}

/**
 * The likelihood-ratio test of two nested models by parametric bootstrap: responses are drawn from the smaller fit,
 * and both models are fitted to each. No asymptotics, boundaries included.
 *
 * @throws InferenceError `different-data`, `not-nested`, `same-model`, as `compareModels`
 * Cost: two fits per response; nothing symbolic is done again.
 * Source: Davison & Hinkley (1997), Bootstrap Methods and their Application, §4.4; for mixed models Halekoh &
 * Højsgaard (2014), J. Stat. Soft. 59(9), section 4.
 */
export function bootstrapTest(
  first: LinearMixedModel,
  second: LinearMixedModel,
  options: BootstrapTestOptions = {},
): BootstrapTest {
  const { nsim = 500, seed = 1 } = options;
  if (!(Number.isInteger(nsim) && nsim > 0 && nsim <= 1e7)) {
    throw new InferenceError("unknown-option", `invalid nsim: ${nsim}`, nsim, "give a number of simulations");
  }
  checkData([first, second]);
  const [smaller, larger] =
    parameterCount(first) <= parameterCount(second) ? [first, second] : [second, first];
  checkNested(smaller, larger);
  const sameFixed = smaller.fixedNames.join("\u0000") === larger.fixedNames.join("\u0000");
  const reml = sameFixed && smaller.method === "REML" && larger.method === "REML";
  const method = options.method ?? (reml ? "REML" : "ML");
  if (method === "REML" && !sameFixed) {
    throw new InferenceError(
      "contradictory-options",
      "different fixed effects: restricted likelihoods cannot be compared",
      [smaller.formula, larger.formula],
      'choose method: "ML"',
    );
  }
  const own = (model: LinearMixedModel): Refitter =>
    refitter(model.frame, { method, structures: structuresOf(model.design) });
  const [null0, alternative] = [own(smaller), own(larger)];
  const statistic = Math.max(0, null0.model.criterion - alternative.model.criterion);
  const { simulator } = simulatorOf(null0.model);
  const statistics = new Float64Array(nsim);
  let atLeast = 0;
  let failed = 0;
  for (let i = 0; i < nsim; i++) {
    options.signal?.throwIfAborted();
    const response = simulator.draw(new RandomStream(seed, i));
    try {
      const [a, b] = [null0.refit(response).criterion, alternative.refit(response).criterion];
      statistics[i] = Math.max(0, a - b);
      if (statistics[i] >= statistic) atLeast++;
    } catch {
      statistics[i] = Number.NaN;
      failed++;
    }
    options.onProgress?.(i + 1, nsim);
  }
  const used = nsim - failed;
  const pValue = (1 + atLeast) / (1 + used);
  const df = parameterCount(larger) - parameterCount(smaller);
  return {
    method,
    smaller: smaller.formula,
    larger: larger.formula,
    statistic,
    df,
    asymptotic: chiSquareTails(statistic, df).upper,
    pValue,
    stdError: Math.sqrt((pValue * (1 - pValue)) / Math.max(1, used)),
    statistics,
    failed,
    seed,
  };
}
