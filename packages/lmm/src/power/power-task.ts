import type { ModelFrame } from "@lmmkit/formula";
import { structuresOf } from "../bootstrap/structures-of";
import { type Refitter, refitter } from "../fit/fit-frame";
import type { DdfMethod } from "../inference/coef-tests";
import { contest } from "../inference/contest";
import { chiSquareTails } from "../inference/distributions/tails";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { lendWorkspace } from "../model/workspace-of";
import type { Task } from "../parallel/task";
import { RandomStream } from "../random/random-stream";
import { type SimulationParameters, simulatorOf } from "../simulate/simulate";

/** How a fixed effect is tested: by t or F with some degrees of freedom, or by the likelihood ratio of two ML fits. */
export type PowerTest = DdfMethod | "lrt";

/** What every simulation needs; plain data. */
export interface PowerSetup {
  readonly model: LinearMixedModel;
  /** Positions of the effects that are tested jointly. */
  readonly effects: readonly number[];
  readonly test: PowerTest;
  readonly nsim: number;
  readonly seed: number;
  /** One set of parameters per point of the power curve, β complete. */
  readonly points: readonly (SimulationParameters & { readonly beta: readonly number[] })[];
}

/**
 * p-values of tests on simulated responses: job i is simulation i mod nsim of point ⌊i/nsim⌋. All points see the
 * same random numbers, so that a power curve is smooth.
 */
export const powerTask: Task<PowerSetup, number> = {
  name: "power",
  prepare: ({ model, effects, test, nsim, seed, points }) => {
    const simulators = points.map((parameters) => simulatorOf(model, { parameters }).simulator);
    const pValue = test === "lrt" ? likelihoodRatio(model, effects) : tested(model, effects, test);
    return (index) => pValue(simulators[Math.floor(index / nsim)].draw(new RandomStream(seed, index % nsim)));
  },
};

type PValue = (response: Float64Array) => number;

function tested(model: LinearMixedModel, effects: readonly number[], ddf: DdfMethod): PValue {
  const first = refitterOf(model, model.frame, model.method);
  const contrasts = effects.map((j) => {
    const row = new Float64Array(model.beta.length);
    row[j] = 1;
    return row;
  });
  return (response) => {
    const fit = first.refit(response);
    lendWorkspace(first.model, fit);
    return contest(fit, contrasts, { ddf }).pValue;
  };
}

function likelihoodRatio(model: LinearMixedModel, effects: readonly number[]): PValue {
  const { fixed } = model.frame;
  // What is not kept in the model must not come in for what is taken out.
  const kept = Array.from(model.design.fixedColumns).filter((_, j) => !effects.includes(j));
  const without: ModelFrame = {
    ...model.frame,
    fixed: {
      ...fixed,
      names: kept.map((j) => fixed.names[j]),
      columns: kept.map((j) => fixed.columns[j]),
      assign: Int32Array.from(kept, (j) => fixed.assign[j]),
    },
  };
  const large = refitterOf(model, model.frame, "ML");
  const small = refitterOf(model, without, "ML");
  return (response) => {
    const gain = small.refit(response).criterion - large.refit(response).criterion;
    return chiSquareTails(Math.max(0, gain), effects.length).upper;
  };
}

function refitterOf(model: LinearMixedModel, frame: ModelFrame, method: "ML" | "REML"): Refitter {
  return refitter(frame, { method, start: model.theta, structures: structuresOf(model.design) });
}
