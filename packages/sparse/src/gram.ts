import type { CscMatrix, CscPattern } from "./csc";
import { withValues } from "./csc";
import { SparseError } from "./errors";
import { transpose, transposeWithSource } from "./transpose";

/**
 * What A A' needs that does not depend on values: its lower triangle's pattern and the rows of A.
 *
 * Made once by `analyzeAAt`; `refillAAtInto` then works without allocation.
 */
export interface AAtPlan {
  /** Pattern of the lower triangle of A A', nrows × nrows; the diagonal is always stored. */
  readonly pattern: CscPattern;
  /** Pattern of A, for which the plan is valid. */
  readonly source: CscPattern;
  /** Row i of A has its entries at positions `rowEntry[rowPtr[i]] … rowEntry[rowPtr[i + 1] - 1]`. */
  readonly rowPtr: Int32Array;
  readonly rowEntry: Int32Array;
  /** Column of each `rowEntry`. */
  readonly rowCol: Int32Array;
  /** Work space, length nrows. */
  readonly slot: Int32Array;
}

/**
 * Finds the pattern of the lower triangle of A A' (diagonal always stored).
 *
 * Cost O(Σ over columns of A of the square of its length). Throws `SparseError` ("too-many-entries")
 * when A A' would have 2³¹ entries or more.
 */
export function analyzeAAt(matrix: CscPattern): AAtPlan {
  const { nrows, colPtr, rowIdx } = matrix;
  const rows = transposeWithSource(matrix);
  const rowPtr = rows.pattern.colPtr;
  const rowCol = rows.pattern.rowIdx;
  const rowEntry = rows.source;
  const outPtr = new Int32Array(nrows + 1);
  const mark = new Int32Array(nrows).fill(-1);
  // One long column alone can make too many entries; say so before they are counted one by one.
  for (let k = 0; k < matrix.ncols; k++) {
    const length = colPtr[k + 1] - colPtr[k];
    checkEntries((length * (length + 1)) / 2);
  }
  let size = 0;
  for (let j = 0; j < nrows; j++) {
    size++;
    mark[j] = j;
    for (let r = rowPtr[j]; r < rowPtr[j + 1]; r++) {
      // Rows within a column are sorted, so those at or behind a_jk are the rows >= j.
      const end = colPtr[rowCol[r] + 1];
      for (let q = rowEntry[r] + 1; q < end; q++) {
        const i = rowIdx[q];
        if (mark[i] !== j) {
          mark[i] = j;
          size++;
        }
      }
    }
    checkEntries(size);
    outPtr[j + 1] = size;
  }
  const outIdx = new Int32Array(size);
  mark.fill(-1);
  for (let j = 0; j < nrows; j++) {
    let slot = outPtr[j];
    outIdx[slot++] = j;
    mark[j] = j;
    for (let r = rowPtr[j]; r < rowPtr[j + 1]; r++) {
      const end = colPtr[rowCol[r] + 1];
      for (let q = rowEntry[r] + 1; q < end; q++) {
        const i = rowIdx[q];
        if (mark[i] !== j) {
          mark[i] = j;
          outIdx[slot++] = i;
        }
      }
    }
    outIdx.subarray(outPtr[j], slot).sort();
  }
  return {
    pattern: { nrows, ncols: nrows, colPtr: outPtr, rowIdx: outIdx },
    source: { nrows, ncols: matrix.ncols, colPtr, rowIdx },
    rowPtr,
    rowEntry,
    rowCol,
    slot: new Int32Array(nrows),
  };
}

function checkEntries(size: number): void {
  if (size <= 0x7fffffff) return;
  throw new SparseError(
    "too-many-entries",
    "too many entries in A A'",
    size,
    "at most 2^31 - 1 can be numbered",
  );
}

/**
 * Values of the lower triangle of A A' on `plan.pattern`, without allocation.
 *
 * c_ij = Σ_k a_ik a_jk, summed over k in increasing order. A must have the pattern that was analyzed.
 * Cost as `analyzeAAt`.
 *
 * @param outValues length nnz(plan.pattern), overwritten
 */
export function refillAAtInto(plan: AAtPlan, matrix: CscMatrix, outValues: Float64Array): void {
  const { colPtr, rowIdx } = plan.source;
  const values = matrix.values;
  const { rowPtr, rowEntry, rowCol, slot } = plan;
  const outPtr = plan.pattern.colPtr;
  const outIdx = plan.pattern.rowIdx;
  const n = plan.pattern.ncols;
  for (let j = 0; j < n; j++) {
    for (let q = outPtr[j]; q < outPtr[j + 1]; q++) {
      slot[outIdx[q]] = q;
      outValues[q] = 0;
    }
    for (let r = rowPtr[j]; r < rowPtr[j + 1]; r++) {
      const start = rowEntry[r];
      const end = colPtr[rowCol[r] + 1];
      const ajk = values[start];
      for (let q = start; q < end; q++) outValues[slot[rowIdx[q]]] += values[q] * ajk;
    }
  }
}

/** The lower triangle of A A' (diagonal always stored). See `analyzeAAt` for many values on one pattern. */
export function multiplyAAt(matrix: CscMatrix): CscMatrix {
  const plan = analyzeAAt(matrix);
  const out = withValues(plan.pattern);
  refillAAtInto(plan, matrix, out.values);
  return out;
}

/** The lower triangle of A'A (diagonal always stored). */
export function multiplyAtA(matrix: CscMatrix): CscMatrix {
  return multiplyAAt(transpose(matrix));
}
