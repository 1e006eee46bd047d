export {
  type CholeskyOptions,
  type CholeskyResult,
  cholesky,
  choleskyInPlace,
  choleskyTrapezoidInPlace,
  choleskyWorkspace,
} from "./cholesky";
export { DenseError, type DenseErrorCode } from "./errors";
export { LogProduct, logarithm } from "./logarithm";
export {
  applyQInPlace,
  applyQtInPlace,
  leastSquares,
  type PivotedQr,
  pivotedQr,
  triangleOfQr,
} from "./pivoted-qr";
export {
  gemmBlockInto,
  gemmInto,
  type ProductOptions,
  syrkBlockInto,
  syrkInto,
  type Transposition,
} from "./products";
export type { KernelChoice } from "./staging";
export { subtractProductInPlace } from "./subtract-product";
export { choleskyTrapezoidsInPlace } from "./trapezoid-cholesky";
export { panelArea, panelDepth, panelWidth, type TrapezoidRoom } from "./trapezoid-room";
export { solveTrapezoidsInPlace, type Trapezoids } from "./trapezoids";
export {
  choleskyInverseInPlace,
  invertLowerInPlace,
  solveLowerLeftInPlace,
  solveLowerRightInPlace,
} from "./triangular-blocks";
export {
  solveLowerInPlace,
  solveLowerTransposeInPlace,
  solveTriangularInPlace,
  solveUpperInPlace,
  solveUpperTransposeInPlace,
} from "./triangular-solve";
export {
  DenseWorkspace,
  type DenseWorkspaceOptions,
  PackingWorkspace,
} from "./workspace";
