import type { LinearMixedModel } from "../model/linear-mixed-model";

/** What a function of a model takes after the model. */
export type Rest<F extends (model: LinearMixedModel, ...rest: never[]) => unknown> = F extends (
  model: LinearMixedModel,
  ...rest: infer R
) => unknown
  ? R
  : never;
