import type { ModelColumn, ModelMatrix } from "./model-frame";

/** A column that the columns before it already make. */
export interface AliasedColumn {
  readonly column: string;
  /** The earlier columns that it is a combination of, with their coefficients; empty for a column of zeros. */
  readonly of: readonly { readonly column: string; readonly coefficient: number }[];
}

/** R's tolerance: what is left of a column beside its own length. */
const TOLERANCE = 1e-7;
/** More work than this (rows · columns²) is not done. */
const MAX_WORK = 4e9;

/**
 * The columns that depend linearly on columns before them, and on which; null when the matrix is too large to tell.
 * Modified Gram–Schmidt, each column twice (Björck 1994, "Numerics of Gram-Schmidt orthogonalization",
 * Linear Algebra Appl. 197). Cost: O(rows · columns²) and a dense copy.
 */
export function aliasedColumns(matrix: ModelMatrix): AliasedColumn[] | null {
  const { nrows, columns, names } = matrix;
  if (nrows * columns.length ** 2 > MAX_WORK || nrows * columns.length > MAX_WORK / 100) return null;
  const basis: Float64Array[] = [];
  // Per basis vector: its column, and its coefficients on the columns kept before it.
  const kept: number[] = [];
  const triangle: number[][] = [];
  const aliased: AliasedColumn[] = [];
  columns.forEach((column, j) => {
    const x = denseCopy(column, nrows);
    const length = norm(x);
    const weights = new Array<number>(basis.length).fill(0);
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < basis.length; k++) {
        const q = basis[k];
        let product = 0;
        for (let i = 0; i < nrows; i++) product += q[i] * x[i];
        for (let i = 0; i < nrows; i++) x[i] -= product * q[i];
        weights[k] += product;
      }
    }
    const rest = norm(x);
    if (length > 0 && rest > TOLERANCE * length) {
      for (let i = 0; i < nrows; i++) x[i] /= rest;
      basis.push(x);
      kept.push(j);
      triangle.push([...weights, rest]);
      return;
    }
    const coefficients = backSolve(triangle, weights);
    const of = coefficients.flatMap((coefficient, k) =>
      Math.abs(coefficient) * norm(denseCopy(columns[kept[k]], nrows)) > 1e-6 * length
        ? [{ column: names[kept[k]], coefficient: tidy(coefficient) }]
        : [],
    );
    aliased.push({ column: names[j], of });
  });
  return aliased;
}

/** Solves R c = w for the upper triangle R whose columns are given. */
function backSolve(columns: readonly number[][], w: readonly number[]): number[] {
  const c = [...w];
  for (let k = c.length - 1; k >= 0; k--) {
    c[k] /= columns[k][k];
    for (let i = 0; i < k; i++) c[i] -= columns[k][i] * c[k];
  }
  return c;
}

/** Rounds away what is left of exact coefficients such as −1. */
function tidy(v: number): number {
  const rounded = Math.round(v * 1e6) / 1e6;
  return Math.abs(v - rounded) < 1e-9 * Math.max(1, Math.abs(v)) ? rounded : v;
}

function norm(x: Float64Array): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * x[i];
  return Math.sqrt(s);
}

function denseCopy(column: ModelColumn, nrows: number): Float64Array {
  if (column.kind === "dense") return column.values.slice();
  const out = new Float64Array(nrows).fill(column.kind === "constant" ? column.value : 0);
  if (column.kind === "sparse") {
    for (let k = 0; k < column.rows.length; k++) out[column.rows[k]] = column.values[k];
  }
  return out;
}
