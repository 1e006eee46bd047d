import type { SupernodePartition } from "./symbolic";

/**
 * x ← L⁻¹ x for each of `ncols` columns of length n that lie one after the other from `offset` on.
 * Allocates nothing. Cost 2 per stored entry and column.
 */
export function solveLowerSupernodalInPlace(
  x: Float64Array,
  n: number,
  partition: SupernodePartition,
  values: Float64Array,
  ncols: number,
  offset: number,
): void {
  const { count, first, rowPtr, rows, valuePtr } = partition;
  for (let c = 0, base = offset; c < ncols; c++, base += n) {
    for (let s = 0; s < count; s++) {
      const length = rowPtr[s + 1] - rowPtr[s];
      const cols = first[s + 1] - first[s];
      const own = base + first[s];
      for (let j = 0; j < cols; j++) {
        const column = valuePtr[s] + j * length;
        const xj = x[own + j] / values[column + j];
        x[own + j] = xj;
        for (let i = j + 1; i < cols; i++) x[own + i] -= values[column + i] * xj;
      }
      // Rows below, four columns at a time so that each is looked up once for all of them.
      let j = 0;
      for (; j + 4 <= cols; j += 4) {
        const column = valuePtr[s] + j * length;
        const x0 = x[own + j];
        const x1 = x[own + j + 1];
        const x2 = x[own + j + 2];
        const x3 = x[own + j + 3];
        for (let i = cols, r = rowPtr[s] + cols, v = column + cols; i < length; i++, r++, v++) {
          const at = base + rows[r];
          x[at] =
            x[at] -
            values[v] * x0 -
            values[v + length] * x1 -
            values[v + 2 * length] * x2 -
            values[v + 3 * length] * x3;
        }
      }
      for (; j < cols; j++) {
        const xj = x[own + j];
        for (
          let i = cols, r = rowPtr[s] + cols, v = valuePtr[s] + j * length + cols;
          i < length;
          i++, r++, v++
        ) {
          x[base + rows[r]] -= values[v] * xj;
        }
      }
    }
  }
}

/** x ← L'⁻¹ x; as `solveLowerSupernodalInPlace`. */
export function solveUpperSupernodalInPlace(
  x: Float64Array,
  n: number,
  partition: SupernodePartition,
  values: Float64Array,
  ncols: number,
  offset: number,
): void {
  const { count, first, rowPtr, rows, valuePtr } = partition;
  for (let c = 0, base = offset; c < ncols; c++, base += n) {
    for (let s = count - 1; s >= 0; s--) {
      const length = rowPtr[s + 1] - rowPtr[s];
      const cols = first[s + 1] - first[s];
      const own = base + first[s];
      let j = 0;
      for (; j + 4 <= cols; j += 4) {
        const column = valuePtr[s] + j * length;
        let x0 = x[own + j];
        let x1 = x[own + j + 1];
        let x2 = x[own + j + 2];
        let x3 = x[own + j + 3];
        for (let i = cols, r = rowPtr[s] + cols, v = column + cols; i < length; i++, r++, v++) {
          const xi = x[base + rows[r]];
          x0 -= values[v] * xi;
          x1 -= values[v + length] * xi;
          x2 -= values[v + 2 * length] * xi;
          x3 -= values[v + 3 * length] * xi;
        }
        x[own + j] = x0;
        x[own + j + 1] = x1;
        x[own + j + 2] = x2;
        x[own + j + 3] = x3;
      }
      for (; j < cols; j++) {
        let xj = x[own + j];
        for (
          let i = cols, r = rowPtr[s] + cols, v = valuePtr[s] + j * length + cols;
          i < length;
          i++, r++, v++
        ) {
          xj -= values[v] * x[base + rows[r]];
        }
        x[own + j] = xj;
      }
      for (j = cols - 1; j >= 0; j--) {
        const column = valuePtr[s] + j * length;
        let sum = x[own + j];
        for (let i = j + 1; i < cols; i++) sum -= values[column + i] * x[own + i];
        x[own + j] = sum / values[column + j];
      }
    }
  }
}

/** The values of the entries of a pattern of L (rows sorted within columns) taken out of the blocks. */
export function gatherFromSupernodes(
  partition: SupernodePartition,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  values: Float64Array,
): Float64Array {
  const { first, rowPtr, rows, valuePtr, ofColumn } = partition;
  const n = ofColumn.length;
  const out = new Float64Array(colPtr[n]);
  for (let j = 0; j < n; j++) {
    const s = ofColumn[j];
    const length = rowPtr[s + 1] - rowPtr[s];
    const column = valuePtr[s] + (j - first[s]) * length;
    let r = j - first[s];
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      // Both lists increase, and the block has all rows of the pattern.
      while (rows[rowPtr[s] + r] !== rowIdx[p]) r++;
      out[p] = values[column + r];
    }
  }
  return out;
}
