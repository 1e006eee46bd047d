import { PackingWorkspace, subtractProductInPlace } from "@lmmkit/dense";
import type { ModelMatrix } from "@lmmkit/formula";
import { dotColumns, subtractColumnInPlace, writeColumn } from "./column-products";
import { CERTAIN, TOLERANCE } from "./rank-tolerance";

/** Columns eliminated together. */
const PANEL = 48;

/**
 * The columns of X that are kept, by a Cholesky factorization of X'X that leaves out dependent columns as it goes:
 * for designs of thousands of sparse columns, which cannot be written out.
 *
 * A pivot above 1e-8 of its diagonal entry is clear. Any other column is settled by its residual from the kept
 * columns before it, formed from the columns themselves and orthogonalized twice, by R's tolerance of 1e-7.
 *
 * @param gram lower triangle of X'X, p×p, column-major; overwritten
 * Cost: p³/3, in blocks; p² and the nonzeros of X for each doubtful column.
 */
export function keptByElimination(gram: Float64Array, matrix: ModelMatrix): Int32Array {
  const p = matrix.columns.length;
  const whole = Float64Array.from({ length: p }, (_, j) => gram[j * p + j]);
  const room = new PackingWorkspace();
  const kept: number[] = [];

  for (let first = 0; first < p; first += PANEL) {
    const last = Math.min(p, first + PANEL);
    for (let j = first; j < last; j++) {
      for (let m = first; m < j; m++) {
        const factor = gram[m * p + j];
        if (factor === 0) continue;
        for (let i = j; i < p; i++) gram[j * p + i] -= factor * gram[m * p + i];
      }
      const rest = gram[j * p + j];
      const clear = rest > whole[j] * CERTAIN * CERTAIN;
      if (kept.length < matrix.nrows && (clear || isIndependent(gram, matrix, kept, j))) {
        // A doubtful pivot has few digits; no smaller one would have been kept.
        const pivot = Math.sqrt(Math.max(rest, whole[j] * TOLERANCE * TOLERANCE));
        kept.push(j);

        gram[j * p + j] = pivot;
        for (let i = j + 1; i < p; i++) gram[j * p + i] /= pivot;
      } else {
        for (let i = j; i < p; i++) gram[j * p + i] = 0;
      }
    }
    const rows = p - last;
    if (rows === 0) break;
    const depth = last - first;
    const from = first * p + last;
    const corner = last * (p + 1);
    subtractProductInPlace(
      gram,
      corner,
      p,
      rows,
      rows,
      depth,
      1,
      gram,
      from,
      1,
      p,
      gram,
      from,
      1,
      p,
      true,
      room,
    );
  }
  return Int32Array.from(kept);
}

/** Whether what of column j lies outside the kept columns is longer than R's share of it. */
function isIndependent(gram: Float64Array, matrix: ModelMatrix, kept: readonly number[], j: number): boolean {
  const { columns, nrows } = matrix;
  const p = columns.length;
  const residual = new Float64Array(nrows);
  writeColumn(columns[j], residual);
  const length = Math.sqrt(dotColumns(columns[j], columns[j], nrows));
  if (length === 0) return false;
  const coefficients = new Float64Array(kept.length);
  for (let pass = 0; pass < 2; pass++) {
    const own = { kind: "dense", values: residual } as const;
    kept.forEach((column, a) => {
      coefficients[a] = dotColumns(columns[column], own, nrows);
    });
    // L L'c = X'r on the kept columns.
    for (let a = 0; a < kept.length; a++) {
      let value = coefficients[a];
      for (let b = 0; b < a; b++) value -= gram[kept[b] * p + kept[a]] * coefficients[b];
      coefficients[a] = value / gram[kept[a] * (p + 1)];
    }
    for (let a = kept.length - 1; a >= 0; a--) {
      let value = coefficients[a];
      for (let b = a + 1; b < kept.length; b++) value -= gram[kept[a] * p + kept[b]] * coefficients[b];
      coefficients[a] = value / gram[kept[a] * (p + 1)];
    }
    kept.forEach((column, a) => {
      subtractColumnInPlace(residual, columns[column], coefficients[a]);
    });
  }
  let square = 0;
  for (const value of residual) square += value * value;
  return Math.sqrt(square) > TOLERANCE * length;
}
