export { type AmdOptions, amdOrder, colamdOrder } from "./amd";
export { type AnalyzeOptions, analyze } from "./analyze";
export { CholmodError, type CholmodErrorCode } from "./errors";
export { CholeskyFactor, type FactorizeOptions, factorize, type SolveSystem } from "./factor";
export type { Ordering } from "./ordering";
export type { FactorKind, MatrixForm, SupernodePartition, Symbolic } from "./symbolic";
