import type { RandomTerm } from "@lmmkit/formula";
import { LmmError } from "../errors";

/**
 * Where θ lands in the k×k relative covariance factor T of one term.
 *
 * `us`: the lower triangle by columns, as lme4 orders it; `diag`: the diagonal.
 */
export interface Template {
  readonly k: number;
  /** Row of each parameter's entry. */
  readonly rows: Int32Array;
  /** Column of each parameter's entry. */
  readonly cols: Int32Array;
}

/**
 * The template of a covariance structure for k effects.
 *
 * @throws LmmError `unsupported-structure` for structures that have no template of free entries
 */
export function templateOf(structure: RandomTerm["structure"], k: number): Template {
  const rows: number[] = [];
  const cols: number[] = [];
  if (structure !== "us" && structure !== "diag") {
    throw new LmmError(
      "unsupported-structure",
      `unsupported covariance structure: ${structure}`,
      structure,
      "us (any covariance matrix) and diag (independent effects) can be fitted",
    );
  }
  for (let col = 0; col < k; col++) {
    for (let row = col; row < k; row++) {
      if (structure === "diag" && row !== col) continue;
      rows.push(row);
      cols.push(col);
    }
  }
  return { k, rows: Int32Array.from(rows), cols: Int32Array.from(cols) };
}

/**
 * Writes θ into a term's diagonal block of its factor's K×K matrix, column-major; entries without a
 * parameter are left alone.
 *
 * @param template where the parameters land in the term's own k×k block
 * @param theta parameters of the whole model
 * @param thetaStart position of the term's first parameter in `theta`
 * @param outT K·K numbers
 * @param ncols K
 * @param columnStart first row and column of the term's block
 */
export function fillTemplateInto(
  template: Template,
  theta: ArrayLike<number>,
  thetaStart: number,
  outT: Float64Array,
  ncols: number,
  columnStart: number,
): void {
  const { rows, cols } = template;
  for (let i = 0; i < rows.length; i++) {
    outT[(columnStart + cols[i]) * ncols + columnStart + rows[i]] = theta[thetaStart + i];
  }
}
