import type { CscMatrix } from "@lmmkit/sparse";
import { findEntry, fromTriplets, multiplyAAt, transpose, valueAt } from "@lmmkit/sparse";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyze, type CholeskyFactor, factorize } from "./index";
import { arbitraryMatrix, arbitrarySpd, gridLaplacian } from "./random-matrix.test-support";

/** Column j of the inverse, by solving. */
function inverseColumn(factor: CholeskyFactor, j: number): Float64Array {
  const e = new Float64Array(factor.symbolic.n);
  e[j] = 1;
  return factor.solve(e);
}

/** The largest difference between the inverse subset and the solved columns, relative to the largest entry. */
function subsetError(factor: CholeskyFactor): number {
  const Z = factor.inverseSubset();
  const p = factor.permutation;
  let error = 0;
  let size = 1e-300;
  for (let j = 0; j < Z.ncols; j++) {
    const column = inverseColumn(factor, p[j]);
    for (let q = Z.colPtr[j]; q < Z.colPtr[j + 1]; q++) {
      size = Math.max(size, Math.abs(column[p[Z.rowIdx[q]]]));
      error = Math.max(error, Math.abs(Z.values[q] - column[p[Z.rowIdx[q]]]));
    }
  }
  return error / size;
}

/** E E' for a lower triangular E with a third of the entries of its last rows: a dense end of that size. */
function withDenseEnd(n: number, dense: number): CscMatrix {
  const r: number[] = [];
  const c: number[] = [];
  for (let j = 0; j < n; j++) {
    for (let i = Math.max(j, n - dense); i < n; i++) {
      if ((i * j) % 3 === 0) continue;
      r.push(i);
      c.push(j);
    }
  }
  return multiplyAAt(fromTriplets(n, n, r, c, new Float64Array(r.length).fill(0.1)));
}

describe("the inverse subset", () => {
  for (const kind of ["simplicial", "supernodal"] as const) {
    test(`agrees with solved columns on random matrices, ${kind}`, () => {
      fc.assert(
        fc.property(arbitrarySpd(25), fc.constantFrom("amd", "natural"), (A, ordering) => {
          const factor = factorize(A, analyze(A, { uplo: "lower", ordering, kind }));
          // Least eigenvalue at least 1, norm below 25 · 81 · 25: condition number up to 10⁵.
          expect(subsetError(factor)).toBeLessThan(1e-11);
        }),
        { numRuns: 100, seed: 5 },
      );
    });

    test(`on grids and on a dense end, ${kind}`, () => {
      for (const A of [gridLaplacian(12, 13), gridLaplacian(2, 40)]) {
        expect(subsetError(factorize(A, analyze(A, { kind })))).toBeLessThan(1e-14);
      }
      const A = withDenseEnd(144, 70);
      expect(subsetError(factorize(A, analyze(A, { kind }), { beta: 1 }))).toBeLessThan(1e-13);
    });
  }

  test("comes in the order of A's entries, from either triangle, zeros where A is not read", () => {
    const full = fromTriplets(3, 3, [0, 1, 0, 1, 2, 1, 2], [0, 0, 1, 1, 1, 2, 2], [4, 1, 1, 5, 2, 2, 6]);
    for (const uplo of ["lower", "upper"] as const) {
      const factor = factorize(full, analyze(full, { uplo }));
      const out = new Float64Array(7).fill(9);
      factor.inverseEntriesInto(out);
      for (let j = 0; j < 3; j++) {
        const column = inverseColumn(factor, j);
        for (let p = full.colPtr[j]; p < full.colPtr[j + 1]; p++) {
          const i = full.rowIdx[p];
          const read = uplo === "lower" ? i >= j : i <= j;
          expect(out[p]).toBeCloseTo(read ? column[i] : 0, 15);
        }
        expect(factor.inverseDiagonal()[j]).toBeCloseTo(column[j], 15);
      }
    }
  });

  test("for A A' comes on the pattern of the product", () => {
    fc.assert(
      fc.property(arbitraryMatrix(7, 5, 12), (A) => {
        const symbolic = analyze(A, { form: "AAt" });
        const factor = factorize(A, symbolic, { beta: 1 });
        const pattern = symbolic.aat!.pattern;
        const out = new Float64Array(pattern.rowIdx.length);
        factor.inverseEntriesInto(out);
        for (let j = 0; j < 7; j++) {
          const column = inverseColumn(factor, j);
          for (let p = pattern.colPtr[j]; p < pattern.colPtr[j + 1]; p++) {
            expect(Math.abs(out[p] - column[pattern.rowIdx[p]])).toBeLessThan(1e-12);
          }
        }
      }),
      { numRuns: 50, seed: 6 },
    );
  });

  test("is the derivative of logDet", () => {
    const A = gridLaplacian(4, 5);
    const symbolic = analyze(A);
    const factor = factorize(A, symbolic);
    const entries = new Float64Array(A.values.length);
    factor.inverseEntriesInto(entries);
    const h = 1e-5;
    for (const [i, j] of [
      [3, 3],
      [7, 2],
    ]) {
      const p = findEntry(A, i, j);
      const shifted = (d: number) => {
        const values = A.values.slice();
        values[p] += d;
        return factor.update({ ...A, values }).logDet();
      };
      const difference = (shifted(h) - shifted(-h)) / (2 * h);
      // Central differences: h² plus roundoff / h.
      expect(difference).toBeCloseTo((i === j ? 1 : 2) * entries[p], 8);
    }
  });

  test("follows an update, and is refused without a factor", () => {
    const A = gridLaplacian(3, 3);
    const factor = factorize(A, analyze(A));
    const first = factor.inverseDiagonal();
    factor.update(A, { beta: 1 });
    const second = factor.inverseDiagonal();
    expect(second[4]).toBeLessThan(first[4]);
    expect(second[4]).toBeCloseTo(inverseColumn(factor, 4)[4], 15);
    expect(() => factor.inverseEntriesInto(new Float64Array(2))).toThrow(
      expect.objectContaining({ code: "dimension-mismatch" }),
    );
    factor.update(A, { beta: -10 });
    expect(() => factor.inverseSubset()).toThrow(expect.objectContaining({ code: "not-positive-definite" }));
    expect(() => factor.inverseDiagonal()).toThrow(
      expect.objectContaining({ code: "not-positive-definite" }),
    );
  });

  test("of a transposed upper triangle is the same", () => {
    const A = gridLaplacian(4, 4);
    const lower = factorize(A, analyze(A, { uplo: "lower", ordering: "natural" })).inverseSubset();
    const U = transpose(A);
    const upper = factorize(U, analyze(U, { uplo: "upper", ordering: "natural" })).inverseSubset();
    expect(upper).toEqual(lower);
    expect(valueAt(lower, 1, 0)).toBeGreaterThan(0);
  });
});
