import type { AAtPlan, CscMatrix, CscPattern, Triangle } from "@lmmkit/sparse";
import { analyzeAAt, checkMatrix, checkPattern, SparseError } from "@lmmkit/sparse";
import { CholmodError, type CholmodErrorCode } from "./errors";
import type { FactorKind, FactorType, MatrixForm } from "./symbolic";

/** Throws `CholmodError` unless the pattern's pointers and rows are sound, sorted and without duplicates. */
export function checkInputPattern(pattern: CscPattern): void {
  try {
    checkPattern(pattern);
  } catch (error) {
    throw asCholmodError(error);
  }
}

/** As `checkInputPattern`, and throws ("dimension-mismatch") unless there is a value for each entry. */
export function checkInputMatrix(matrix: CscMatrix): void {
  try {
    checkMatrix(matrix);
  } catch (error) {
    throw asCholmodError(error);
  }
}

/** The plan of A A' for a checked pattern. Throws `CholmodError` ("too-many-entries") when it would be too large. */
export function planAAt(pattern: CscPattern): AAtPlan {
  try {
    return analyzeAAt(pattern);
  } catch (error) {
    throw asCholmodError(error);
  }
}

/** What the sparse routines say about a matrix, as an error of this package; other errors stay what they are. */
function asCholmodError(error: unknown): unknown {
  if (!(error instanceof SparseError)) return error;
  return new CholmodError(codeOf(error), error.message.split(": ")[0], error.value, error.hint);
}

function codeOf({ code }: SparseError): CholmodErrorCode {
  if (code === "not-a-matrix" || code === "too-many-entries") return code;
  if (code === "length-mismatch") return "dimension-mismatch";
  return code === "unsorted-rows" ? "unsorted-or-duplicate-entries" : "invalid-index";
}

/** Throws unless `kind` is one that `analyze` knows. */
export function checkKind(kind: FactorKind | "auto"): void {
  if (kind === "auto" || kind === "simplicial" || kind === "supernodal") return;
  throw new CholmodError("unknown-kind", "unknown kind", kind, 'need "auto", "simplicial" or "supernodal"');
}

/** Throws unless `type` is one of the two. */
export function checkType(type: FactorType): void {
  if (type === "LLt" || type === "LDLt") return;
  throw new CholmodError("unknown-type", "unknown type", type, 'need "LLt" or "LDLt"');
}

/** Decides what is to be factorized: as asked, or as the pattern suggests. Throws when that is not clear. */
export function inferForm(
  pattern: CscPattern,
  uplo: Triangle | undefined,
  form: MatrixForm | undefined,
): { form: MatrixForm; uplo: Triangle } {
  if (uplo !== undefined && uplo !== "lower" && uplo !== "upper") {
    throw new CholmodError("ambiguous-form", "unknown triangle", uplo, 'uplo is "lower" or "upper"');
  }
  if (form !== undefined && form !== "symmetric" && form !== "AAt") {
    throw new CholmodError("ambiguous-form", "unknown form", form, 'form is "symmetric" or "AAt"');
  }
  const square = pattern.nrows === pattern.ncols;
  if (form === "AAt" || (form === undefined && uplo === undefined && !square))
    return { form: "AAt", uplo: "lower" };
  if (!square) {
    throw new CholmodError(
      "not-square",
      "non-square matrix",
      `${pattern.nrows} x ${pattern.ncols}`,
      'a symmetric matrix is square; pass form: "AAt" for the factor of A A\'',
    );
  }
  if (uplo !== undefined) return { form: "symmetric", uplo };
  const { lower, upper } = trianglesPresent(pattern);
  if (lower && upper) {
    throw new CholmodError(
      "ambiguous-form",
      "entries in both triangles of a square matrix",
      `${pattern.nrows} x ${pattern.ncols}`,
      'pass uplo: "lower" or "upper" for a symmetric A, form: "AAt" for A A\'',
    );
  }
  return { form: "symmetric", uplo: upper ? "upper" : "lower" };
}

function trianglesPresent(pattern: CscPattern): { lower: boolean; upper: boolean } {
  const { ncols, colPtr, rowIdx } = pattern;
  let lower = false;
  let upper = false;
  for (let j = 0; j < ncols && !(lower && upper); j++) {
    if (colPtr[j] === colPtr[j + 1]) continue;
    // Rows are sorted, so the first and the last tell.
    if (rowIdx[colPtr[j]] < j) upper = true;
    if (rowIdx[colPtr[j + 1] - 1] > j) lower = true;
  }
  return { lower, upper };
}

/** Whether two patterns hold the same entries; arrays that are the very same are not compared. */
function samePattern(a: CscPattern, b: CscPattern): boolean {
  if (a.nrows !== b.nrows || a.ncols !== b.ncols) return false;
  if (a.colPtr !== b.colPtr) {
    for (let j = 0; j <= a.ncols; j++) if (a.colPtr[j] !== b.colPtr[j]) return false;
  }
  if (a.rowIdx !== b.rowIdx) {
    const count = a.colPtr[a.ncols];
    for (let p = 0; p < count; p++) if (a.rowIdx[p] !== b.rowIdx[p]) return false;
  }
  return true;
}

/** Throws unless `matrix` has the analyzed pattern and, as β, finite values. Allocates nothing when it does. */
export function checkUpdate(matrix: CscMatrix, pattern: CscPattern, beta: number): void {
  if (!(matrix?.colPtr && matrix.rowIdx && matrix.values)) {
    throw new CholmodError("not-a-matrix", "invalid matrix", matrix, "need the analyzed pattern with values");
  }
  if (!samePattern(matrix, pattern)) {
    throw new CholmodError(
      "pattern-mismatch",
      "pattern differs from the analyzed one",
      `${matrix.nrows} x ${matrix.ncols}`,
      "call analyze for the new pattern",
    );
  }
  const { values } = matrix;
  const count = matrix.colPtr[matrix.ncols];
  if (values.length < count) {
    throw new CholmodError(
      "dimension-mismatch",
      "short values",
      values.length,
      `the pattern has ${count} entries`,
    );
  }
  // x − x is 0 for a finite x and NaN otherwise; what is no number would be joined to the values as text.
  let sum = typeof beta === "number" ? beta - beta : Number.NaN;
  for (let p = 0; p < count; p++) sum += values[p] - values[p];
  if (sum === 0) return;
  const at = values.subarray(0, count).findIndex((x) => !Number.isFinite(x));
  if (at === -1)
    throw new CholmodError("non-finite-value", "non-finite beta", beta, "beta must be a finite number");
  throw new CholmodError(
    "non-finite-value",
    `non-finite value at entry ${at}`,
    values[at],
    "every value must be finite",
  );
}
