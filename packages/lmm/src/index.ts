export { LmmError, type LmmErrorCode } from "./errors";
export {
  type FrameOptions,
  fitFrame,
  type LmmOptions,
  type LmmTable,
  lmm,
  type ProfiledDeviance,
  profiledDeviance,
} from "./fit/lmm";
export type { FitOptions, Method, OptimizerOptions } from "./fit/options";
export {
  type FixedEffectJson,
  type ModelJson,
  modelJson,
  type RandomTermJson,
} from "./format/model-json";
export { type FormatSummaryOptions, formatSummary } from "./format/summary";
export type {
  Certificate,
  FittedTerm,
  LinearMixedModel,
  OptimizerReport,
  RhoStep,
} from "./model/linear-mixed-model";
