import fc from "fast-check";
import type { CscMatrix } from "./index";
import { fromTriplets } from "./index";

/** A random matrix of the given shape with small whole values, some zero, duplicates summed. */
export function arbitraryMatrix(nrows: number, ncols: number): fc.Arbitrary<CscMatrix> {
  const entry = fc.tuple(
    fc.integer({ min: 0, max: Math.max(0, nrows - 1) }),
    fc.integer({ min: 0, max: Math.max(0, ncols - 1) }),
    fc.integer({ min: -9, max: 9 }),
  );
  return fc.array(entry, { maxLength: nrows * ncols === 0 ? 0 : 30 }).map((entries) =>
    fromTriplets(
      nrows,
      ncols,
      entries.map((e) => e[0]),
      entries.map((e) => e[1]),
      entries.map((e) => e[2]),
    ),
  );
}

/** A random shape, then a random matrix of it. */
export const anyMatrix: fc.Arbitrary<CscMatrix> = fc
  .tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }))
  .chain(([nrows, ncols]) => arbitraryMatrix(nrows, ncols));

/** A random square matrix. */
export const squareMatrix: fc.Arbitrary<CscMatrix> = fc
  .integer({ min: 0, max: 8 })
  .chain((n) => arbitraryMatrix(n, n));

/** A random permutation of 0 … n − 1. */
export function arbitraryOrder(n: number): fc.Arbitrary<number[]> {
  return fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n });
}
