import { InferenceError } from "../inference/inference-error";
import { estimatesOf } from "../intervals/parameter-estimates";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { runJobs } from "../parallel/serial";
import type { JobOutcome, RunOptions, Task, WorkerPool } from "../parallel/task";
import { profileTargets } from "../profile/profile-parameters";
import { RandomStream } from "../random/random-stream";
import { checkCount } from "../simulate/simulate";
import {
  type BootstrapSetup,
  type BootstrapType,
  bootstrapTask,
  type Replicate,
  replicateTask,
} from "./bootstrap-task";

/** What `bootstrap` may be told. */
export interface BootstrapOptions extends RunOptions {
  /** Number of replicates, default 1000. */
  readonly nsim?: number;
  /** Seed; replicate i is drawn from stream i of it. Default 0. */
  readonly seed?: number;
  /** `parametric` (default): normal numbers; `semiparametric`: residuals and effects drawn with replacement. */
  readonly type?: BootstrapType;
  /** Whether the random effects stay as they were predicted, so that only residuals vary. Default false. */
  readonly useU?: boolean;
}

/** What `bootstrap` in the caller's thread may be told besides. */
export interface BootstrapStatisticOptions extends BootstrapOptions {
  /**
   * What to compute from every refit, a list of numbers; default the standard deviations, correlations, σ and fixed
   * effects.
   */
  readonly statistic?: (model: LinearMixedModel) => ArrayLike<number>;
  /** Names of the statistic's numbers. */
  readonly names?: readonly string[];
}

/** A replicate that gave no number. */
export interface FailedReplicate {
  readonly index: number;
  readonly code: string | null;
  readonly message: string;
}

/** Bootstrap replicates; plain data. */
export interface Bootstrap {
  readonly kind: "bootstrap";
  readonly type: BootstrapType;
  readonly useU: boolean;
  readonly seed: number;
  readonly nsim: number;
  readonly names: readonly string[];
  /** The statistic of the model itself. */
  readonly observed: Float64Array;
  /** One vector of `nsim` numbers per name; NaN where a replicate failed. */
  readonly replicates: readonly Float64Array[];
  /** Indices of replicates with a singular fit; they count. */
  readonly singular: readonly number[];
  /** Indices of replicates whose optimizer could not show a minimum; they count. */
  readonly notConverged: readonly number[];
  readonly failures: readonly FailedReplicate[];
}

/**
 * Refits the model to simulated responses and keeps what comes out.
 *
 * Nothing symbolic is done again for a replicate; what fails, is singular or does not converge is kept as data. The
 * numbers depend on the seed alone, whoever computes them.
 *
 * @throws InferenceError `unknown-option`; LmmError `aborted`
 * Cost: one refit per replicate.
 *
 * Source: Davison & Hinkley (1997), *Bootstrap methods and their application*; Bates, Mächler, Bolker & Walker
 * (2015), §5.1.3 (`bootMer`).
 */
export function bootstrap(model: LinearMixedModel, options: BootstrapStatisticOptions = {}): Bootstrap {
  const setup = checkedSetup(model, options);
  const { statistic } = options;
  const task: Task<BootstrapSetup, Replicate> =
    statistic === undefined ? bootstrapTask : replicateTask(statistic);
  const observed = statistic === undefined ? defaults(model) : numbersOf(statistic(model));
  const nsim = checkCount("nsim", options.nsim ?? 1000);
  return collect(
    setup,
    namesOf(model, options, observed.length),
    observed,
    runJobs(task, setup, nsim, options),
  );
}

/**
 * `bootstrap` on the workers of a pool; the same numbers.
 *
 * @param pool `nodeWorkers()` of `@lmmkit/lmm/node`, `workerPool` in a browser, `serialPool()`
 * @throws (rejects) as `bootstrap`, and what the pool rejects with
 */
export async function bootstrapIn(
  pool: WorkerPool,
  model: LinearMixedModel,
  options: BootstrapOptions = {},
): Promise<Bootstrap> {
  if ("statistic" in options && options.statistic !== undefined) {
    throw new InferenceError(
      "unknown-option",
      "unusable statistic: a function cannot be sent to workers",
      "statistic",
      "call bootstrap, or compute it from the replicates of the parameters",
    );
  }
  const setup = checkedSetup(model, options);
  const nsim = checkCount("nsim", options.nsim ?? 1000);
  const outcomes = await pool.run(bootstrapTask, setup, nsim, options);
  const observed = defaults(model);
  return collect(setup, namesOf(model, {}, observed.length), observed, outcomes);
}

function checkedSetup(model: LinearMixedModel, options: BootstrapOptions): BootstrapSetup {
  const { type = "parametric", useU = false, seed = 0 } = options;
  if (type !== "parametric" && type !== "semiparametric") {
    throw new InferenceError(
      "unknown-option",
      `unknown type: ${JSON.stringify(type)}`,
      type,
      'choose "parametric" or "semiparametric"',
    );
  }
  new RandomStream(seed);
  return { model, type, useU, seed };
}

/** What a statistic gave, if it is a list of numbers. */
function numbersOf(given: ArrayLike<number>): Float64Array {
  const length: unknown = typeof given === "object" && given !== null ? given.length : undefined;
  if (typeof length === "number" && Array.from(given).every((value) => typeof value === "number")) {
    return Float64Array.from(given);
  }
  throw new InferenceError(
    "unknown-option",
    `unusable statistic: it gives ${typeof given === "number" ? "a number" : JSON.stringify(given)}`,
    given,
    "let it give a list of numbers, such as [model.sigma]",
  );
}

function defaults(model: LinearMixedModel): Float64Array {
  return estimatesOf(model, profileTargets(model));
}

function namesOf(
  model: LinearMixedModel,
  options: BootstrapStatisticOptions,
  count: number,
): readonly string[] {
  if (options.statistic === undefined) return profileTargets(model).map(({ name }) => name);
  const names = options.names ?? Array.from({ length: count }, (_, i) => `statistic ${i + 1}`);
  if (names.length === count) return names;
  throw new InferenceError(
    "unknown-option",
    `wrong number of names: ${names.length}`,
    names,
    `the statistic has ${count} numbers`,
  );
}

function collect(
  { type, useU, seed }: BootstrapSetup,
  names: readonly string[],
  observed: Float64Array,
  outcomes: readonly JobOutcome<Replicate>[],
): Bootstrap {
  const nsim = outcomes.length;
  const replicates = names.map(() => new Float64Array(nsim).fill(Number.NaN));
  const singular: number[] = [];
  const notConverged: number[] = [];
  const failures: FailedReplicate[] = [];
  outcomes.forEach((outcome, index) => {
    if (outcome.status === "failed") {
      failures.push({ index, code: outcome.error.code, message: outcome.error.message });
      return;
    }
    const { values, singular: onBoundary, converged } = outcome.value;
    for (let j = 0; j < names.length; j++) replicates[j][index] = values[j];
    if (onBoundary) singular.push(index);
    if (!converged) notConverged.push(index);
  });
  return {
    kind: "bootstrap",
    type,
    useU,
    seed,
    nsim,
    names,
    observed,
    replicates,
    singular,
    notConverged,
    failures,
  };
}
