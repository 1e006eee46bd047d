import type { Design } from "../design/design";
import type { ColumnView } from "./column-view";
import type { FactorPair } from "./cross-products";
import { levelPairs } from "./level-pairs";
import { scatterInto, scatterRowsInto } from "./sums";
import type { Views } from "./views";

/**
 * Z' times one column, into a vector of length q.
 *
 * @param rows of a column that holds the values of these rows only; null for others
 */
export function randomTimes(
  design: Design,
  views: Views,
  column: ColumnView,
  out: Float64Array,
  rows: Int32Array | null = null,
): void {
  design.factors.forEach((factor, f) => {
    const nlevels = factor.levels.length;
    const lost = new Float64Array(nlevels);
    const part = out.subarray(factor.start, factor.start + nlevels * factor.ncols);
    views.random[f].forEach((own, c) => {
      const { codes, weights } = views;
      if (rows !== null && column.values !== null) {
        scatterRowsInto(codes[f], own, rows, column.values, weights, factor.ncols, c, lost, part);
      } else {
        scatterInto(codes[f], own, column, weights, factor.ncols, c, lost, part);
      }
    });
  });
}

/**
 * Z'Z by pairs of factors, by column factor, then row factor.
 *
 * @param scratch at least two numbers per row, overwritten
 */
export function randomProducts(design: Design, views: Views, scratch: Int32Array): FactorPair[] {
  const pairs: FactorPair[] = [];
  const { factors } = design;
  for (let col = 0; col < factors.length; col++) {
    const ncols = factors[col].levels.length;
    for (let row = col; row < factors.length; row++) {
      const pattern =
        row === col
          ? { ...diagonalPattern(ncols), target: views.codes[col] }
          : levelPairs(views.codes[col], ncols, views.codes[row], factors[row].levels.length, scratch);
      const kRow = factors[row].ncols;
      const size = kRow * factors[col].ncols;
      const nblocks = pattern.rowIdx.length;
      const values = new Float64Array(nblocks * size);
      const lost = new Float64Array(nblocks);
      views.random[col].forEach((a, j) => {
        views.random[row].forEach((b, i) => {
          scatterInto(pattern.target, a, b, views.weights, size, j * kRow + i, lost, values);
        });
      });
      pairs.push({
        rowFactor: row,
        colFactor: col,
        colPtr: pattern.colPtr,
        rowIdx: pattern.rowIdx,
        values,
      });
    }
  }
  return pairs;
}

function diagonalPattern(nlevels: number): { colPtr: Int32Array; rowIdx: Int32Array } {
  const colPtr = new Int32Array(nlevels + 1);
  for (let l = 0; l <= nlevels; l++) colPtr[l] = l;
  return { colPtr, rowIdx: colPtr.slice(0, nlevels) };
}
