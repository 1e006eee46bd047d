import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyMatrix, arbitraryMatrix, squareMatrix } from "./arbitrary.test-support";
import type { CscMatrix } from "./index";
import {
  add,
  analyzeAAt,
  checkFinite,
  checkLength,
  checkMatrix,
  checkPattern,
  diagonal,
  fromDense,
  fromTriplets,
  identity,
  multiply,
  multiplyAAt,
  multiplyAtA,
  multiplySymmetricVector,
  multiplyTransposeVector,
  multiplyTransposeVectorInto,
  multiplyVector,
  multiplyVectorInto,
  norm1,
  normFrobenius,
  normInf,
  normSymmetric,
  refillAAtInto,
  SparseError,
  scale,
  scaleColumns,
  scaleRows,
  solveLower,
  solveLowerTranspose,
  solveUpper,
  solveUpperTranspose,
  symmetrize,
  toDense,
  transpose,
  triangle,
  zeros,
} from "./index";

// All values are small whole numbers, so every sum is exact and comparisons are exact too.
const runs = { numRuns: 200, seed: 2 };

/** Dense product of column-major m × k and k × n. */
function denseProduct(m: number, k: number, n: number, a: Float64Array, b: Float64Array): Float64Array {
  const c = new Float64Array(m * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < m; i++) for (let p = 0; p < k; p++) c[i + j * m] += a[i + p * m] * b[p + j * k];
  }
  return c;
}

function sound(A: CscMatrix): CscMatrix {
  checkMatrix(A);
  return A;
}

/** Without the sign of zeros. */
function plain(x: Float64Array): number[] {
  return Array.from(x, (v) => v + 0);
}

describe("sums and products", () => {
  test("alpha A + beta B", () => {
    fc.assert(
      fc.property(arbitraryMatrix(4, 5), arbitraryMatrix(4, 5), (A, B) => {
        const b = toDense(B);
        expect(plain(toDense(sound(add(A, B, 2, -3))))).toEqual(
          plain(toDense(A).map((x, q) => 2 * x - 3 * b[q])),
        );
        expect(plain(toDense(add(A, B)))).toEqual(plain(toDense(A).map((x, q) => x + b[q])));
      }),
      runs,
    );
    expect(() => add(zeros(1, 2), zeros(2, 1))).toThrow(
      'different shapes: "1 x 2 and 2 x 1"; both matrices must have the same shape',
    );
  });

  test("A B", () => {
    fc.assert(
      fc.property(arbitraryMatrix(4, 5), arbitraryMatrix(5, 3), (A, B) => {
        expect(plain(toDense(sound(multiply(A, B))))).toEqual(
          plain(denseProduct(4, 5, 3, toDense(A), toDense(B))),
        );
      }),
      runs,
    );
    expect(() => multiply(zeros(1, 2), zeros(1, 2))).toThrow(
      expect.objectContaining({ code: "dimension-mismatch" }),
    );
  });

  test("A A' and A'A, lower triangle with its diagonal stored", () => {
    fc.assert(
      fc.property(anyMatrix, (A) => {
        const n = A.nrows;
        const P = sound(multiplyAAt(A));
        const expected = triangle(multiply(A, transpose(A)), "lower");
        expect(plain(toDense(P))).toEqual(plain(toDense(expected)));
        for (let j = 0; j < n; j++) expect(P.rowIdx[P.colPtr[j]]).toBe(j);
        expect(multiplyAtA(transpose(A))).toEqual(P);
      }),
      runs,
    );
  });

  test("a product with too many entries is refused before it is formed", () => {
    const n = 70_000;
    const column = fromTriplets(
      n,
      1,
      Int32Array.from({ length: n }, (_, i) => i),
      new Int32Array(n),
      new Float64Array(n),
    );
    expect(() => analyzeAAt(column)).toThrow("too many entries in A A': 2450035000");
    expect(() => analyzeAAt(column)).toThrow(expect.objectContaining({ code: "too-many-entries" }));
  });

  test("A A' is refilled for new values on the same pattern", () => {
    fc.assert(
      fc.property(arbitraryMatrix(5, 4), fc.infiniteStream(fc.integer({ min: -5, max: 5 })), (A, stream) => {
        const plan = analyzeAAt(A);
        const B = { ...A, values: A.values.map(() => stream.next().value as number) };
        const out = new Float64Array(plan.pattern.rowIdx.length).fill(Number.NaN);
        refillAAtInto(plan, B, out);
        expect(out).toEqual(multiplyAAt(B).values);
      }),
      runs,
    );
  });

  test("scaling of the whole, of rows and of columns", () => {
    const A = fromDense(2, 2, [1, 2, 3, 4]);
    expect([...toDense(scale(A, 3))]).toEqual([3, 6, 9, 12]);
    expect([...toDense(scaleRows(A, [10, 1]))]).toEqual([10, 2, 30, 4]);
    expect([...toDense(scaleColumns(A, [10, 1]))]).toEqual([10, 20, 3, 4]);
    expect(() => scaleRows(A, [1])).toThrow("wrong length of row factors: 1; need 2");
    expect(() => scaleColumns(A, [1])).toThrow("wrong length of column factors: 1; need 2");
  });
});

describe("matrix times vector", () => {
  const vector = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 8, maxLength: 8 });

  test("A x and A' x", () => {
    fc.assert(
      fc.property(anyMatrix, vector, (A, v) => {
        const x = Float64Array.from(v.slice(0, A.ncols));
        const y = Float64Array.from(v.slice(0, A.nrows));
        expect(plain(multiplyVector(A, x))).toEqual(plain(denseProduct(A.nrows, A.ncols, 1, toDense(A), x)));
        expect(plain(multiplyTransposeVector(A, y))).toEqual(plain(multiplyVector(transpose(A), y)));
        const out = new Float64Array(A.nrows).fill(7);
        multiplyVectorInto(A, x, out);
        expect(out).toEqual(multiplyVector(A, x));
      }),
      runs,
    );
  });

  test("symmetric from one triangle", () => {
    fc.assert(
      fc.property(squareMatrix, vector, fc.constantFrom("lower", "upper"), (A, v, stored) => {
        const x = v.slice(0, A.ncols);
        expect(plain(multiplySymmetricVector(A, x, stored))).toEqual(
          plain(multiplyVector(symmetrize(A, stored), x)),
        );
      }),
      runs,
    );
  });

  test("lengths that do not fit are refused", () => {
    const A = zeros(2, 3);
    expect(() => multiplyVector(A, [1])).toThrow("wrong length of x: 1; need 3");
    expect(() => multiplyTransposeVector(A, [1])).toThrow("wrong length of x: 1; need 2");
    expect(() => multiplyVectorInto(A, [1, 2, 3], new Float64Array(3))).toThrow(
      "wrong length of out: 3; need 2",
    );
    expect(() => multiplyTransposeVectorInto(A, [1, 2], new Float64Array(2))).toThrow("wrong length of out");
    expect(() => multiplySymmetricVector(A, [1, 2, 3], "lower")).toThrow("non-square matrix");
  });
});

describe("triangular solves", () => {
  const cases = [
    ["L", solveLower, "lower", false],
    ["L'", solveLowerTranspose, "lower", true],
    ["U", solveUpper, "upper", false],
    ["U'", solveUpperTranspose, "upper", true],
  ] as const;
  for (const [name, solve, side, turned] of cases) {
    test(`${name} x = b`, () => {
      fc.assert(
        fc.property(squareMatrix, (B) => {
          // A unit diagonal keeps every step of the substitution whole, and so exact.
          const strict = triangle(B, side);
          const T = add(add(strict, diagonal(toDiagonal(strict)), 1, -1), identity(B.ncols));
          const x = Float64Array.from({ length: B.ncols }, (_, i) => (i % 3) - 1);
          const b = multiplyVector(turned ? transpose(T) : T, x);
          expect(plain(solve(T, b))).toEqual(plain(x));
        }),
        runs,
      );
    });

    test(`${name} divides by its diagonal and needs it`, () => {
      expect([...solve(diagonal([2, 4]), [2, 2])]).toEqual([1, 0.5]);
      const hollow = fromTriplets(2, 2, side === "lower" ? [1] : [0], side === "lower" ? [0] : [1], [1]);
      expect(() => solve(hollow, [1, 1])).toThrow(expect.objectContaining({ code: "missing-diagonal" }));
      expect(() => solve(zeros(2, 3), [1, 1])).toThrow(expect.objectContaining({ code: "not-square" }));
      expect(() => solve(identity(2), [1])).toThrow(expect.objectContaining({ code: "dimension-mismatch" }));
    });
  }

  function toDiagonal(A: CscMatrix): Float64Array {
    const dense = toDense(A);
    return Float64Array.from({ length: A.ncols }, (_, j) => dense[j * (A.ncols + 1)]);
  }
});

describe("norms", () => {
  test("of a small matrix", () => {
    const A = fromDense(2, 3, [1, -2, 3, 4, 0, -8]);
    expect(norm1(A)).toBe(8);
    expect(normInf(A)).toBe(14);
    expect(normFrobenius(A)).toBeCloseTo(Math.sqrt(94), 14);
    expect(normSymmetric(fromDense(2, 2, [1, -5, 0, 2]), "lower")).toBe(7);
  });

  test("of nothing are zero, NaN and infinity come through, huge values do not overflow", () => {
    for (const norm of [norm1, normInf, normFrobenius]) {
      expect(norm(zeros(2, 2))).toBe(0);
      expect(norm(diagonal([1, Number.NaN]))).toBeNaN();
      expect(norm(diagonal([1, Number.POSITIVE_INFINITY]))).toBe(Number.POSITIVE_INFINITY);
    }
    expect(normFrobenius(diagonal([3e300, 4e300]))).toBeCloseTo(5e300, -287);
  });
});

describe("validators", () => {
  const good = identity(2);
  const bad = [
    ["bad-dimension", { ...good, nrows: -1 }],
    ["bad-dimension", { ...good, ncols: 2 ** 31 }],
    ["bad-column-pointers", { ...good, colPtr: Int32Array.of(0, 1) }],
    ["bad-column-pointers", { ...good, colPtr: Int32Array.of(1, 1, 2) }],
    ["bad-column-pointers", { ...good, colPtr: Int32Array.of(0, 2, 1) }],
    ["length-mismatch", { ...good, rowIdx: Int32Array.of(0) }],
    ["length-mismatch", { ...good, values: Float64Array.of(0) }],
    ["row-out-of-range", { ...good, rowIdx: Int32Array.of(0, 2) }],
    ["row-out-of-range", { ...good, rowIdx: Int32Array.of(-1, 1) }],
    ["unsorted-rows", { ...good, colPtr: Int32Array.of(0, 2, 2), rowIdx: Int32Array.of(1, 0) }],
    ["unsorted-rows", { ...good, colPtr: Int32Array.of(0, 2, 2), rowIdx: Int32Array.of(1, 1) }],
  ] as const;
  test("accept what is sound", () => {
    expect(() => checkMatrix(good)).not.toThrow();
    expect(() => checkPattern({ ...good, rowIdx: Int32Array.of(0, 1, 55) })).not.toThrow();
    expect(() => checkFinite(good)).not.toThrow();
    expect(() => checkLength(2, 2, "x")).not.toThrow();
  });
  for (const [code, matrix] of bad) {
    test(`refuse ${code}: ${JSON.stringify(matrix)}`, () => {
      expect(() => checkMatrix(matrix)).toThrow(expect.objectContaining({ code, name: "SparseError" }));
    });
  }
  test("refuse what is no matrix, or has no values", () => {
    for (const nothing of [
      null,
      undefined,
      {},
      { ...good, colPtr: [0, 1, 2] },
      { ...good, rowIdx: undefined },
    ]) {
      expect(() => checkPattern(nothing as typeof good)).toThrow(
        expect.objectContaining({ code: "not-a-matrix", name: "SparseError" }),
      );
    }
    const { values: _, ...pattern } = good;
    expect(() => checkMatrix(pattern as typeof good)).toThrow("short values: undefined");
  });
  test("accept arrays that come from a worker", () => {
    expect(() => checkMatrix(structuredClone(good))).not.toThrow();
  });
  test("find values that are not finite", () => {
    expect(() => checkFinite(diagonal([1, Number.NaN]))).toThrow("non-finite value at entry 1: NaN");
  });
  test("errors carry a code, the value and a hint", () => {
    const error = new SparseError("bad-dimension", "invalid dimension", -3, "need more");
    expect(error).toMatchObject({ code: "bad-dimension", value: -3, hint: "need more" });
    expect(error.message).toBe("invalid dimension: -3; need more");
  });
});
