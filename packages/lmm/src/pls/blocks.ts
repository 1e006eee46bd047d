import type { Design } from "../design/design";
import { multiplyLevelsInto } from "./level-products";

/**
 * out = Λv level by level for several column-major vectors of length q (see `timesTemplatesInto` for Λ').
 *
 * @param templates per factor, K×K, column-major
 * @param out q×ncols, overwritten
 */
export function applyTemplatesInto(
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
      multiplyLevelsInto(templates[f], k, 1, k, v, j * q + start, length, out);
    }
  }
}

/**
 * outBlocks_f += scale · Σ_l x_l y_l', summed over the levels of each factor.
 *
 * @param x a vector of length q from `xOffset` on, likewise y
 * @param outBlocks per factor K×K, column-major, added to
 */
export function addBlockOuterInto(
  design: Design,
  x: Float64Array,
  xOffset: number,
  y: Float64Array,
  yOffset: number,
  scale: number,
  outBlocks: readonly Float64Array[],
): void {
  for (let f = 0; f < design.factors.length; f++) {
    const { start, ncols: k, levels } = design.factors[f];
    const out = outBlocks[f];
    if (k === 2) {
      addTwoByTwoOuter(x, xOffset + start, y, yOffset + start, 2 * levels.length, scale, out);
      continue;
    }
    for (let b = 0; b < k; b++) {
      for (let a = 0; a < k; a++) {
        let sum = 0;
        const last = start + levels.length * k;
        for (let first = start; first < last; first += k) {
          sum += x[xOffset + first + a] * y[yOffset + first + b];
        }
        out[b * k + a] += scale * sum;
      }
    }
  }
}

/** The four sums of a factor with two columns, in one pass. */
function addTwoByTwoOuter(
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  length: number,
  scale: number,
  out: Float64Array,
): void {
  let s00 = 0;
  let s10 = 0;
  let s01 = 0;
  let s11 = 0;
  for (let i = 0; i < length; i += 2) {
    const x0 = x[xStart + i];
    const x1 = x[xStart + i + 1];
    const y0 = y[yStart + i];
    const y1 = y[yStart + i + 1];
    s00 += x0 * y0;
    s10 += x1 * y0;
    s01 += x0 * y1;
    s11 += x1 * y1;
  }
  out[0] += scale * s00;
  out[1] += scale * s10;
  out[2] += scale * s01;
  out[3] += scale * s11;
}

/**
 * Y ← Y R⁻¹ for the first p columns of a tall column-major Y.
 *
 * @param rt R', p×p lower triangular, column-major
 * Cost: nrows·p².
 */
export function rightSolveTransposedInPlace(
  y: Float64Array,
  nrows: number,
  rt: Float64Array,
  p: number,
): void {
  for (let j = 0; j < p; j++) {
    const colJ = j * nrows;
    for (let k = 0; k < j; k++) {
      const factor = rt[k * p + j];
      if (factor === 0) continue;
      const colK = k * nrows;
      for (let i = 0; i < nrows; i++) y[colJ + i] -= factor * y[colK + i];
    }
    const inverse = 1 / rt[j * p + j];
    for (let i = 0; i < nrows; i++) y[colJ + i] *= inverse;
  }
}
