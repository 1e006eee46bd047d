export {
  type CholeskyResult,
  cholesky,
  choleskyInPlace,
  choleskyTrapezoidInPlace,
  choleskyWorkspace,
} from "./cholesky";
export { DenseError, type DenseErrorCode } from "./errors";
export { PackingWorkspace } from "./packing";
export {
  applyQInPlace,
  applyQtInPlace,
  leastSquares,
  type PivotedQr,
  pivotedQr,
  triangleOfQr,
} from "./pivoted-qr";
export { gemmInto, type ProductOptions, syrkInto, type Transposition } from "./products";
export { subtractProductInPlace } from "./subtract-product";
export {
  choleskyInverseInPlace,
  invertLowerInPlace,
  solveLowerLeftInPlace,
  solveLowerRightInPlace,
} from "./triangular-blocks";
export {
  solveLowerInPlace,
  solveLowerTransposeInPlace,
  solveUpperInPlace,
  solveUpperTransposeInPlace,
} from "./triangular-solve";
