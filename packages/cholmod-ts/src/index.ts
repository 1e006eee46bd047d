export { type AmdOptions, amdOrder } from "./amd";
export { type AnalyzeOptions, analyze, type Ordering } from "./analyze";
export { CholmodError, type CholmodErrorCode } from "./errors";
export { CholeskyFactor, type FactorizeOptions, factorize, type SolveSystem } from "./factor";
export type { FactorKind, MatrixForm, SupernodePartition, Symbolic } from "./symbolic";
