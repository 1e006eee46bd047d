/** A pivot below this share of the largest entry of its column leaves too few digits. */
const SINGULAR = 1e-5;

/**
 * The inverse of a small matrix by Gauss–Jordan elimination with row pivoting.
 *
 * @param matrix k×k, column-major, not changed
 * @param work k·k numbers, overwritten
 * @param outInverse k×k, overwritten
 * @returns false, and nothing of use in `outInverse`, when the matrix is nearly singular; a 1×1 matrix is
 *   inverted unless it is zero
 * Cost: 2k³, no allocation.
 */
export function invertInto(
  matrix: Float64Array,
  k: number,
  work: Float64Array,
  outInverse: Float64Array,
): boolean {
  if (k === 1) {
    outInverse[0] = 1 / matrix[0];
    return matrix[0] !== 0;
  }
  work.set(matrix);
  for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) outInverse[j * k + i] = i === j ? 1 : 0;
  for (let c = 0; c < k; c++) {
    let scale = 0;
    for (let i = 0; i < k; i++) scale = Math.max(scale, Math.abs(matrix[c * k + i]));
    let pivot = c;
    for (let i = c + 1; i < k; i++) if (Math.abs(work[c * k + i]) > Math.abs(work[c * k + pivot])) pivot = i;
    if (!(Math.abs(work[c * k + pivot]) > SINGULAR * scale)) return false;
    for (let j = 0; j < k; j++) {
      swap(work, j * k + c, j * k + pivot);
      swap(outInverse, j * k + c, j * k + pivot);
    }
    const divisor = work[c * k + c];
    for (let j = 0; j < k; j++) {
      work[j * k + c] /= divisor;
      outInverse[j * k + c] /= divisor;
    }
    for (let i = 0; i < k; i++) {
      const factor = work[c * k + i];
      if (i === c || factor === 0) continue;
      for (let j = 0; j < k; j++) {
        work[j * k + i] -= factor * work[j * k + c];
        outInverse[j * k + i] -= factor * outInverse[j * k + c];
      }
    }
  }
  return true;
}

function swap(values: Float64Array, i: number, j: number): void {
  const value = values[i];
  values[i] = values[j];
  values[j] = value;
}
