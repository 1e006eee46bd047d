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
 * As `scatterInto` for a column b of which only some rows are not zero.
 *
 * @param rows those rows, increasing
 * @param values of b there
 * Cost: rows + targets.
 */
export function scatterRowsInto(
  target: Int32Array,
  a: ColumnView,
  rows: Int32Array,
  values: Float64Array,
  weights: Float64Array | null,
  stride: number,
  offset: number,
  lost: Float64Array,
  outSums: Float64Array,
): void {
  const ntargets = lost.length;
  for (let t = 0; t < ntargets; t++) outSums[t * stride + offset] = 0;
  lost.fill(0);
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i];
    let value = (a.values === null ? a.constant : a.values[r] - a.shift) * values[i];
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
  if (isSorted(target)) {
    sumRunsInto(target, a, b, weights, stride, offset, outSums);
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

function isSorted(target: Int32Array): boolean {
  for (let r = 1; r < target.length; r++) if (target[r] < target[r - 1]) return false;
  return true;
}

/** As `scatterInto` where rows of one target follow each other: the sum stays in a register; the same bits. */
function sumRunsInto(
  target: Int32Array,
  a: ColumnView,
  b: ColumnView,
  weights: Float64Array | null,
  stride: number,
  offset: number,
  outSums: Float64Array,
): void {
  const left = a.values;
  const right = b.values;
  const n = target.length;
  for (let r = 0; r < n; ) {
    const t = target[r];
    let sum = 0;
    let lost = 0;
    for (; r < n && target[r] === t; r++) {
      let value =
        (left === null ? a.constant : left[r] - a.shift) * (right === null ? b.constant : right[r] - b.shift);
      if (weights !== null) value *= weights[r];
      const total = sum + value;
      lost += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
      sum = total;
    }
    outSums[t * stride + offset] = sum + lost;
  }
}
