/**
 * Sets every entry to zero.
 *
 * A loop, because `fill` leaves the compiled code for every call, which costs more than the few numbers of a short
 * vector.
 *
 * @param target overwritten
 */
export function clearInPlace(target: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = 0;
}

/**
 * Copies a vector; a loop for the same reason.
 *
 * @param source unchanged
 * @param out at least as long
 */
export function copyInto(source: Float64Array, out: Float64Array): void {
  for (let i = 0; i < source.length; i++) out[i] = source[i];
}

/**
 * Adds a weighted sum of rows to a vector, `target += sum_k weights[k] * row_k`, in the order of the rows.
 *
 * Two columns at a time, their sums held in registers: for a few columns this is twice as fast as a row at a time.
 *
 * @param target its entries from `offset` to `offset + n - 1` are overwritten
 * @param rows row-major, rows of length n
 * @param weights one per row
 * @param count number of rows
 */
export function addWeightedRowsInPlace(
  target: Float64Array,
  offset: number,
  rows: Float64Array,
  weights: Float64Array,
  count: number,
  n: number,
): void {
  let j = 0;
  for (; j + 1 < n; j += 2) {
    let first = target[offset + j];
    let second = target[offset + j + 1];
    for (let k = 0, at = j; k < count; k++, at += n) {
      const weight = weights[k];
      first += weight * rows[at];
      second += weight * rows[at + 1];
    }
    target[offset + j] = first;
    target[offset + j + 1] = second;
  }
  if (j < n) {
    let last = target[offset + j];
    for (let k = 0, at = j; k < count; k++, at += n) last += weights[k] * rows[at];
    target[offset + j] = last;
  }
}
