import type { ModelColumn } from "@lmmkit/formula";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { varCorr } from "../model/var-corr";
import type { RowSource } from "./row-source";

/** Which columns of each term count: null for the whole model, else per term null (none) or a mask. */
export type IncludedColumns = readonly (readonly boolean[] | null)[] | null;

/**
 * Xβ for some rows, without offsets.
 *
 * @param beta one per kept column of X
 * Cost: the entries of X.
 */
export function fixedPart(
  { design }: Pick<LinearMixedModel, "design">,
  rows: Pick<RowSource, "nobs" | "fixed">,
  beta: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(rows.nobs);
  design.fixedColumns.forEach((column, j) => {
    addScaled(rows.fixed.columns[column], beta[j], out);
  });
  return out;
}

/**
 * Adds z'b of the chosen terms to `outSum`; a level that the model does not know adds nothing.
 *
 * @param modes per term, levels × k, column-major
 */
export function addRandomPart(
  { design }: Pick<LinearMixedModel, "design">,
  rows: RowSource,
  modes: readonly ArrayLike<number>[],
  included: IncludedColumns,
  outSum: Float64Array,
): void {
  design.terms.forEach((term, t) => {
    const source = rows.random[term.frameIndex];
    const mask = included === null ? null : included[t];
    if (source === null || (included !== null && mask === null)) return;
    const nlevels = design.factors[term.factor].levels.length;
    term.columns.forEach((_, c) => {
      if (mask !== null && !mask[c]) return;
      addByLevel(source.design.columns[c], source.group.codes, modes[t], c * nlevels, nlevels, outSum);
    });
  });
}

/**
 * σ²z'TT'z, the variance that all random effects give each row in the population.
 *
 * Cost: k² for each row and term.
 */
export function randomVariances(model: LinearMixedModel, rows: RowSource): Float64Array {
  const out = new Float64Array(rows.nobs);
  const { terms } = varCorr(model);
  model.design.terms.forEach((term, t) => {
    const source = rows.random[term.frameIndex];
    if (source === null) return;
    const columns = source.design.columns.map((column) => columnValues(column, rows.nobs));
    const { cov } = terms[t];
    for (let r = 0; r < rows.nobs; r++) {
      for (let a = 0; a < columns.length; a++) {
        for (let b = 0; b < columns.length; b++) {
          out[r] += columnAt(columns[a], r) * cov[a][b] * columnAt(columns[b], r);
        }
      }
    }
  });
  return out;
}

/** A column of a design: one number for all rows, or one per row. */
export type ColumnValues = number | Float64Array;

/** A column as a number or an array of all rows. */
export function columnValues(column: ModelColumn, nobs: number): ColumnValues {
  if (column.kind === "constant") return column.value;
  if (column.kind === "dense") return column.values;
  const out = new Float64Array(nobs);
  for (let i = 0; i < column.rows.length; i++) out[column.rows[i]] = column.values[i];
  return out;
}

/** The entry of a column in one row. */
export function columnAt(column: ColumnValues, row: number): number {
  return typeof column === "number" ? column : column[row];
}

function addScaled(column: ModelColumn, factor: number, out: Float64Array): void {
  if (column.kind === "sparse") {
    for (let i = 0; i < column.rows.length; i++) out[column.rows[i]] += column.values[i] * factor;
    return;
  }
  for (let r = 0; r < out.length; r++) {
    out[r] += (column.kind === "constant" ? column.value : column.values[r]) * factor;
  }
}

function addByLevel(
  column: ModelColumn,
  codes: Int32Array,
  modes: ArrayLike<number>,
  offset: number,
  nlevels: number,
  out: Float64Array,
): void {
  if (column.kind === "sparse") {
    for (let i = 0; i < column.rows.length; i++) {
      const r = column.rows[i];
      if (codes[r] >= 0 && codes[r] < nlevels) out[r] += column.values[i] * modes[offset + codes[r]];
    }
    return;
  }
  for (let r = 0; r < out.length; r++) {
    const code = codes[r];
    if (code < 0 || code >= nlevels) continue;
    out[r] += (column.kind === "constant" ? column.value : column.values[r]) * modes[offset + code];
  }
}
