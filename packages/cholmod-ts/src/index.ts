export { amdOrder, colamdOrder } from "./amd";
export { type AnalyzeOptions, analyze } from "./analyze";
export { inverseNorm1 } from "./condition";
export { CholmodError, type CholmodErrorCode } from "./errors";
export {
  CholeskyFactor,
  type FactorizeOptions,
  type FactorStatus,
  factorize,
  type UpdateOptions,
} from "./factor";
export type { AmdOptions } from "./minimum-degree";
export { nestedDissectionOrder } from "./nested-dissection";
export type { Ordering } from "./ordering";
export { type RefinedSolution, type RefineOptions, solveRefined } from "./refine";
export { type SymbolicJson, symbolicFromJson, symbolicToJson } from "./serialize";
export { inverseColumns, solveSparse } from "./solve-sparse";
export type { SolveSystem } from "./solve-system";
export type {
  ColumnPattern,
  FactorKind,
  FactorType,
  MatrixForm,
  SupernodePartition,
  Symbolic,
} from "./symbolic";
