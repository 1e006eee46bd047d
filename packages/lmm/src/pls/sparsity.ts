import { analyze, factorize } from "@lmmkit/cholmod-ts";
import type { ModelFrame } from "@lmmkit/formula";
import { type CscMatrix, symmetrize } from "@lmmkit/sparse";
import { buildDesign } from "../design/design";
import { LmmError } from "../errors";
import { crossProducts } from "../products/from-frame";
import { systemSymbolic } from "./system-pattern";
import { PlsWorkspace } from "./workspace";

/** How the matrices are to be ordered. */
export interface SparsityOptions {
  /** θ at which the values are computed, in the order of the terms chosen; default: identity templates. */
  readonly theta?: ArrayLike<number>;
  /** Order of the terms: as lme4 (most levels first), as the formula, or positions in the formula. */
  readonly terms?: "levels" | "formula" | readonly number[];
  /**
   * Fill-reducing permutation: `levels` (what fits use: AMD on the levels), `amd` (AMD on the columns),
   * `natural` (none), or a permutation.
   */
  readonly ordering?: "levels" | "amd" | "natural" | Int32Array;
}

/** The matrices whose pictures show what a model costs. */
export interface Sparsity {
  /** Λ'Z'ZΛ + I, both triangles, not permuted. */
  readonly system: CscMatrix;
  /** L, lower triangular, with every entry that the symbolic analysis has a place for. */
  readonly factor: CscMatrix;
  /** Column of the system at each place of the factor. */
  readonly permutation: Int32Array;
  /** lme4's names of θ in the order of the terms chosen. */
  readonly thetaNames: readonly string[];
}

/**
 * Λ'Z'ZΛ + I and its Cholesky factor for a chosen order of terms and permutation.
 *
 * @param frame not changed
 * @throws LmmError for θ of the wrong length or beyond reason
 */
export function sparsity(frame: ModelFrame, options: SparsityOptions = {}): Sparsity {
  const { terms = "levels", ordering = "levels" } = options;
  const order = terms === "formula" ? frame.random.map((_, t) => t) : terms === "levels" ? undefined : terms;
  const design = buildDesign(frame, order);
  const products = crossProducts(frame, design);
  const workspace = new PlsWorkspace(design, products);
  const theta = options.theta ?? design.theta0;
  if (!workspace.evaluate(theta)) {
    throw new LmmError("theta-not-finite", "unusable theta", theta, "give finite numbers of moderate size");
  }
  const symbolic =
    ordering === "levels"
      ? systemSymbolic(design, workspace.system)
      : analyze(workspace.system, { ordering, uplo: "lower" });
  const factor = factorize(workspace.system, symbolic, { beta: 1 });
  const { colPtr, rowIdx, nrows, ncols } = workspace.system;
  const values = workspace.system.values.slice();
  // The diagonal entry comes first in every column of the lower triangle.
  for (let j = 0; j < ncols; j++) values[colPtr[j]] += 1;
  const lower: CscMatrix = { nrows, ncols, colPtr: colPtr.slice(), rowIdx: rowIdx.slice(), values };
  return {
    system: symmetrize(lower, "lower"),
    factor: factor.toSparse(),
    permutation: Int32Array.from(factor.permutation),
    thetaNames: design.thetaNames,
  };
}
