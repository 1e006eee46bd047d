import type { CscMatrix, Triangle } from "@lmmkit/sparse";
import {
  diagonal,
  fromTriplets,
  identity,
  multiplyAAt,
  multiplySymmetricVector,
  permuteSymmetric,
  scaleRows,
  toDense,
  transpose,
  triangle,
  zeros,
} from "@lmmkit/sparse";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyze, factorize } from "./index";
import {
  arbitraryMatrix,
  arbitrarySpd,
  crossedZt,
  denseSymmetric,
  gridLaplacian,
  largestDifference,
  nestedZt,
} from "./random-matrix.test-support";

/** L L' as a dense lower triangle. */
function product(L: CscMatrix): Float64Array {
  return toDense(multiplyAAt(L));
}

describe("the document's factors", () => {
  const theta = [1.2, 2.1];
  // The penicillin design is 24 plates crossed with 6 samples, one observation per cell.
  const plateFirst = scaleRows(crossedZt(24, 6), [...Array(24).fill(theta[0]), ...Array(6).fill(theta[1])]);
  const sampleFirst = scaleRows(crossedZt(6, 24), [...Array(6).fill(theta[1]), ...Array(24).fill(theta[0])]);

  test("Penicillin at theta = (1.2, 2.1): 189 nonzeros, first column 3.105 and 0.812", () => {
    const symbolic = analyze(plateFirst, { ordering: "natural" });
    const factor = factorize(plateFirst, symbolic, { beta: 1 });
    expect(factor.nnz).toBe(189);
    const L = factor.toSparse();
    expect(L.rowIdx.slice(0, 9)).toEqual(Int32Array.of(0, 24, 25, 26, 27, 28, 29, 1, 24));
    // The document prints three decimals.
    expect(L.values[0]).toBeCloseTo(3.105, 3);
    expect(L.values[1]).toBeCloseTo(0.812, 3);
  });

  test("Penicillin in either order: 189 nonzeros with the default permutation", () => {
    expect(analyze(plateFirst).nnz).toBe(189);
    expect(analyze(sampleFirst).nnz).toBe(189);
  });

  test("the reversed factors: 450 nonzeros without a permutation, at most 204 with one", () => {
    expect(analyze(sampleFirst, { ordering: "natural" }).nnz).toBe(450);
    expect(analyze(sampleFirst, { ordering: "amd" }).nnz).toBeLessThanOrEqual(204);
  });

  test("Pastes, nested: 70 nonzeros whatever the ordering, no fill", () => {
    const pastes = nestedZt(10, 3);
    expect(analyze(pastes, { ordering: "natural" }).nnz).toBe(70);
    expect(analyze(pastes, { ordering: "amd" }).nnz).toBe(70);
  });
});

describe("P A P' = L L'", () => {
  const orderings = ["amd", "natural"] as const;
  for (const ordering of orderings) {
    test(`holds for random matrices ordered by ${ordering}, from either triangle`, () => {
      fc.assert(
        fc.property(arbitrarySpd(14), fc.constantFrom<Triangle>("lower", "upper"), (lower, uplo) => {
          const A = uplo === "lower" ? lower : transpose(lower);
          const factor = factorize(A, analyze(A, { ordering, uplo }));
          expect(factor.status).toBe("ok");
          const expected = toDense(permuteSymmetric(lower, factor.permutation, "lower"));
          const size = expected.reduce((m, x) => Math.max(m, Math.abs(x)), 1);
          // Cholesky's backward error is at most about n unit roundoffs of the diagonal.
          expect(largestDifference(product(factor.toSparse()), expected)).toBeLessThanOrEqual(
            size * 14 * 2.3e-16,
          );
        }),
        { numRuns: 150, seed: 1 },
      );
    });
  }

  test("holds for any given permutation, which is used as it is", () => {
    const given = fc.shuffledSubarray([...Array(8).keys()], { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(arbitraryMatrix(8, 8, 20), given, (B, order) => {
        const A = multiplyAAt(B);
        const factor = factorize(A, analyze(A, { ordering: order, uplo: "lower" }), { beta: 1 });
        expect([...factor.permutation]).toEqual(order);
        const shifted = denseSymmetric(A);
        for (let j = 0; j < 8; j++) shifted[j * 9] += 1;
        const LLt = denseSymmetric(multiplyAAt(factor.toSparse()));
        const p = factor.permutation;
        for (let j = 0; j < 8; j++) {
          for (let i = 0; i < 8; i++) {
            // Entries are at most 8 · 81 + 1; a few roundoffs of that.
            expect(Math.abs(LLt[i + 8 * j] - shifted[p[i] + 8 * p[j]])).toBeLessThanOrEqual(2e-12);
          }
        }
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  test("A A' + beta I from A is the factor of the product", () => {
    fc.assert(
      fc.property(arbitraryMatrix(6, 9, 20), (A) => {
        const direct = factorize(A, analyze(A, { ordering: "natural" }), { beta: 2 });
        const AAt = multiplyAAt(A);
        const formed = factorize(AAt, analyze(AAt, { ordering: "natural", uplo: "lower" }), { beta: 2 });
        expect(direct.toSparse()).toEqual(formed.toSparse());
      }),
      { numRuns: 100, seed: 3 },
    );
  });
});

test("every pattern of size up to 4 is factorized without a wrong or missing entry", () => {
  for (let n = 0; n <= 4; n++) {
    const pairs: [number, number][] = [];
    for (let j = 0; j < n; j++) for (let i = j + 1; i < n; i++) pairs.push([i, j]);
    for (let mask = 0; mask < 1 << pairs.length; mask++) {
      const chosen = pairs.filter((_, k) => (mask >> k) & 1);
      const diag = [...Array(n).keys()];
      const A = fromTriplets(
        n,
        n,
        [...diag, ...chosen.map((e) => e[0])],
        [...diag, ...chosen.map((e) => e[1])],
        [...diag.map((j) => 5 + j), ...chosen.map((_, k) => 1 - 0.13 * k)],
      );
      for (const ordering of ["amd", "natural"] as const) {
        const factor = factorize(A, analyze(A, { ordering, uplo: "lower" }));
        const L = factor.toSparse();
        const expected = toDense(permuteSymmetric(A, factor.permutation, "lower"));
        expect(largestDifference(product(L), expected)).toBeLessThanOrEqual(1e-14);
        // No entry of L is zero by structure: the pattern is the smallest one (these values do not cancel).
        expect(L.values.every((x) => x !== 0)).toBe(true);
      }
    }
  }
});

describe("solve", () => {
  const A = gridLaplacian(7, 9);
  const n = A.ncols;
  const factor = factorize(A, analyze(A, { uplo: "lower" }));
  const b = Float64Array.from({ length: n }, (_, i) => ((i * 37) % 11) - 5);
  const small = 1e-13; // condition below 100, so a few hundred roundoffs at most

  test("A x = b", () => {
    expect(largestDifference(multiplySymmetricVector(A, factor.solve(b), "lower"), b)).toBeLessThan(small);
  });

  test("the systems compose as CHOLMOD defines them: P, L, Lt, Pt together are A", () => {
    let x = factor.solve(b, "P");
    expect(x[0]).toBe(b[factor.permutation[0]]);
    x = factor.solve(x, "L");
    x = factor.solve(x, "Lt");
    expect(factor.solve(x, "Pt")).toEqual(factor.solve(b, "A"));
  });

  test("LD is L, DLt is Lt, LDLt is both, and D leaves b alone", () => {
    expect(factor.solve(b, "LD")).toEqual(factor.solve(b, "L"));
    expect(factor.solve(b, "DLt")).toEqual(factor.solve(b, "Lt"));
    expect(factor.solve(b, "LDLt")).toEqual(factor.solve(factor.solve(b, "L"), "Lt"));
    expect(factor.solve(b, "D")).toEqual(b);
  });

  test("many right-hand sides in place give the bits of one at a time", () => {
    const x = new Float64Array(3 + 2 * n);
    x.set(b, 3);
    x.set(
      b.map((v) => 2 * v),
      3 + n,
    );
    factor.solveInPlace(x, "A", 2, 3);
    expect(x.slice(3, 3 + n)).toEqual(factor.solve(b));
    expect(x.slice(3 + n)).toEqual(factor.solve(b.map((v) => 2 * v)));
    expect(x.slice(0, 3)).toEqual(new Float64Array(3));
  });

  test("a wrong length and an unknown system are refused", () => {
    expect(() => factor.solve([1, 2, 3])).toThrow(expect.objectContaining({ code: "dimension-mismatch" }));
    expect(() => factor.solveInPlace(new Float64Array(n), "A", 2)).toThrow(
      expect.objectContaining({ code: "dimension-mismatch" }),
    );
    for (const system of ["Q", "toString", "__proto__"]) {
      expect(() => factor.solve(b, system as "A")).toThrow(
        expect.objectContaining({ code: "unknown-system" }),
      );
    }
  });

  test("numbers of columns and offsets that are not whole are refused", () => {
    const x = new Float64Array(4 * n);
    for (const [ncols, offset, message] of [
      [1.5, 0, "invalid ncols: 1.5; need a whole number from 0 on"],
      [Number.NaN, 0, "invalid ncols: NaN"],
      [-1, 0, "invalid ncols: -1"],
      [1, 0.5, "invalid offset: 0.5"],
      [1, -1, "invalid offset: -1"],
      [4, 1, `short x: ${4 * n}; need ${4 * n + 1} numbers`],
    ] as const) {
      expect(() => factor.solveInPlace(x, "A", ncols, offset)).toThrow(message);
    }
    expect(() => factor.solveInPlace(x, "A", 4, 0)).not.toThrow();
  });
});

describe("update", () => {
  test("gives the bits of a new factor, also after a failure", () => {
    const A = gridLaplacian(5, 6);
    const symbolic = analyze(A, { uplo: "lower" });
    const factor = factorize(A, symbolic);
    const before = factor.toSparse();
    factor.update(A, { beta: -10 });
    expect(factor.status).toBe("not-positive-definite");
    factor.update(A);
    expect(factor.status).toBe("ok");
    expect(factor.toSparse()).toEqual(before);
  });

  test("accepts an equal pattern in other arrays and refuses a different one", () => {
    const A = gridLaplacian(3, 3);
    const factor = factorize(A, analyze(A, { uplo: "lower" }));
    factor.update({ ...A, colPtr: A.colPtr.slice(), rowIdx: A.rowIdx.slice() });
    const fewer = { ...A, colPtr: A.colPtr.map((p, j) => (j === 1 ? p + 1 : p)) };
    const moved = { ...A, rowIdx: A.rowIdx.map((i, p) => (p === 1 ? i + 1 : i)) };
    for (const other of [gridLaplacian(3, 2), identity(9), transpose(A), fewer, moved]) {
      expect(() => factor.update(other)).toThrow(expect.objectContaining({ code: "pattern-mismatch" }));
    }
  });

  test("refuses values that are not finite or too few", () => {
    const A = identity(3);
    const factor = factorize(A, analyze(A));
    const broken = { ...A, values: Float64Array.of(1, Number.NaN, 1) };
    expect(() => factor.update(broken)).toThrow(
      "non-finite value at entry 1: NaN; every value must be finite",
    );
    expect(() => factor.update({ ...A, values: Float64Array.of(1, 1, Number.NEGATIVE_INFINITY) })).toThrow(
      expect.objectContaining({ code: "non-finite-value" }),
    );
    expect(() => factor.update(A, { beta: Number.NaN })).toThrow(
      expect.objectContaining({ code: "non-finite-value" }),
    );
    expect(() => factor.update({ ...A, values: new Float64Array(2) })).toThrow(
      expect.objectContaining({ code: "dimension-mismatch" }),
    );
    // Text would be joined to the digits of the diagonal.
    expect(() => factor.update(A, { beta: "1" as unknown as number })).toThrow(
      expect.objectContaining({ code: "non-finite-value" }),
    );
  });

  test("refuses what is no matrix, no analysis or no type", () => {
    const A = identity(3);
    const symbolic = analyze(A);
    const nothing = null as unknown as typeof A;
    const { values: _, ...pattern } = A;
    for (const matrix of [nothing, pattern as typeof A]) {
      expect(() => factorize(matrix, symbolic)).toThrow(expect.objectContaining({ code: "not-a-matrix" }));
    }
    expect(() => factorize(A, nothing as unknown as typeof symbolic)).toThrow(
      expect.objectContaining({ code: "not-a-matrix" }),
    );
    expect(() => factorize(A, symbolic, { type: "LU" as "LLt" })).toThrow(
      'unknown type: "LU"; need "LLt" or "LDLt"',
    );
    expect(() => factorize(A, symbolic).changeType("x" as "LLt")).toThrow(
      expect.objectContaining({ code: "unknown-type" }),
    );
  });
});

describe("not positive definite is a status", () => {
  test("with the column of A and its place in the order", () => {
    const A = diagonal([1, 2, -3, 4]);
    const factor = factorize(A, analyze(A, { ordering: [3, 2, 1, 0] }));
    expect(factor.status).toBe("not-positive-definite");
    expect(factor.column).toBe(2);
    expect(factor.minor).toBe(1);
    expect(factor.logDet()).toBeNaN();
    expect(factor.rcond()).toBe(0);
    expect(() => factor.solve([1, 1, 1, 1])).toThrow(
      expect.objectContaining({ code: "not-positive-definite" }),
    );
    expect(() => factor.toSparse()).toThrow(expect.objectContaining({ code: "not-positive-definite" }));
  });

  test("for a singular, an indefinite and an empty-diagonal matrix", () => {
    const singular = fromTriplets(2, 2, [0, 1, 1], [0, 0, 1], [1, 1, 1]);
    expect(factorize(singular, analyze(singular, { ordering: "natural" })).column).toBe(1);
    const indefinite = fromTriplets(2, 2, [0, 1, 1], [0, 0, 1], [1, 2, 1]);
    expect(factorize(indefinite, analyze(indefinite)).status).toBe("not-positive-definite");
    const hollow = fromTriplets(2, 2, [1], [0], [1]);
    expect(factorize(hollow, analyze(hollow)).status).toBe("not-positive-definite");
    expect(factorize(hollow, analyze(hollow), { beta: 2 }).status).toBe("ok");
  });

  test("when values overflow on the way", () => {
    const A = fromTriplets(2, 2, [0, 1, 1], [0, 0, 1], [1e-308, 1e300, 1e308]);
    expect(factorize(A, analyze(A, { ordering: "natural" })).status).toBe("not-positive-definite");
  });
});

describe("tiny and huge", () => {
  test("0 by 0", () => {
    const factor = factorize(zeros(0, 0), analyze(zeros(0, 0)));
    expect(factor.status).toBe("ok");
    expect(factor.logDet()).toBe(0);
    expect(factor.rcond()).toBe(1);
    expect(factor.nnz).toBe(0);
    expect(factor.solve([])).toEqual(new Float64Array(0));
    expect(() => factor.solve([1])).toThrow(expect.objectContaining({ code: "dimension-mismatch" }));
  });

  test("1 by 1", () => {
    const A = diagonal([4]);
    const factor = factorize(A, analyze(A));
    expect(factor.solve([8])).toEqual(Float64Array.of(2));
    expect(factor.logDet()).toBe(2 * Math.log(2));
  });

  test("3 by 0, as A A' + beta I", () => {
    const A = zeros(3, 0);
    const factor = factorize(A, analyze(A), { beta: 4 });
    expect(factor.solve([4, 8, 12])).toEqual(Float64Array.of(1, 2, 3));
  });

  test("huge and tiny values", () => {
    const A = diagonal([1e300, 1e-300]);
    const factor = factorize(A, analyze(A));
    expect(factor.logDet()).toBeCloseTo(0, 10);
    expect(factor.solve([1e300, 1e-300])).toEqual(Float64Array.of(1, 1));
  });
});

test("rcond is the squared ratio of the extreme pivots", () => {
  const A = diagonal([4, 1, 16]);
  expect(factorize(A, analyze(A)).rcond()).toBe(1 / 16);
});

test("postordering a given ordering changes neither the number of entries nor the solution", () => {
  const A = gridLaplacian(6, 6);
  const order = Int32Array.from({ length: 36 }, (_, k) => (k * 7 + 3) % 36);
  const plain = factorize(A, analyze(A, { ordering: order }));
  const post = factorize(A, analyze(A, { ordering: order, postorder: true }));
  expect(post.nnz).toBe(plain.nnz);
  const b = Float64Array.from({ length: 36 }, (_, i) => i);
  expect(largestDifference(post.solve(b), plain.solve(b))).toBeLessThan(1e-12);
  expect(triangle(post.toSparse(), "upper").values.length).toBe(36);
});
