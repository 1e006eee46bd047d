import { checkDdf } from "../inference/coef-tests";
import { normalQuantile } from "../inference/distributions/quantiles";
import { InferenceError } from "../inference/inference-error";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { runJobs } from "../parallel/serial";
import type { JobOutcome, RunOptions, WorkerPool } from "../parallel/task";
import { RandomStream } from "../random/random-stream";
import { betaOf, checkCount, type SimulationParameters } from "../simulate/simulate";
import { type PowerSetup, type PowerTest, powerTask } from "./power-task";

/** What `power` is told. */
export interface PowerOptions extends RunOptions {
  /** Name of the fixed effect that is tested, or of several that are tested jointly. */
  readonly effect: string | readonly string[];
  /** True values of a single effect, one point of the curve each; default the one in the parameters. */
  readonly values?: readonly number[];
  /** Default `satterthwaite`; `lrt` compares two fits by maximum likelihood. */
  readonly test?: PowerTest;
  /** Level of the test, default 0.05. */
  readonly alpha?: number;
  /** Simulations per point, default 1000. */
  readonly nsim?: number;
  readonly seed?: number;
  /** The truth, where it is not what was estimated. */
  readonly parameters?: SimulationParameters;
  /** Confidence of the interval for the power itself, default 0.95. */
  readonly level?: number;
}

/** One point of a power curve. */
export interface PowerPoint {
  /** True value of the effect; null where several are tested. */
  readonly value: number | null;
  /** Simulations with a p-value. */
  readonly nsim: number;
  readonly rejections: number;
  readonly power: number;
  /** Wilson's interval for the power, for the simulations are finite. */
  readonly lower: number;
  readonly upper: number;
  /** Simulations that could not be fitted or tested. */
  readonly failures: number;
}

/** Power of a test; plain data. */
export interface Power {
  readonly kind: "power";
  readonly effect: readonly string[];
  readonly test: PowerTest;
  readonly alpha: number;
  readonly seed: number;
  readonly points: readonly PowerPoint[];
}

/**
 * Power of a test of fixed effects by simulation: the share of simulated responses for which its p-value is at most
 * α, with an interval that says how well the simulations know it.
 *
 * To plan a study without data, simulate a first response with `simulateFrom`, fit it, and give the parameters here.
 *
 * @throws InferenceError `unknown-option` for unknown effects and options; LmmError `aborted`
 * Cost: a refit and a test (two refits for `lrt`) per simulation.
 *
 * Source: Green & MacLeod (2016), "SIMR", Methods in Ecology and Evolution 7; Wilson (1927), JASA 22.
 */
export function power(model: LinearMixedModel, options: PowerOptions): Power {
  const { setup, summary } = prepare(model, options);
  return summary(runJobs(powerTask, setup, setup.nsim * setup.points.length, options));
}

/** `power` on the workers of a pool; the same numbers. */
export async function powerIn(
  pool: WorkerPool,
  model: LinearMixedModel,
  options: PowerOptions,
): Promise<Power> {
  const { setup, summary } = prepare(model, options);
  return summary(await pool.run(powerTask, setup, setup.nsim * setup.points.length, options));
}

function prepare(
  model: LinearMixedModel,
  options: PowerOptions,
): { setup: PowerSetup; summary: (outcomes: readonly JobOutcome<number>[]) => Power } {
  const { alpha = 0.05, seed = 0, values, parameters = {}, level = 0.95 } = options;
  new RandomStream(seed);
  const test = options.test === "lrt" ? "lrt" : checkDdf(options.test);
  const effect = typeof options.effect === "string" ? [options.effect] : options.effect;
  const effects = effect.map((name) => position(model, name));
  const nsim = checkCount("nsim", options.nsim ?? 1000);
  if (!(alpha > 0 && alpha < 1)) throw unusable("alpha", alpha, "a number between 0 and 1, such as 0.05");
  if (!(level > 0 && level < 1)) throw unusable("level", level, "a number between 0 and 1, such as 0.95");
  if (effects.length === 0) throw unusable("effect", effect, "the name of at least one fixed effect");
  if (values !== undefined && effects.length > 1) {
    throw unusable("values", values, "values are those of a single effect; give parameters.beta for several");
  }
  const beta = Array.from(betaOf(model.fixedNames, parameters.beta, model.beta));
  const truths = values ?? (effects.length === 1 ? [beta[effects[0]]] : [null]);
  const points = truths.map((value) => ({
    ...parameters,
    beta: beta.map((own, j) => (value !== null && j === effects[0] ? value : own)),
  }));
  const setup: PowerSetup = { model, effects, test, nsim, seed, points };
  const summary = (outcomes: readonly JobOutcome<number>[]): Power => ({
    kind: "power",
    effect,
    test,
    alpha,
    seed,
    points: truths.map((value, i) =>
      pointOf(value, outcomes.slice(i * nsim, (i + 1) * nsim), alpha, normalQuantile((1 - level) / 2)),
    ),
  });
  return { setup, summary };
}

function pointOf(
  value: number | null,
  outcomes: readonly JobOutcome<number>[],
  alpha: number,
  z: number,
): PowerPoint {
  const pValues = outcomes.flatMap((outcome) =>
    outcome.status === "ok" && !Number.isNaN(outcome.value) ? [outcome.value] : [],
  );
  const nsim = pValues.length;
  const rejections = pValues.filter((p) => p <= alpha).length;
  const share = rejections / nsim;
  const square = (z * z) / nsim;
  const centre = (share + square / 2) / (1 + square);
  const reach = (z / (1 + square)) * Math.sqrt((share * (1 - share)) / nsim + square / (4 * nsim));
  return {
    value,
    nsim,
    rejections,
    power: share,
    lower: Math.max(0, centre - reach),
    upper: Math.min(1, centre + reach),
    failures: outcomes.length - nsim,
  };
}

function position(model: LinearMixedModel, name: string): number {
  const j = model.fixedNames.indexOf(name);
  if (j >= 0) return j;
  throw new InferenceError(
    "unknown-option",
    `unknown fixed effect: ${JSON.stringify(name)}`,
    name,
    `the fixed effects are ${model.fixedNames.join(", ")}`,
  );
}

function unusable(what: string, value: unknown, hint: string): InferenceError {
  return new InferenceError("unknown-option", `unusable ${what}: ${JSON.stringify(value)}`, value, hint);
}
