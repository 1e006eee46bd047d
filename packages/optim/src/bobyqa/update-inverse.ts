import type { BobyqaModel } from "./model";

/** Entries of Z below this fraction of its largest are treated as zero when it is rotated. */
const NEGLIGIBLE = 1e-20;

/**
 * Updates the inverse of the interpolation system when point `index` moves to the trial point.
 *
 * Rotations first bring row `index` of Z to a single nonzero, in its first column; the rank-two formula then
 * changes that column of Z and all of B:
 *
 * ```
 * H+ = H + [alpha (e - Hw)(e - Hw)' - beta H e e' H + tau (H e (e - Hw)' + (e - Hw) e' H)] / denominator
 * ```
 *
 * Source: Powell (2009), section 4; Powell (2004), "On updating the inverse of a KKT matrix".
 *
 * @param model its `inverseB`, `inverseZ` are updated; `memory[lagrange + index]` is reduced by one on the way; reads
 *   `beta` and `denominator` (`alpha beta + tau²`, positive)
 * @param index the interpolation point that moves
 *
 * Cost: about npt² + 2 n npt multiplications.
 */
export function updateInverseInPlace(model: BobyqaModel, index: number): void {
  const { n, npt, rank, memory, inverseB, inverseZ, lagrange, beta, denominator } = model;
  const hColumn = model.scratchPoints;
  const weightLagrange = model.scratchA;
  const weightColumn = model.scratchB;

  let largest = 0;
  let other = 0;
  let at = inverseZ;
  const end = inverseZ + npt * rank;
  for (; at + 1 < end; at += 2) {
    const a = Math.abs(memory[at]);
    const b = Math.abs(memory[at + 1]);
    if (a > largest) largest = a;
    if (b > other) other = b;
  }
  if (at < end) other = Math.max(other, Math.abs(memory[at]));
  if (other > largest) largest = other;
  const negligible = NEGLIGIBLE * largest;

  for (let j = 1, column = inverseZ + npt; j < rank; j++, column += npt) {
    const entry = memory[column + index];
    if (Math.abs(entry) > negligible) {
      const first = memory[inverseZ + index];
      const length = Math.sqrt(first * first + entry * entry);
      const cosine = first / length;
      const sine = entry / length;
      for (let i = 0; i < npt; i++) {
        const a = memory[inverseZ + i];
        const b = memory[column + i];
        memory[inverseZ + i] = cosine * a + sine * b;
        memory[column + i] = cosine * b - sine * a;
      }
    }
    memory[column + index] = 0;
  }

  const pivot = memory[inverseZ + index];
  const alpha = pivot * pivot;
  const tau = memory[lagrange + index];
  memory[lagrange + index] = tau - 1;

  const root = Math.sqrt(denominator);
  const lagrangeScale = pivot / root;
  const columnScale = tau / root;
  for (let i = 0; i < npt; i++) {
    const entry = memory[inverseZ + i];
    memory[hColumn + i] = pivot * entry;
    memory[inverseZ + i] = columnScale * entry - lagrangeScale * memory[lagrange + i];
  }

  const indexRow = inverseB + index * n;
  for (let j = 0; j < n; j++) {
    const entry = memory[indexRow + j];
    const lagrangeEntry = memory[lagrange + npt + j];
    memory[hColumn + npt + j] = entry;
    memory[weightLagrange + j] = (alpha * lagrangeEntry - tau * entry) / denominator;
    memory[weightColumn + j] = (-beta * entry - tau * lagrangeEntry) / denominator;
  }
  // Two columns at a time, their weights in registers.
  let j = 0;
  for (; j + 1 < n; j += 2) {
    const lagrange0 = memory[weightLagrange + j];
    const lagrange1 = memory[weightLagrange + j + 1];
    const column0 = memory[weightColumn + j];
    const column1 = memory[weightColumn + j + 1];
    for (let i = 0, at = inverseB + j; i < npt; i++, at += n) {
      const byLagrange = memory[lagrange + i];
      const byColumn = memory[hColumn + i];
      memory[at] = memory[at] + lagrange0 * byLagrange + column0 * byColumn;
      memory[at + 1] = memory[at + 1] + lagrange1 * byLagrange + column1 * byColumn;
    }
  }
  if (j < n) {
    const lagrange0 = memory[weightLagrange + j];
    const column0 = memory[weightColumn + j];
    for (let i = 0, at = inverseB + j; i < npt; i++, at += n) {
      memory[at] = memory[at] + lagrange0 * memory[lagrange + i] + column0 * memory[hColumn + i];
    }
  }
  // The last n rows are symmetric: compute the upper triangle and mirror it.
  for (let i = 0, row = inverseB + npt * n; i < n; i++, row += n) {
    const byLagrange = memory[lagrange + npt + i];
    const byColumn = memory[hColumn + npt + i];
    for (let k = i, mirror = row + i; k < n; k++, mirror += n) {
      const entry =
        memory[row + k] + memory[weightLagrange + k] * byLagrange + memory[weightColumn + k] * byColumn;
      memory[row + k] = entry;
      memory[mirror] = entry;
    }
  }
}
