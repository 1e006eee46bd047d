import {
  add,
  diagonal,
  fromDense,
  fromTriplets,
  multiply,
  multiplySymmetricVector,
  toDense,
  transpose,
  triangle,
} from "@lmmkit/sparse";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyze, factorize } from "./index";
import {
  arbitraryMatrix,
  arbitrarySpd,
  denseSymmetric,
  gridLaplacian,
  largestDifference,
} from "./random-matrix.test-support";

describe("L D L'", () => {
  test("is P A P' with a unit diagonal in L, and agrees with L L'", () => {
    fc.assert(
      fc.property(arbitrarySpd(14), fc.constantFrom("amd", "natural"), (A, ordering) => {
        const symbolic = analyze(A, { uplo: "lower", ordering });
        const factor = factorize(A, symbolic, { type: "LDLt" });
        const plain = factorize(A, symbolic);
        expect(factor.status).toBe("ok");
        const L = factor.toSparse();
        for (let j = 0; j < L.ncols; j++) expect(L.values[L.colPtr[j]]).toBe(1);
        const D = diagonal(factor.diagonal());
        const p = factor.permutation;
        const product = toDense(multiply(multiply(L, D), transpose(L)));
        const a = denseSymmetric(A);
        const n = A.ncols;
        for (let j = 0; j < n; j++) {
          for (let i = 0; i < n; i++) {
            // Entries are at most 14 · 81 + 3.
            expect(Math.abs(product[i + j * n] - a[p[i] + p[j] * n])).toBeLessThan(1e-11);
          }
        }
        expect(factor.logDet()).toBeCloseTo(plain.logDet(), 10);
        expect(factor.inertia()).toEqual({ positive: n, negative: 0 });
      }),
      { numRuns: 150, seed: 21 },
    );
  });

  test("solves every system", () => {
    const A = gridLaplacian(6, 7);
    const n = A.ncols;
    const factor = factorize(A, analyze(A), { type: "LDLt" });
    const b = Float64Array.from({ length: 2 * n }, (_, i) => ((i * 5) % 7) - 3);
    const one = b.slice(0, n);
    expect(largestDifference(multiplySymmetricVector(A, factor.solve(one), "lower"), one)).toBeLessThan(
      1e-13,
    );
    const d = factor.diagonal();
    expect(factor.solve(b, "D")).toEqual(b.map((v, i) => v / d[i % n]));
    expect(factor.solve(b, "LD")).toEqual(factor.solve(factor.solve(b, "L"), "D"));
    expect(factor.solve(b, "DLt")).toEqual(factor.solve(factor.solve(b, "D"), "Lt"));
    expect(factor.solve(b, "LDLt")).toEqual(factor.solve(factor.solve(b, "LD"), "Lt"));
    const composed = factor.solve(factor.solve(factor.solve(b, "P"), "LDLt"), "Pt");
    expect(factor.solve(b)).toEqual(composed);
  });

  test("takes quasi-definite matrices, in any order, and counts their eigenvalues", () => {
    // [H B'; B -G] with H and G positive definite.
    fc.assert(
      fc.property(
        arbitraryMatrix(4, 6, 12),
        fc.shuffledSubarray([...Array(10).keys()], { minLength: 10, maxLength: 10 }),
        (B, ordering) => {
          const rows = [...Array(10).keys()];
          const cols = [...rows];
          const values = rows.map((j): number => (j < 6 ? 2 : -3));
          for (let j = 0; j < 6; j++) {
            for (let p = B.colPtr[j]; p < B.colPtr[j + 1]; p++) {
              rows.push(6 + B.rowIdx[p]);
              cols.push(j);
              values.push(B.values[p]);
            }
          }
          const K = fromTriplets(10, 10, rows, cols, values);
          const factor = factorize(K, analyze(K, { ordering, uplo: "lower" }), { type: "LDLt" });
          expect(factor.status).toBe("ok");
          expect(factor.inertia()).toEqual({ positive: 6, negative: 4 });
          const b = Float64Array.from({ length: 10 }, (_, i) => i - 4);
          // Quasi-definite matrices of this size have moderate element growth.
          expect(largestDifference(multiplySymmetricVector(K, factor.solve(b), "lower"), b)).toBeLessThan(
            1e-10,
          );
          expect(factorize(K, factor.symbolic).status).toBe("not-positive-definite");
        },
      ),
      { numRuns: 100, seed: 22 },
    );
  });

  test("reports a zero pivot as its status", () => {
    const A = fromDense(2, 2, [1, 1, 0, 1]);
    const factor = factorize(A, analyze(A, { ordering: "natural" }), { type: "LDLt" });
    expect(factor.status).toBe("zero-pivot");
    expect(factor.column).toBe(1);
    expect(factor.rcond()).toBe(0);
    expect(() => factor.solve([1, 1])).toThrow("zero pivot at column: 1");
    expect(() => factor.inertia()).toThrow();
    expect(factor.update(A, { beta: 1 }).status).toBe("ok");
    expect(factor.rcond()).toBeCloseTo(1.5 / 2, 15);
  });

  test("gives the same inverse subset as L L'", () => {
    fc.assert(
      fc.property(arbitrarySpd(20), (A) => {
        const symbolic = analyze(A, { uplo: "lower" });
        const a = factorize(A, symbolic, { type: "LDLt" }).inverseSubset();
        const b = factorize(A, symbolic).inverseSubset();
        // Inverses of matrices with least eigenvalue at least 1.
        expect(largestDifference(a.values, b.values)).toBeLessThan(1e-11);
      }),
      { numRuns: 100, seed: 23 },
    );
  });

  test("of a supernodal analysis is laid out by columns", () => {
    const A = gridLaplacian(8, 8);
    const symbolic = analyze(A, { kind: "supernodal" });
    const factor = factorize(A, symbolic, { type: "LDLt" });
    expect(factor.symbolic.kind).toBe("simplicial");
    expect(symbolic.kind).toBe("supernodal");
    expect(factor.logDet()).toBeCloseTo(factorize(A, symbolic).logDet(), 11);
  });
});

describe("changing the type", () => {
  test("there and back, from either kind, keeps the factor", () => {
    const A = gridLaplacian(8, 9);
    for (const kind of ["simplicial", "supernodal"] as const) {
      const factor = factorize(A, analyze(A, { kind }));
      const before = factor.toSparse();
      const logDet = factor.logDet();
      expect(factor.changeType("LLt").symbolic.kind).toBe(kind);
      factor.changeType("LDLt");
      expect(factor.type).toBe("LDLt");
      expect(factor.logDet()).toBeCloseTo(logDet, 11);
      factor.changeType("LLt");
      // A multiplication and a division by the same root.
      expect(largestDifference(factor.toSparse().values, before.values)).toBeLessThan(1e-15);
      factor.update(A);
      expect(factor.status).toBe("ok");
    }
  });

  test("to L L' is refused for an indefinite matrix", () => {
    const A = triangle(add(diagonal([1, -1]), diagonal([0, 0])), "lower");
    const factor = factorize(A, analyze(A, { ordering: "natural" }), { type: "LDLt" });
    expect(() => factor.changeType("LLt")).toThrow("pivot not positive at column: 1");
    expect(factor.type).toBe("LDLt");
  });
});
