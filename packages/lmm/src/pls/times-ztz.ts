import type { Design } from "../design/design";
import type { CrossProducts, FactorPair } from "../products/cross-products";

/**
 * out = Z'Z v for several column-major vectors of length q, from the blocks of one triangle.
 *
 * @param v q×ncols, not changed
 * @param out q×ncols, overwritten
 * Cost: twice the entries of Z'Z per vector; no allocation.
 */
export function timesZtzInto(
  design: Design,
  products: CrossProducts,
  v: Float64Array,
  ncols: number,
  out: Float64Array,
): void {
  const { q, factors } = design;
  out.fill(0, 0, q * ncols);
  for (let n = 0; n < products.ztz.length; n++) {
    const pair = products.ztz[n];
    const col = factors[pair.colFactor];
    const row = factors[pair.rowFactor];
    const diagonal = pair.rowFactor === pair.colFactor;
    const kRow = row.ncols;
    const kCol = col.ncols;
    const size = kRow * kCol;
    const { colPtr, rowIdx, values } = pair;
    for (let j = 0; j < ncols; j++) {
      const rowBase = j * q + row.start;
      const colBase = j * q + col.start;
      if (size === 1) {
        timesScalarPair(pair, v, rowBase, colBase, diagonal, out);
        continue;
      }
      for (let l = 0; l + 1 < colPtr.length; l++) {
        for (let b = colPtr[l]; b < colPtr[l + 1]; b++) {
          const first = rowBase + rowIdx[b] * kRow;
          const second = colBase + l * kCol;
          for (let c = 0; c < kCol; c++) {
            const factor = v[second + c];
            let sum = 0;
            for (let a = 0; a < kRow; a++) {
              const value = values[b * size + c * kRow + a];
              out[first + a] += value * factor;
              sum += value * v[first + a];
            }
            if (!diagonal) out[second + c] += sum;
          }
        }
      }
    }
  }
}

/** The pair of two scalar terms: the common case, without the loops over blocks. */
function timesScalarPair(
  { colPtr, rowIdx, values }: FactorPair,
  v: Float64Array,
  rowBase: number,
  colBase: number,
  diagonal: boolean,
  out: Float64Array,
): void {
  const nlevels = colPtr.length - 1;
  if (diagonal) {
    for (let l = 0; l < nlevels; l++) out[colBase + l] += values[l] * v[colBase + l];
    return;
  }
  for (let l = 0; l < nlevels; l++) {
    const factor = v[colBase + l];
    let sum = 0;
    for (let b = colPtr[l]; b < colPtr[l + 1]; b++) {
      const at = rowBase + rowIdx[b];
      out[at] += values[b] * factor;
      sum += values[b] * v[at];
    }
    out[colBase + l] += sum;
  }
}
