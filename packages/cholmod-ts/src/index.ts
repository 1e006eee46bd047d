export { type AmdOptions, amdOrder, colamdOrder } from "./amd";
export { type AnalyzeOptions, analyze } from "./analyze";
export { CholmodError, type CholmodErrorCode } from "./errors";
export {
  CholeskyFactor,
  type FactorizeOptions,
  type FactorStatus,
  factorize,
  type SolveSystem,
  type UpdateOptions,
} from "./factor";
export type { Ordering } from "./ordering";
export type {
  ColumnPattern,
  FactorKind,
  FactorType,
  MatrixForm,
  SupernodePartition,
  Symbolic,
} from "./symbolic";
