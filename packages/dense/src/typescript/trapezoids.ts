import type { Trapezoids } from "../trapezoids";
import { depthBlock } from "./packing";

/** `solveTrapezoidsInPlace` for L x = b in plain TypeScript, one right-hand side after the other. */
export function solveForward(
  x: Float64Array,
  offset: number,
  sides: number,
  blocks: Trapezoids,
  values: Float64Array,
): void {
  const { count, first, rowPtr, rows, valuePtr } = blocks;
  for (let base = offset; base < offset + sides; base++) {
    for (let s = 0; s < count; s++) {
      const length = rowPtr[s + 1] - rowPtr[s];
      const cols = first[s + 1] - first[s];
      const own = base + first[s] * sides;
      for (let j = 0, l = valuePtr[s], at = own; j < cols; j++, l += length + 1, at += sides) {
        const xj = x[at] / values[l];
        x[at] = xj;
        for (let i = 1, to = at + sides; i < cols - j; i++, to += sides) x[to] -= values[l + i] * xj;
      }
      // Rows below, four at a time so that each unknown is read once for all of them.
      for (let j = 0; j < cols; j += depthBlock) {
        const known = own + j * sides;
        const end = known + Math.min(depthBlock, cols - j) * sides;
        let r = rowPtr[s] + cols;
        let from = valuePtr[s] + j * length + cols;
        for (; r + 4 <= rowPtr[s + 1]; r += 4, from += 4) {
          let s0 = 0;
          let s1 = 0;
          let s2 = 0;
          let s3 = 0;
          for (let at = known, l = from; at < end; at += sides, l += length) {
            const xj = x[at];
            s0 += values[l] * xj;
            s1 += values[l + 1] * xj;
            s2 += values[l + 2] * xj;
            s3 += values[l + 3] * xj;
          }
          x[base + rows[r] * sides] -= s0;
          x[base + rows[r + 1] * sides] -= s1;
          x[base + rows[r + 2] * sides] -= s2;
          x[base + rows[r + 3] * sides] -= s3;
        }
        for (; r < rowPtr[s + 1]; r++, from++) {
          let sum = 0;
          for (let at = known, l = from; at < end; at += sides, l += length) sum += values[l] * x[at];
          x[base + rows[r] * sides] -= sum;
        }
      }
    }
  }
}

/** The same for L' x = b. */
export function solveBackward(
  x: Float64Array,
  offset: number,
  sides: number,
  blocks: Trapezoids,
  values: Float64Array,
): void {
  const { count, first, rowPtr, rows, valuePtr } = blocks;
  for (let base = offset; base < offset + sides; base++) {
    for (let s = count - 1; s >= 0; s--) {
      const length = rowPtr[s + 1] - rowPtr[s];
      const cols = first[s + 1] - first[s];
      const own = base + first[s] * sides;
      for (let p = rowPtr[s] + cols; p < rowPtr[s + 1]; p += depthBlock) {
        const end = Math.min(p + depthBlock, rowPtr[s + 1]);
        let j = 0;
        let from = valuePtr[s] + p - rowPtr[s];
        for (; j + 4 <= cols; j += 4, from += 4 * length) {
          let s0 = 0;
          let s1 = 0;
          let s2 = 0;
          let s3 = 0;
          for (let r = p, l = from; r < end; r++, l++) {
            const xi = x[base + rows[r] * sides];
            s0 += values[l] * xi;
            s1 += values[l + length] * xi;
            s2 += values[l + 2 * length] * xi;
            s3 += values[l + 3 * length] * xi;
          }
          x[own + j * sides] -= s0;
          x[own + (j + 1) * sides] -= s1;
          x[own + (j + 2) * sides] -= s2;
          x[own + (j + 3) * sides] -= s3;
        }
        for (; j < cols; j++, from += length) {
          let sum = 0;
          for (let r = p, l = from; r < end; r++, l++) sum += values[l] * x[base + rows[r] * sides];
          x[own + j * sides] -= sum;
        }
      }
      for (let j = cols - 1; j >= 0; j--) {
        const column = valuePtr[s] + j * length;
        let sum = x[own + j * sides];
        for (let i = cols - 1; i > j; i--) sum -= values[column + i] * x[own + i * sides];
        x[own + j * sides] = sum / values[column + j];
      }
    }
  }
}
