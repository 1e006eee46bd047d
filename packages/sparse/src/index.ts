export { add, multiply, scale, scaleColumns, scaleRows } from "./arithmetic";
export { checkDimension, checkFinite, checkLength, checkMatrix, checkPattern, checkSquare } from "./check";
export { type Components, connectedComponents } from "./components";
export { dropEntries, fromDense, toDense } from "./convert-dense";
export type { CscMatrix, CscPattern, Triangle } from "./csc";
export {
  copy,
  diagonal,
  diagonalOf,
  findEntry,
  identity,
  nnz,
  patternOf,
  valueAt,
  withValues,
  zeros,
} from "./csc";
export { SparseError, type SparseErrorCode } from "./errors";
export { type AAtPlan, analyzeAAt, multiplyAAt, multiplyAtA, refillAAtInto } from "./gram";
export {
  type MatrixMarketHeader,
  type ReadMatrixMarketOptions,
  readMatrixMarket,
  readMatrixMarketHeader,
} from "./matrix-market";
export { type WriteMatrixMarketOptions, writeMatrixMarket } from "./matrix-market-write";
export {
  multiplySymmetricVector,
  multiplyTransposeVector,
  multiplyTransposeVectorInto,
  multiplyVector,
  multiplyVectorInto,
} from "./matvec";
export { norm1, normFrobenius, normInf, normSymmetric } from "./norms";
export { type PatternSvgOptions, patternSvg } from "./pattern-svg";
export { type PatternTextOptions, patternText } from "./pattern-text";
export {
  composePermutations,
  identityPermutation,
  invertPermutation,
  isPermutation,
  type Permutation,
  permutation,
  permuteVector,
  unpermuteVector,
} from "./permutation";
export { permuteColumns, permuteRows, permuteSymmetric } from "./permute";
export { type ReadRutherfordBoeingOptions, readRutherfordBoeing } from "./rutherford-boeing";
export { selectColumns, sliceColumns, sliceRows } from "./slice";
export { blockDiagonal, stackHorizontally, stackVertically } from "./stack";
export { type Matching, maximumMatching, structuralRank } from "./structural-rank";
export { transpose, transposePattern, transposeWithSource } from "./transpose";
export { filterEntries, symmetrize, triangle } from "./triangle";
export {
  solveLower,
  solveLowerInPlace,
  solveLowerTranspose,
  solveLowerTransposeInPlace,
  solveUpper,
  solveUpperInPlace,
  solveUpperTranspose,
  solveUpperTransposeInPlace,
} from "./triangular-solve";
export { type Entry, fromEntries, fromTriplets, type Triplets, toEntries, toTriplets } from "./triplets";
