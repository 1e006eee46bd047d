import { LmmError, type LmmErrorCode } from "../errors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { Task, WorkerPool } from "../parallel/task";
import {
  chosenTargets,
  type Profile,
  type ProfileOptions,
  type ProfileSetup,
  prepareProfile,
  profile,
  profileOf,
  TracedParameters,
} from "./profile";
import { Profiler, type TracedParameter } from "./profiler";

/** One parameter's profile for each job. */
export const profileTask: Task<ProfileSetup, TracedParameter> = {
  name: "profile",
  prepare: ({ model, parameters, start, z, cutoff }) => {
    const targets = chosenTargets(model, parameters);
    const profiler = new Profiler(model, start, undefined);
    return (index) => profiler.traceOne(targets[index], z, cutoff);
  },
};

/** What `profileIn` may be told. */
export interface ProfileInOptions extends Omit<ProfileOptions, "onProgress"> {
  /** Called after each parameter. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * `profile` with its parameters shared out among workers; the same bits on any number of them.
 *
 * Worth it for large models: every worker looks for the maximum of the likelihood first, and most profiles take
 * milliseconds.
 *
 * @param pool of `nodeWorkers`, `workerPool` or `serialPool`
 * @throws (rejects) as `profile`, and what the pool rejects with
 */
export async function profileIn(
  pool: WorkerPool,
  model: LinearMixedModel,
  options: ProfileInOptions = {},
): Promise<Profile> {
  const { setup, targets } = prepareProfile(model, options);
  const { signal, onProgress } = options;
  if (targets.length === 0) {
    const { onProgress: _, ...others } = options;
    return profile(model, others);
  }
  const run = {
    chunk: 1,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  const traced = async (own: ProfileSetup): Promise<TracedParameters> => {
    const outcomes = await pool.run(profileTask, own, targets.length, run);
    let found: TracedParameters | null = null;
    for (const outcome of outcomes) {
      if (outcome.status === "failed") throw failure(outcome.error);
      found ??= new TracedParameters(outcome.value.deviance);
      found.add(outcome.value);
      // What follows is of no use, here as in `profile`.
      if (own.start === model.theta && found.better !== null) break;
    }
    return found as TracedParameters;
  };
  const first = await traced(setup);
  const again = first.better === null ? null : await traced({ ...setup, start: first.better });
  return profileOf(setup, first, again);
}

function failure({ name, code, message }: { name: string; code: string | null; message: string }): Error {
  if (name === "LmmError") return new LmmError(code as LmmErrorCode, message, null, "");
  return new Error(`${name}: ${message}`);
}
