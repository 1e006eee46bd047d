import type { ModelColumn } from "@lmmkit/formula";
import { type CscMatrix, stackHorizontally } from "@lmmkit/sparse";
import type { DenseMatrix } from "./dense-matrix";
import type { LinearMixedModel } from "./linear-mixed-model";

/**
 * The columns of Z in lme4's order: term by term, within a term level by level, within a level effect by effect.
 * The engine's own order puts the terms of one grouping factor side by side.
 */
export interface RandomLayout {
  /** q. */
  readonly ncols: number;
  /** First column of each term, and q: length terms + 1. */
  readonly termStart: Int32Array;
  /** Column of the engine's Z for each column here, length q. */
  readonly engineColumn: Int32Array;
}

/** Where the columns of Z stand; see `RandomLayout`. */
export function randomLayout({ design }: LinearMixedModel): RandomLayout {
  const { terms, factors, q } = design;
  const termStart = new Int32Array(terms.length + 1);
  const engineColumn = new Int32Array(q);
  terms.forEach(({ factor, columns, columnStart }, t) => {
    const { levels, start, ncols } = factors[factor];
    const k = columns.length;
    for (let l = 0; l < levels.length; l++) {
      for (let c = 0; c < k; c++) {
        engineColumn[termStart[t] + l * k + c] = start + l * ncols + columnStart + c;
      }
    }
    termStart[t + 1] = termStart[t] + levels.length * k;
  });
  return { ncols: q, termStart, engineColumn };
}

/** The columns of one term's own model matrix and the level of each row. */
interface TermRows {
  readonly columns: readonly ModelColumn[];
  readonly codes: Int32Array;
  readonly nlevels: number;
}

function termRows({ frame, design }: LinearMixedModel, t: number): TermRows {
  const { group, design: own } = frame.random[design.terms[t].frameIndex];
  return { columns: own.columns, codes: group.codes, nlevels: group.levels.length };
}

/**
 * Z, one row per row of the frame, columns in lme4's order (`randomLayout`). Entries of columns that are stored
 * sparse are those that are not zero; of others all.
 *
 * Cost: its entries.
 */
export function randomMatrix(model: LinearMixedModel): CscMatrix {
  const parts = model.terms.map((_, t) => {
    const { columns, codes, nlevels } = termRows(model, t);
    return byLevels(columns, codes, nlevels);
  });
  return stackHorizontally(...parts);
}

/**
 * ZΛ, the model matrix of the spherical random effects u; lme4's `A` is its transpose.
 *
 * Cost: rows × the squared numbers of effects.
 */
export function sphericalMatrix(model: LinearMixedModel): CscMatrix {
  const { nobs } = model.frame;
  const parts = model.terms.map(({ template }, t) => {
    const { columns, codes, nlevels } = termRows(model, t);
    const k = columns.length;
    const dense = columns.map((column) => writtenOut(column, nobs));
    const combined = Array.from({ length: k }, (_, c): ModelColumn => {
      const values = new Float64Array(nobs);
      for (let a = 0; a < k; a++) {
        const weight = template[c * k + a];
        if (weight !== 0) for (let r = 0; r < nobs; r++) values[r] += weight * dense[a][r];
      }
      return { kind: "dense", values };
    });
    return byLevels(combined, codes, nlevels);
  });
  return stackHorizontally(...parts);
}

/** The model matrix of one term's effects before it is spread over levels, rows × k. */
export function termMatrix(model: LinearMixedModel, t: number): DenseMatrix {
  const { nobs } = model.frame;
  const { columns } = termRows(model, t);
  const values = new Float64Array(nobs * columns.length);
  columns.forEach((column, c) => {
    values.set(writtenOut(column, nobs), c * nobs);
  });
  return { nrows: nobs, ncols: columns.length, values, columnNames: model.terms[t].columns };
}

/**
 * Λ, block diagonal, columns and rows in lme4's order: for every level of a term its template T. Only entries that
 * some θ can make different from zero are stored.
 */
export function relativeFactor(model: LinearMixedModel): CscMatrix {
  const { design, terms } = model;
  const { ncols, termStart } = randomLayout(model);
  const colPtr = new Int32Array(ncols + 1);
  const rowIdx: number[] = [];
  const values: number[] = [];
  terms.forEach((term, t) => {
    const k = term.columns.length;
    const entries = storedEntries(design.terms[t].template, k);
    for (let l = 0; l < term.levels.length; l++) {
      const first = termStart[t] + l * k;
      for (let c = 0; c < k; c++) {
        for (let a = 0; a < k; a++) {
          if (!entries[c * k + a]) continue;
          rowIdx.push(first + a);
          values.push(term.template[c * k + a]);
        }
        colPtr[first + c + 1] = rowIdx.length;
      }
    }
  });
  return {
    nrows: ncols,
    ncols,
    colPtr,
    rowIdx: Int32Array.from(rowIdx),
    values: Float64Array.from(values),
  };
}

/** Which entries of a template can be other than zero, k×k, column-major. */
function storedEntries(
  template: { readonly rows: Int32Array; readonly cols: Int32Array },
  k: number,
): boolean[] {
  if (template.rows.length === 0) return new Array<boolean>(k * k).fill(true);
  const stored = new Array<boolean>(k * k).fill(false);
  template.rows.forEach((row, i) => {
    stored[template.cols[i] * k + row] = true;
  });
  return stored;
}

/**
 * For each stored entry of Λ' (lme4's `Lambdat`, by columns) the position of its parameter in θ, from 0; null where
 * a covariance structure has entries that are no parameters themselves.
 */
export function parameterIndex({ design }: LinearMixedModel): Int32Array | null {
  const index: number[] = [];
  for (const { template, thetaStart, factor } of design.terms) {
    const { rows, cols, k } = template;
    if (rows.length === 0 && k > 0) return null;
    // Columns of T' are rows of T.
    const byRow = Array.from(rows, (_, i) => i).sort((i, j) => rows[i] - rows[j] || cols[i] - cols[j]);
    for (let l = 0; l < design.factors[factor].levels.length; l++) {
      for (const i of byRow) index.push(thetaStart + i);
    }
  }
  return Int32Array.from(index);
}

/** Columns c of levels l at l·k + c. */
function byLevels(columns: readonly ModelColumn[], codes: Int32Array, nlevels: number): CscMatrix {
  const k = columns.length;
  const nrows = codes.length;
  const eachEntry = (visit: (row: number, column: number, value: number) => void) => {
    columns.forEach((column, c) => {
      if (column.kind === "sparse") {
        column.rows.forEach((r, i) => {
          visit(r, codes[r] * k + c, column.values[i]);
        });
        return;
      }
      for (let r = 0; r < nrows; r++) {
        visit(r, codes[r] * k + c, column.kind === "constant" ? column.value : column.values[r]);
      }
    });
  };
  const colPtr = new Int32Array(nlevels * k + 1);
  eachEntry((_, j) => {
    colPtr[j + 1]++;
  });
  for (let j = 0; j < nlevels * k; j++) colPtr[j + 1] += colPtr[j];
  const next = colPtr.slice();
  const rowIdx = new Int32Array(colPtr[nlevels * k]);
  const values = new Float64Array(rowIdx.length);
  eachEntry((r, j, value) => {
    rowIdx[next[j]] = r;
    values[next[j]++] = value;
  });
  return { nrows, ncols: nlevels * k, colPtr, rowIdx, values };
}

function writtenOut(column: ModelColumn, nrows: number): Float64Array {
  if (column.kind === "dense") return column.values;
  const values = new Float64Array(nrows);
  if (column.kind === "constant") return values.fill(column.value);
  column.rows.forEach((r, i) => {
    values[r] = column.values[i];
  });
  return values;
}
