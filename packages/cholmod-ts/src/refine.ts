import type { CscMatrix, Triangle } from "@lmmkit/sparse";
import { checkInputMatrix } from "./check-input";
import { CholmodError } from "./errors";
import type { CholeskyFactor } from "./factor";

/** Options of `solveRefined`. */
export interface RefineOptions {
  /** Most corrections, 5 by default. */
  readonly maxSteps?: number;
}

/** Result of `solveRefined`. */
export interface RefinedSolution {
  readonly x: Float64Array;
  /** Corrections that were made. */
  readonly steps: number;
  /** max |b − A x| / (|A| |x| + |b|) over the rows: the componentwise backward error of x. */
  readonly backwardError: number;
}

/**
 * The solution of (A + βI) x = b with iterative refinement: r = b − (A + βI) x, x ← x + (A + βI)⁻¹ r, as long
 * as the componentwise backward error falls to less than half.
 *
 * Also useful with a factor of a nearby matrix. For A A' the residual is formed with A, without the product.
 * Cost per step: one solve and one product with A. Throws `CholmodError` on wrong sizes or without a factor.
 *
 * Source: Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 12.1 and 7.2
 * (Oettli & Prager's backward error).
 *
 * @param b one right-hand side of length n; not changed
 */
export function solveRefined(
  factor: CholeskyFactor,
  matrix: CscMatrix,
  b: ArrayLike<number>,
  options: RefineOptions = {},
): RefinedSolution {
  const { maxSteps = 5 } = options;
  const { n, form, uplo, pattern } = factor.symbolic;
  checkInputMatrix(matrix);
  if (matrix.nrows !== pattern.nrows || matrix.ncols !== pattern.ncols) {
    throw new CholmodError(
      "dimension-mismatch",
      "wrong shape of the matrix",
      `${matrix.nrows} x ${matrix.ncols}`,
      `need ${pattern.nrows} x ${pattern.ncols}`,
    );
  }
  if (b.length !== n)
    throw new CholmodError("dimension-mismatch", "wrong length of b", b.length, `need ${n}`);
  const x = factor.solve(b);
  const residual = new Float64Array(n);
  const bound = new Float64Array(n);
  const inner = new Float64Array(form === "AAt" ? 2 * matrix.ncols : 0);
  const measure = () => {
    for (let i = 0; i < n; i++) {
      residual[i] = b[i] - factor.beta * x[i];
      bound[i] = Math.abs(b[i]) + Math.abs(factor.beta * x[i]);
    }
    if (form === "AAt") subtractProduct(matrix, x, residual, bound, inner);
    else subtractSymmetric(matrix, uplo, x, residual, bound);
    let error = 0;
    for (let i = 0; i < n; i++) {
      const ratio = residual[i] === 0 ? 0 : Math.abs(residual[i]) / bound[i];
      if (!(ratio <= error)) error = ratio;
    }
    return error;
  };

  let steps = 0;
  let error = measure();
  while (steps < maxSteps && error > 0) {
    const before = x.slice();
    const correction = factor.solve(residual);
    for (let i = 0; i < n; i++) x[i] += correction[i];
    const next = measure();
    if (!(next < 0.5 * error)) {
      if (!(next < error)) x.set(before);
      else error = next;
      break;
    }
    error = next;
    steps++;
  }
  return { x, steps, backwardError: error };
}

/** r ← r − A x and bound ← bound + |A| |x| for a symmetric A of which one triangle is stored. */
function subtractSymmetric(
  matrix: CscMatrix,
  uplo: Triangle,
  x: Float64Array,
  r: Float64Array,
  bound: Float64Array,
): void {
  const { ncols, colPtr, rowIdx, values } = matrix;
  const lower = uplo === "lower";
  for (let j = 0; j < ncols; j++) {
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      const i = rowIdx[p];
      if (i !== j && lower !== i > j) continue;
      const below = values[p] * x[j];
      r[i] -= below;
      bound[i] += Math.abs(below);
      if (i === j) continue;
      const above = values[p] * x[i];
      r[j] -= above;
      bound[j] += Math.abs(above);
    }
  }
}

/** r ← r − A A' x and bound ← bound + |A| |A'| |x|. */
function subtractProduct(
  matrix: CscMatrix,
  x: Float64Array,
  r: Float64Array,
  bound: Float64Array,
  inner: Float64Array,
): void {
  const { ncols, colPtr, rowIdx, values } = matrix;
  for (let k = 0; k < ncols; k++) {
    let sum = 0;
    let size = 0;
    for (let p = colPtr[k]; p < colPtr[k + 1]; p++) {
      sum += values[p] * x[rowIdx[p]];
      size += Math.abs(values[p] * x[rowIdx[p]]);
    }
    inner[k] = sum;
    inner[ncols + k] = size;
  }
  for (let k = 0; k < ncols; k++) {
    for (let p = colPtr[k]; p < colPtr[k + 1]; p++) {
      r[rowIdx[p]] -= values[p] * inner[k];
      bound[rowIdx[p]] += Math.abs(values[p]) * inner[ncols + k];
    }
  }
}
