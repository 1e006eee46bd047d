import type { ColumnView } from "./column-view";

/**
 * Σ_r w_r a_r b_r over all rows, each addition's rounding error carried along and added at the end
 * (Neumaier 1974, the improved Kahan–Babuška sum).
 *
 * @param weights one per row, or null for 1
 * Cost: n.
 */
export function dot(n: number, a: ColumnView, b: ColumnView, weights: Float64Array | null): number {
  const left = a.values;
  const right = b.values;
  let sum = 0;
  let lost = 0;
  for (let r = 0; r < n; r++) {
    let value =
      (left === null ? a.constant : left[r] - a.shift) * (right === null ? b.constant : right[r] - b.shift);
    if (weights !== null) value *= weights[r];
    const total = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    sum = total;
  }
  return sum + lost;
}

/**
 * For every target t: out[t · stride + offset] = Σ_{r: target[r] = t} w_r a_r b_r, compensated.
 *
 * @param target position of each row's sum, 0 ≤ target < lost.length
 * @param lost scratch, one number per target; overwritten
 * @param outSums written at `t * stride + offset` for every t
 * Cost: n + targets.
 */
export function scatterInto(
  target: Int32Array,
  a: ColumnView,
  b: ColumnView,
  weights: Float64Array | null,
  stride: number,
  offset: number,
  lost: Float64Array,
  outSums: Float64Array,
): void {
  const left = a.values;
  const right = b.values;
  const ntargets = lost.length;
  for (let t = 0; t < ntargets; t++) outSums[t * stride + offset] = 0;
  if (left === null && right === null && weights === null) {
    for (let r = 0; r < target.length; r++) outSums[target[r] * stride + offset] += 1;
    const value = a.constant * b.constant;
    if (value !== 1) for (let t = 0; t < ntargets; t++) outSums[t * stride + offset] *= value;
    return;
  }
  lost.fill(0);
  for (let r = 0; r < target.length; r++) {
    let value =
      (left === null ? a.constant : left[r] - a.shift) * (right === null ? b.constant : right[r] - b.shift);
    if (weights !== null) value *= weights[r];
    const t = target[r];
    const at = t * stride + offset;
    const sum = outSums[at];
    const total = sum + value;
    lost[t] += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    outSums[at] = total;
  }
  for (let t = 0; t < ntargets; t++) outSums[t * stride + offset] += lost[t];
}
