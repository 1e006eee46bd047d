import { analyze, CholeskyFactor, CholmodError } from "@lmmkit/cholmod-ts";
import type { CscMatrix } from "@lmmkit/sparse";
import type { Design } from "../design/design";
import { type BlockPattern, countEntries } from "./block-pattern";
import { MOST_NUMBERS, tooManyPairs } from "./level-pairs";

/** Operations of a factorization on a widened pattern (about a minute). */
const MOST_FLOPS = 1e11;

/**
 * Λ'Z'ZΛ on a wider pattern: the system's entries in their places, zeros elsewhere.
 *
 * @param system lower triangle, not changed
 * @throws LmmError `too-large`
 * Cost: the entries of the wider pattern.
 */
export function widenedSystem(design: Design, pattern: BlockPattern, system: CscMatrix): CscMatrix {
  const { factors, q } = design;
  const { firstNode, nodePtr, nodeRow, height } = pattern;
  const entries = countEntries(design, pattern);
  if (entries > MOST_NUMBERS) throw tooManyPairs(entries);
  const colPtr = new Int32Array(q + 1);
  const startOf = new Int32Array(firstNode[factors.length] + 1);
  factors.forEach(({ levels, ncols: k, start }, f) => {
    for (let l = 0; l < levels.length; l++) {
      startOf[firstNode[f] + l] = start + l * k;
      for (let c = 0; c < k; c++) colPtr[start + l * k + c + 1] = k - c + height[firstNode[f] + l];
    }
  });
  startOf[firstNode[factors.length]] = q;
  for (let j = 0; j < q; j++) colPtr[j + 1] += colPtr[j];
  const rowIdx = new Int32Array(entries);
  const values = new Float64Array(entries);
  factors.forEach(({ levels, ncols: k, start }, f) => {
    for (let l = 0; l < levels.length; l++) {
      const node = firstNode[f] + l;
      for (let c = 0; c < k; c++) {
        const column = start + l * k + c;
        let at = colPtr[column];
        for (let i = c; i < k; i++) rowIdx[at++] = start + l * k + i;
        for (let b = nodePtr[node]; b < nodePtr[node + 1]; b++) {
          for (let row = startOf[nodeRow[b]]; row < startOf[nodeRow[b] + 1]; row++) rowIdx[at++] = row;
        }
        // Both columns increase, and every entry of the system is somewhere in the wider one.
        let to = colPtr[column];
        for (let from = system.colPtr[column]; from < system.colPtr[column + 1]; from++) {
          while (rowIdx[to] !== system.rowIdx[from]) to++;
          values[to] = system.values[from];
        }
      }
    }
  });
  return { nrows: q, ncols: q, colPtr, rowIdx, values };
}

/**
 * The entries of (A + I)⁻¹ on the pattern of a widened system A, in A's order.
 *
 * @throws LmmError `too-large` when the factor would not fit, or take minutes
 */
export function inverseOnWidened(design: Design, matrix: CscMatrix): Float64Array {
  const { factor, values } = factorized(design, matrix);
  factor.inverseEntriesInto(values);
  return values;
}

function factorized(design: Design, matrix: CscMatrix): { factor: CholeskyFactor; values: Float64Array } {
  try {
    const symbolic = analyzeWidened(design, matrix);
    const numbers = 2 * symbolic.valueCount + 2 * matrix.rowIdx.length;
    if (numbers > MOST_NUMBERS * 2 || symbolic.flops > MOST_FLOPS) throw tooManyPairs(numbers);
    const factor = new CholeskyFactor(symbolic);
    factor.update(matrix, { beta: 1 });
    return { factor, values: new Float64Array(matrix.rowIdx.length) };
  } catch (error) {
    if (error instanceof CholmodError && error.code === "too-many-entries") throw tooManyPairs(2 ** 31);
    if (error instanceof RangeError) throw tooManyPairs(null);
    throw error;
  }
}

/** What a factorization of a widened system will take. */
export function analyzeWidened({ q, factors }: Design, matrix: CscMatrix) {
  const blocks = new Int32Array(q);
  let block = 0;
  for (const { start, ncols, levels } of factors) {
    for (let l = 0; l < levels.length; l++) {
      blocks.fill(block++, start + l * ncols, start + (l + 1) * ncols);
    }
  }
  return analyze(matrix, { ordering: "amd", uplo: "lower", blocks });
}
