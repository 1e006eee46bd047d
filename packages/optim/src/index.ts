export { type BobyqaResult, bobyqa } from "./bobyqa/bobyqa";
export type { BobyqaTracePoint } from "./bobyqa/evaluator";
export { type NewuoaOptions, newuoa } from "./bobyqa/newuoa";
export type { BobyqaOptions, BobyqaPreset } from "./bobyqa/options";
export { type Bounds, nloptInitialStep, presetOptions } from "./bobyqa/presets";
export { BOBYQA_MESSAGES, type BobyqaStatus } from "./bobyqa/status";
export {
  type CheckOptions,
  checkDerivatives,
  type DerivativeCheck,
  type DerivativeMismatch,
} from "./derivatives/check-derivatives";
export {
  type DifferenceOptions,
  type NumericalDerivative,
  numericalGradient,
  numericalHessian,
  numericalJacobian,
} from "./derivatives/numerical";
export { type FirstOrderObjective, type LbfgsbOptions, type LbfgsbResult, lbfgsb } from "./lbfgsb/lbfgsb";
export { LBFGSB_MESSAGES, type LbfgsbStatus } from "./lbfgsb/status";
export { type NelderMeadOptions, type NelderMeadResult, nelderMead } from "./nelder-mead/nelder-mead";
export { NELDER_MEAD_MESSAGES, type NelderMeadStatus } from "./nelder-mead/status";
export type { Certificate } from "./newton/certificate";
export type { NewtonTracePoint, SecondOrderObjective } from "./newton/objective";
export type { NewtonOptions } from "./newton/options";
export { NEWTON_MESSAGES, type NewtonStatus } from "./newton/status";
export { type NewtonResult, trustRegionNewton } from "./newton/trust-region-newton";
export { OptimError, type OptimErrorCode } from "./optim-error";
export type { Calls, OptimResult, OptimStatus, TracePoint } from "./result";
