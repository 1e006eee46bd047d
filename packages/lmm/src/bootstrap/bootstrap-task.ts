import { refitter } from "../fit/fit-frame";
import { estimatesOf } from "../intervals/parameter-estimates";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { Task } from "../parallel/task";
import { profileTargets } from "../profile/profile-parameters";
import { RandomStream } from "../random/random-stream";
import { simulatorOf } from "../simulate/simulate";
import { ResidualResampler } from "./residual-resampler";
import { structuresOf } from "./structures-of";

/** How bootstrap responses are made. */
export type BootstrapType = "parametric" | "semiparametric";

/** What every replicate needs; plain data. */
export interface BootstrapSetup {
  readonly model: LinearMixedModel;
  readonly type: BootstrapType;
  readonly useU: boolean;
  readonly seed: number;
}

/** One replicate. */
export interface Replicate {
  readonly values: Float64Array;
  readonly singular: boolean;
  readonly converged: boolean;
}

/** What is computed from every refit. */
export type Statistic = (model: LinearMixedModel) => ArrayLike<number>;

/** Bootstrap replicates of all parameters: replicate i draws from stream i of the seed. */
export const bootstrapTask: Task<BootstrapSetup, Replicate> = {
  name: "bootstrap",
  prepare: (setup) => {
    const targets = profileTargets(setup.model);
    return prepareReplicates(setup, (model) => estimatesOf(model, targets));
  },
};

/** The same with another statistic, for the caller's own thread. */
export function replicateTask(statistic: Statistic): Task<BootstrapSetup, Replicate> {
  return { name: "bootstrap", prepare: (setup) => prepareReplicates(setup, statistic) };
}

function prepareReplicates(
  { model, type, useU, seed }: BootstrapSetup,
  statistic: Statistic,
): (index: number) => Replicate {
  const source =
    type === "parametric"
      ? simulatorOf(model, { reForm: useU ? "all" : "none" }).simulator
      : new ResidualResampler(model, useU);
  const { refit } = refitter(model.frame, {
    method: model.method,
    start: model.theta,
    structures: structuresOf(model.design),
  });
  return (index) => {
    const fit = refit(source.draw(new RandomStream(seed, index)));
    return { values: Float64Array.from(statistic(fit)), singular: fit.singular, converged: fit.converged };
  };
}
