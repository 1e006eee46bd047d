export { type BobyqaResult, bobyqa } from "./bobyqa/bobyqa";
export type { TracePoint } from "./bobyqa/evaluator";
export type { BobyqaOptions } from "./bobyqa/options";
export { type BobyqaPreset, type Bounds, nloptInitialStep, presetOptions } from "./bobyqa/presets";
export { BOBYQA_MESSAGES, type BobyqaStatus } from "./bobyqa/status";
export { OptimError, type OptimErrorCode } from "./optim-error";
