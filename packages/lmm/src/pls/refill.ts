import type { Design } from "../design/design";
import type { CrossProducts } from "../products/cross-products";
import { multiplyLevelsInto } from "./level-products";

/**
 * Fills the lower triangle of Λ'Z'ZΛ in the layout of `systemPattern`: every entry is written once, in
 * the order of blocks, so nothing is searched for.
 *
 * For a level pair with products B (K_row × K_col) and templates M_row, M_col, the block is M_row'B M_col.
 *
 * @param templates per factor M, K×K, column-major
 * @param colPtr of the system pattern
 * @param scratch at least max(K)² numbers, overwritten
 * @param outValues values of the system, overwritten
 * Cost: Σ over blocks of K³, no allocation.
 */
export function refillInto(
  design: Design,
  products: CrossProducts,
  templates: readonly Float64Array[],
  colPtr: Int32Array,
  next: Int32Array,
  scratch: Float64Array,
  outValues: Float64Array,
): void {
  for (let j = 0; j < next.length; j++) next[j] = colPtr[j];
  const { factors } = design;
  for (let b = 0; b < products.ztz.length; b++) {
    const pair = products.ztz[b];
    const col = factors[pair.colFactor];
    const row = factors[pair.rowFactor];
    const left = templates[pair.rowFactor];
    const right = templates[pair.colFactor];
    const diagonal = pair.rowFactor === pair.colFactor;
    const { colPtr: ptr, values } = pair;
    const nlevels = ptr.length - 1;
    if (row.ncols === 1 && col.ncols === 1) {
      const scale = left[0] * right[0];
      for (let l = 0; l < nlevels; l++) {
        let at = next[col.start + l];
        for (let i = ptr[l]; i < ptr[l + 1]; i++) outValues[at++] = scale * values[i];
        next[col.start + l] = at;
      }
      continue;
    }
    if (diagonal && row.ncols === 2) {
      refillPairsInto(values, nlevels, left, col.start, next, outValues);
      continue;
    }
    const kRow = row.ncols;
    const kCol = col.ncols;
    const size = kRow * kCol;
    for (let l = 0; l < nlevels; l++) {
      for (let i = ptr[l]; i < ptr[l + 1]; i++) {
        multiplyInto(values, i * size, kRow, kCol, right, scratch);
        for (let c = 0; c < kCol; c++) {
          const column = col.start + l * kCol + c;
          let at = next[column];
          for (let a = diagonal ? c : 0; a < kRow; a++) {
            let sum = 0;
            for (let m = 0; m < kRow; m++) sum += left[a * kRow + m] * scratch[c * kRow + m];
            outValues[at++] = sum;
          }
          next[column] = at;
        }
      }
    }
  }
}

/** The diagonal blocks M'BM of a factor with two columns. */
function refillPairsInto(
  values: Float64Array,
  nlevels: number,
  template: Float64Array,
  start: number,
  next: Int32Array,
  outValues: Float64Array,
): void {
  const m00 = template[0];
  const m10 = template[1];
  const m01 = template[2];
  const m11 = template[3];
  for (let l = 0; l < nlevels; l++) {
    const b00 = values[4 * l];
    const b10 = values[4 * l + 1];
    const b11 = values[4 * l + 3];
    const s0 = b00 * m00 + b10 * m10;
    const s1 = b10 * m00 + b11 * m10;
    const t0 = b00 * m01 + b10 * m11;
    const t1 = b10 * m01 + b11 * m11;
    const first = next[start + 2 * l];
    const second = next[start + 2 * l + 1];
    outValues[first] = m00 * s0 + m10 * s1;
    outValues[first + 1] = m01 * s0 + m11 * s1;
    outValues[second] = m01 * t0 + m11 * t1;
    next[start + 2 * l] = first + 2;
    next[start + 2 * l + 1] = second + 1;
  }
}

/** out = B M, with B the kRow×kCol block at `offset` and M kCol×kCol. */
function multiplyInto(
  values: Float64Array,
  offset: number,
  kRow: number,
  kCol: number,
  right: Float64Array,
  out: Float64Array,
): void {
  for (let c = 0; c < kCol; c++) {
    for (let a = 0; a < kRow; a++) {
      let sum = 0;
      for (let m = 0; m < kCol; m++) sum += values[offset + m * kRow + a] * right[c * kCol + m];
      out[c * kRow + a] = sum;
    }
  }
}

/**
 * Λ'v, level by level, for several column-major right-hand sides of length q.
 *
 * @param v q×ncols, not changed
 * @param out q×ncols, overwritten
 */
export function timesTemplatesInto(
  design: Design,
  templates: readonly Float64Array[],
  v: Float64Array,
  ncols: number,
  out: Float64Array,
): void {
  const { q, factors } = design;
  for (let f = 0; f < factors.length; f++) {
    const { start, ncols: k, levels } = factors[f];
    const length = levels.length * k;
    for (let j = 0; j < ncols; j++) {
      multiplyLevelsInto(templates[f], k, k, 1, v, j * q + start, length, out);
    }
  }
}
