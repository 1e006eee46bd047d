import type { ModelColumn, ModelMatrix } from "./data/model-frame";
import { FormulaError } from "./syntax/formula-error";

/** One column with all its entries. */
export function denseColumn(column: ModelColumn, nrows: number): Float64Array {
  if (column.kind === "dense") return column.values;
  const out = new Float64Array(nrows).fill(column.kind === "constant" ? column.value : 0);
  if (column.kind === "sparse") {
    for (let k = 0; k < column.rows.length; k++) out[column.rows[k]] = column.values[k];
  }
  return out;
}

/** A model matrix as an array of rows. */
export function matrixRows(matrix: ModelMatrix): number[][] {
  const columns = matrix.columns.map((column) => denseColumn(column, matrix.nrows));
  return Array.from({ length: matrix.nrows }, (_, i) => columns.map((column) => column[i]));
}

/** The `FormulaError` that a function throws; anything else fails the test. */
export function caughtError(run: () => unknown): FormulaError {
  try {
    run();
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
