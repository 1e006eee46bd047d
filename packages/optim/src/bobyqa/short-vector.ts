/**
 * Sets consecutive entries to zero.
 *
 * A loop, because `fill` leaves the compiled code for every call, which costs more than the few numbers of a short
 * vector.
 *
 * @param memory entries `start` to `start + count - 1` are overwritten
 */
export function clearInPlace(memory: Float64Array, start: number, count: number): void {
  for (let i = start; i < start + count; i++) memory[i] = 0;
}

/**
 * Copies `count` entries from `source` on to `target` on; a loop for the same reason.
 *
 * @param memory changed at `target`
 */
export function copyInPlace(memory: Float64Array, source: number, target: number, count: number): void {
  for (let i = 0; i < count; i++) memory[target + i] = memory[source + i];
}

/** Copies a vector into another array, which is at least as long. */
export function copyInto(source: Float64Array, out: Float64Array): void {
  for (let i = 0; i < source.length; i++) out[i] = source[i];
}

/**
 * Adds a weighted sum of rows to a vector, `target += sum_k weights[k] * row_k`, in the order of the rows.
 *
 * Two columns at a time, their sums held in registers: for a few columns this is twice as fast as a row at a time.
 *
 * @param memory holds all of them
 * @param target where the vector of length n starts
 * @param rows where the rows start, one after the other, each of length n
 * @param weights where their weights start
 * @param count number of rows
 */
export function addWeightedRowsInPlace(
  memory: Float64Array,
  target: number,
  rows: number,
  weights: number,
  count: number,
  n: number,
): void {
  let j = 0;
  for (; j + 1 < n; j += 2) {
    let first = memory[target + j];
    let second = memory[target + j + 1];
    for (let k = 0, at = rows + j; k < count; k++, at += n) {
      const weight = memory[weights + k];
      first += weight * memory[at];
      second += weight * memory[at + 1];
    }
    memory[target + j] = first;
    memory[target + j + 1] = second;
  }
  if (j < n) {
    let last = memory[target + j];
    for (let k = 0, at = rows + j; k < count; k++, at += n) last += memory[weights + k] * memory[at];
    memory[target + j] = last;
  }
}

/**
 * Computes `out[k] = row_k' vector` for `count` rows, each sum in the order of its terms.
 *
 * Rows of up to three numbers go two columns at a time, longer ones four rows at a time: their sums are independent, so
 * the processor works on all four at once.
 *
 * @param memory holds all of them
 * @param rows where the rows start, one after the other, each of length n
 * @param vector where the vector of length n starts
 * @param out where the products go
 */
export function rowProductsInPlace(
  memory: Float64Array,
  rows: number,
  vector: number,
  out: number,
  count: number,
  n: number,
): void {
  if (n === 2 || n === 3) {
    const v0 = memory[vector];
    const v1 = memory[vector + 1];
    for (let k = 0, at = rows; k < count; k++, at += n) {
      memory[out + k] = memory[at] * v0 + memory[at + 1] * v1;
    }
    if (n === 2) return;
    const v2 = memory[vector + 2];
    for (let k = 0, at = rows + 2; k < count; k++, at += n) memory[out + k] += memory[at] * v2;
    return;
  }
  let k = 0;
  let row0 = rows;
  for (; k + 3 < count; k += 4) {
    const row1 = row0 + n;
    const row2 = row1 + n;
    const row3 = row2 + n;
    let p0 = 0;
    let p1 = 0;
    let p2 = 0;
    let p3 = 0;
    for (let j = 0; j < n; j++) {
      const v = memory[vector + j];
      p0 += memory[row0 + j] * v;
      p1 += memory[row1 + j] * v;
      p2 += memory[row2 + j] * v;
      p3 += memory[row3 + j] * v;
    }
    memory[out + k] = p0;
    memory[out + k + 1] = p1;
    memory[out + k + 2] = p2;
    memory[out + k + 3] = p3;
    row0 = row3 + n;
  }
  for (; k < count; k++, row0 += n) {
    let product = 0;
    for (let j = 0; j < n; j++) product += memory[row0 + j] * memory[vector + j];
    memory[out + k] = product;
  }
}
