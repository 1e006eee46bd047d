import type { ModelColumn, ModelFrame } from "@lmmkit/formula";
import type { Design } from "../design/design";
import type { FittedTerm } from "./linear-mixed-model";

/**
 * Conditional fitted values, offset + Xβ + Zb, one per row of the frame.
 *
 * @param beta one per kept column of X
 * @param terms with their conditional modes
 * Cost: n·(p + columns of a row of Z).
 */
export function fittedValues(
  frame: Pick<ModelFrame, "nobs" | "offset" | "fixed" | "random">,
  design: Design,
  beta: Float64Array,
  terms: readonly FittedTerm[],
): Float64Array {
  const n = frame.nobs;
  const fitted = frame.offset === null ? new Float64Array(n) : frame.offset.slice();
  design.fixedColumns.forEach((column, j) => {
    addColumn(frame.fixed.columns[column], null, [beta[j]], 0, fitted);
  });
  terms.forEach((term, t) => {
    const { group, design: own } = frame.random[design.terms[t].frameIndex];
    own.columns.forEach((column, c) => {
      addColumn(column, group.codes, term.modes, c * term.levels.length, fitted);
    });
  });
  return fitted;
}

/** fitted += column × coefficient, the coefficient chosen per row by its code (or one for all rows). */
export function addColumn(
  column: ModelColumn,
  codes: Int32Array | null,
  coefficients: ArrayLike<number>,
  offset: number,
  fitted: Float64Array,
): void {
  if (column.kind === "sparse") {
    for (let i = 0; i < column.rows.length; i++) {
      const r = column.rows[i];
      fitted[r] += column.values[i] * coefficients[offset + (codes === null ? 0 : codes[r])];
    }
    return;
  }
  for (let r = 0; r < fitted.length; r++) {
    const value = column.kind === "constant" ? column.value : column.values[r];
    fitted[r] += value * coefficients[offset + (codes === null ? 0 : codes[r])];
  }
}
