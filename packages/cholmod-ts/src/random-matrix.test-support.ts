import type { CscMatrix } from "@lmmkit/sparse";
import { add, diagonal, fromTriplets, multiplyAAt, toDense, triangle } from "@lmmkit/sparse";
import fc from "fast-check";

/** A random nrows × ncols matrix with small whole values, from a list of (row, column, value). */
export function arbitraryMatrix(nrows: number, ncols: number, mostEntries: number): fc.Arbitrary<CscMatrix> {
  const entry = fc.tuple(
    fc.integer({ min: 0, max: Math.max(0, nrows - 1) }),
    fc.integer({ min: 0, max: Math.max(0, ncols - 1) }),
    fc.integer({ min: -9, max: 9 }),
  );
  return fc.array(entry, { maxLength: nrows * ncols === 0 ? 0 : mostEntries }).map((entries) =>
    fromTriplets(
      nrows,
      ncols,
      entries.map((e) => e[0]),
      entries.map((e) => e[1]),
      entries.map((e) => e[2]),
    ),
  );
}

/** The lower triangle of B B' + diag(1 … 3), which is positive definite. */
export function arbitrarySpd(maxSize: number): fc.Arbitrary<CscMatrix> {
  return fc
    .integer({ min: 0, max: maxSize })
    .chain((n) =>
      fc.tuple(
        arbitraryMatrix(n, n, 2 * n),
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: n, maxLength: n }),
      ),
    )
    .map(([b, d]) => triangle(add(multiplyAAt(b), diagonal(d)), "lower"));
}

/** The full dense array of a symmetric matrix of which the lower triangle is stored. */
export function denseSymmetric(lower: CscMatrix): Float64Array {
  const n = lower.ncols;
  const dense = toDense(lower);
  for (let j = 0; j < n; j++) for (let i = j + 1; i < n; i++) dense[j + i * n] = dense[i + j * n];
  return dense;
}

/** The largest |a_i − b_i|. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

/** The 2-D Laplacian of a rows × cols grid with five points, lower triangle. */
export function gridLaplacian(rows: number, cols: number): CscMatrix {
  const r: number[] = [];
  const c: number[] = [];
  const v: number[] = [];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < cols; x++) {
      const k = x + y * cols;
      r.push(k);
      c.push(k);
      v.push(4.1);
      if (x + 1 < cols) {
        r.push(k + 1);
        c.push(k);
        v.push(-1);
      }
      if (y + 1 < rows) {
        r.push(k + cols);
        c.push(k);
        v.push(-1);
      }
    }
  }
  return fromTriplets(rows * cols, rows * cols, r, c, v);
}

/** Z' of a fully crossed design with one observation per cell: first factor on top, or at the bottom. */
export function crossedZt(first: number, second: number): CscMatrix {
  const rows: number[] = [];
  const cols: number[] = [];
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      const observation = i * second + j;
      rows.push(i, first + j);
      cols.push(observation, observation);
    }
  }
  return fromTriplets(first + second, first * second, rows, cols, new Float64Array(rows.length).fill(1));
}

/** Z' of a nested design: `groups` groups of `size` members, members first, one observation each. */
export function nestedZt(groups: number, size: number): CscMatrix {
  const members = groups * size;
  const rows: number[] = [];
  const cols: number[] = [];
  for (let k = 0; k < members; k++) {
    rows.push(k, members + Math.floor(k / size));
    cols.push(k, k);
  }
  return fromTriplets(members + groups, members, rows, cols, new Float64Array(rows.length).fill(1));
}
