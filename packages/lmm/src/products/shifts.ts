import type { ModelFrame, ModelMatrix } from "@lmmkit/formula";
import type { Design } from "../design/design";
import { centre } from "./column-view";
import type { Shifts } from "./cross-products";

/** The column shifts of a frame: what is subtracted from each dense column, and the maps that follow. */
export interface ColumnShifts {
  /** One per kept column of X; 0 for columns that are not dense. */
  readonly fixed: Float64Array;
  /** B of `Shifts.fixed`. */
  readonly fixedMap: Float64Array;
  /** Per factor, one per column; 0 for columns that are not dense. */
  readonly random: readonly Float64Array[];
  /** S of `Shifts.random`. */
  readonly randomMaps: readonly Float64Array[];
  /** Weights that make the columns of X̃ sum to 1, or null when 1 is not seen to be in their span. */
  readonly ones: Float64Array | null;
}

/**
 * Shifts that bring dense columns near mean zero wherever a constant is in the span to absorb them:
 * in X the intercept or a full set of indicator columns, in Z a constant column of the same factor.
 *
 * The fitted model is unchanged, since x = x̃ + m·1 only renames coefficients.
 *
 * @param given shifts of another part of the data, to be used instead
 */
export function columnShifts(frame: ModelFrame, design: Design, given?: Shifts): ColumnShifts {
  if (given !== undefined) {
    return {
      fixed: given.fixedColumns,
      fixedMap: given.fixed,
      random: given.randomColumns,
      randomMaps: given.random,
      ones: null,
    };
  }
  const p = design.fixedColumns.length;
  const ones = onesCombination(frame.fixed, design.fixedColumns);
  const fixed = new Float64Array(p);
  const fixedMap = identity(p);
  if (ones !== null) {
    for (let j = 0; j < p; j++) {
      const column = frame.fixed.columns[design.fixedColumns[j]];
      if (column.kind !== "dense") continue;
      fixed[j] = centre(column.values);
      for (let i = 0; i < p; i++) fixedMap[j * p + i] -= ones[i] * fixed[j];
    }
  }
  const random: Float64Array[] = [];
  const randomMaps: Float64Array[] = [];
  design.factors.forEach((factor, f) => {
    const k = factor.ncols;
    const shift = new Float64Array(k);
    const map = identity(k);
    const columns = design.terms
      .filter((term) => term.factor === f)
      .flatMap((term) => frame.random[term.frameIndex].design.columns);
    const constant = columns.findIndex((column) => column.kind === "constant" && column.value !== 0);
    if (constant >= 0) {
      const anchor = columns[constant];
      const value = anchor.kind === "constant" ? anchor.value : 1;
      columns.forEach((column, c) => {
        if (column.kind !== "dense") return;
        shift[c] = centre(column.values);
        map[c * k + constant] = shift[c] / value;
      });
    }
    random.push(shift);
    randomMaps.push(map);
  });
  return { fixed, fixedMap, random, randomMaps, ones };
}

/** Coefficients that give the constant 1 from columns that will not be shifted, or null. */
function onesCombination(matrix: ModelMatrix, kept: Int32Array): Float64Array | null {
  const p = kept.length;
  const ones = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    const column = matrix.columns[kept[j]];
    if (column.kind === "constant" && column.value !== 0) {
      ones[j] = 1 / column.value;
      return ones;
    }
  }
  // Without an intercept, the indicator columns of one factor may still cover every row once.
  for (let first = 0; first < p; first++) {
    let covered = 0;
    let last = first;
    for (; last < p && matrix.assign[kept[last]] === matrix.assign[kept[first]]; last++) {
      const column = matrix.columns[kept[last]];
      if (column.kind !== "sparse" || column.values.some((value) => value !== 1)) break;
      covered += column.rows.length;
    }
    if (covered === matrix.nrows && coversEveryRow(matrix, kept.subarray(first, last))) {
      return ones.fill(1, first, last);
    }
    if (last > first) first = last - 1;
  }
  return null;
}

function coversEveryRow(matrix: ModelMatrix, columns: Int32Array): boolean {
  const seen = new Uint8Array(matrix.nrows);
  for (const j of columns) {
    const column = matrix.columns[j];
    if (column.kind !== "sparse") return false;
    for (const row of column.rows) seen[row] = 1;
  }
  return !seen.includes(0);
}

function identity(k: number): Float64Array {
  const matrix = new Float64Array(k * k);
  for (let i = 0; i < k; i++) matrix[i * k + i] = 1;
  return matrix;
}
