import type { Design } from "../design/design";

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
    const template = templates[f];
    const length = levels.length * k;
    for (let j = 0; j < ncols; j++) {
      const base = j * q + start;
      if (k === 1) {
        const scale = template[0];
        for (let i = base; i < base + length; i++) out[i] = scale * v[i];
        continue;
      }
      for (let first = base; first < base + length; first += k) {
        for (let a = 0; a < k; a++) {
          let sum = 0;
          for (let m = 0; m < k; m++) sum += template[m * k + a] * v[first + m];
          out[first + a] = sum;
        }
      }
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
    const pivot = rt[j * p + j];
    for (let i = 0; i < nrows; i++) y[colJ + i] /= pivot;
  }
}
