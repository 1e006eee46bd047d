import type { CscMatrix } from "@lmmkit/sparse";
import {
  blockDiagonal,
  diagonal,
  fromTriplets,
  identity,
  multiplyAAt,
  norm1,
  normSymmetric,
  symmetrize,
  toDense,
  toEntries,
  zeros,
} from "@lmmkit/sparse";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  analyze,
  CholmodError,
  factorize,
  inverseColumns,
  inverseNorm1,
  type SolveSystem,
  solveRefined,
  solveSparse,
  symbolicFromJson,
  symbolicToJson,
} from "./index";
import {
  arbitraryMatrix,
  arbitrarySpd,
  gridLaplacian,
  largestDifference,
} from "./random-matrix.test-support";

const systems: SolveSystem[] = ["A", "LDLt", "LD", "DLt", "L", "Lt", "D", "P", "Pt"];

/** As `toEqual`, which would take seconds for arrays of this size. */
const sameNumbers = (a: Float64Array, b: Float64Array) =>
  a.length === b.length && a.every((v, i) => v === b[i]);

describe("many right-hand sides", () => {
  // The larger grid's factor lives in WebAssembly memory, the smaller one's does not.
  for (const [width, kind] of [
    [40, "supernodal"],
    [6, "supernodal"],
    [6, "simplicial"],
  ] as const) {
    const A = gridLaplacian(width, width);
    const n = A.ncols;
    const factor = factorize(A, analyze(A, { kind }));
    const b = Float64Array.from({ length: 67 * n + 5 }, (_, k) => ((k * 7919) % 1009) / 1009 - 0.5);

    test(`have the bits of one at a time in every system, ${kind}, n = ${n}`, () => {
      for (const system of systems) {
        for (const ncols of [1, 2, 3, 4, 5, 31, 33, 67]) {
          const x = b.slice();
          factor.solveInPlace(x, system, ncols, 5);
          for (let c = 0; c < ncols; c++) {
            const own = (all: Float64Array) => all.subarray(5 + c * n, 5 + (c + 1) * n);
            expect(sameNumbers(own(x), factor.solve(own(b), system))).toBe(true);
          }
          expect(sameNumbers(x.subarray(0, 5), b.subarray(0, 5))).toBe(true);
          expect(sameNumbers(x.subarray(5 + ncols * n), b.subarray(5 + ncols * n))).toBe(true);
        }
      }
    });
  }
});

describe("sparse right-hand sides", () => {
  test("have the solution of dense ones, on a pattern that covers it", () => {
    fc.assert(
      fc.property(
        arbitrarySpd(15).chain((A) => fc.tuple(fc.constant(A), arbitraryMatrix(A.ncols, 2, 4))),
        fc.constantFrom(...systems),
        fc.constantFrom("LLt", "LDLt"),
        ([A, B], system, type) => {
          const factor = factorize(A, analyze(A, { uplo: "lower" }), { type });
          const X = solveSparse(factor, B, system);
          expect(Array.from(toDense(X), (v) => v + 0)).toEqual(
            Array.from(factor.solve(toDense(B), system), (v) => v + 0),
          );
        },
      ),
      { numRuns: 300, seed: 41 },
    );
  });

  test("leave other blocks of the matrix alone", () => {
    const A = blockDiagonal(gridLaplacian(3, 3), gridLaplacian(2, 2), identity(2));
    const factor = factorize(A, analyze(A));
    const b = fromTriplets(15, 1, [10], [0], [1]);
    expect(toEntries(solveSparse(factor, b)).map((e) => e.row)).toEqual([9, 10, 11, 12]);
    expect(solveSparse(factor, zeros(15, 2)).rowIdx.length).toBe(0);
    const { values: _, ...pattern } = zeros(13, 1);
    expect(() => solveSparse(factor, pattern as CscMatrix)).toThrow("short values: undefined");
    expect(() => solveSparse(factor, zeros(14, 1))).toThrow(
      expect.objectContaining({ code: "dimension-mismatch" }),
    );
  });

  test("of the identity are chosen columns of the inverse", () => {
    const A = gridLaplacian(3, 4);
    const factor = factorize(A, analyze(A));
    const Z = inverseColumns(factor, [5, 0]);
    const diag = factor.inverseDiagonal();
    expect(Z[5]).toBeCloseTo(diag[5], 15);
    expect(Z[12]).toBeCloseTo(diag[0], 15);
    expect(() => inverseColumns(factor, [12])).toThrow(expect.objectContaining({ code: "invalid-index" }));
  });
});

describe("iterative refinement", () => {
  /** The Hilbert matrix, condition number 5 · 10¹⁴ at n = 11. */
  function hilbert(n: number): CscMatrix {
    const rows: number[] = [];
    const cols: number[] = [];
    const values: number[] = [];
    for (let j = 0; j < n; j++) {
      for (let i = j; i < n; i++) {
        rows.push(i);
        cols.push(j);
        values.push(1 / (i + j + 1));
      }
    }
    return fromTriplets(n, n, rows, cols, values);
  }

  test("reaches a componentwise backward error of a few roundoffs", () => {
    for (const A of [hilbert(11), gridLaplacian(9, 9)]) {
      const factor = factorize(A, analyze(A, { uplo: "lower" }));
      const b = Float64Array.from({ length: A.ncols }, (_, i) => (i % 3) + 0.1);
      const { backwardError } = solveRefined(factor, A, b);
      expect(backwardError).toBeLessThan(4e-16);
    }
  });

  test("repairs a factor of a nearby matrix", () => {
    const A = gridLaplacian(6, 6);
    const factor = factorize({ ...A, values: A.values.map((v) => v * (1 + 1e-3)) }, analyze(A));
    const b = new Float64Array(36).fill(1);
    const refined = solveRefined(factor, A, b, { maxSteps: 20 });
    expect(refined.steps).toBeGreaterThan(2);
    expect(refined.backwardError).toBeLessThan(1e-15);
    const exact = factorize(A, analyze(A)).solve(b);
    expect(largestDifference(refined.x, exact)).toBeLessThan(1e-13);
    expect(solveRefined(factor, A, b, { maxSteps: 0 }).steps).toBe(0);
  });

  test("works for A A' + beta I, from either triangle, and for a zero right-hand side", () => {
    fc.assert(
      fc.property(arbitraryMatrix(6, 8, 20), (A) => {
        const factor = factorize(A, analyze(A), { beta: 0.5 });
        const b = Float64Array.of(1, -2, 3, 0, 0.5, 1);
        expect(solveRefined(factor, A, b).backwardError).toBeLessThan(1e-15);
        const AAt = multiplyAAt(A);
        const full = symmetrize(AAt, "lower");
        const upper = factorize(full, analyze(full, { uplo: "upper" }), { beta: 0.5 });
        const solution = solveRefined(upper, full, b);
        expect(solution.backwardError).toBeLessThan(1e-15);
        expect(largestDifference(solution.x, solveRefined(factor, A, b).x)).toBeLessThan(1e-10);
      }),
      { numRuns: 60, seed: 42 },
    );
    const A = identity(2);
    const factor = factorize(A, analyze(A));
    expect(solveRefined(factor, A, [0, 0])).toEqual({ x: new Float64Array(2), steps: 0, backwardError: 0 });
    expect(() => solveRefined(factor, A, [1])).toThrow(
      expect.objectContaining({ code: "dimension-mismatch" }),
    );
    for (const other of [identity(3), zeros(2, 3)]) {
      expect(() => solveRefined(factor, other, [1, 1])).toThrow(
        `wrong shape of the matrix: "${other.nrows} x ${other.ncols}"; need 2 x 2`,
      );
    }
  });
});

describe("the one-norm of the inverse", () => {
  test("is estimated from below, and within a factor of three", () => {
    fc.assert(
      fc.property(arbitrarySpd(15), (A) => {
        const n = A.ncols;
        const factor = factorize(A, analyze(A, { uplo: "lower" }));
        const Z = inverseColumns(factor, [...Array(n).keys()]);
        let exact = 0;
        for (let j = 0; j < n; j++) {
          exact = Math.max(
            exact,
            Z.subarray(j * n, (j + 1) * n).reduce((s, z) => s + Math.abs(z), 0),
          );
        }
        const estimate = inverseNorm1(factor);
        expect(estimate).toBeLessThanOrEqual(exact * (1 + 1e-12));
        expect(estimate).toBeGreaterThanOrEqual(exact / 3);
      }),
      { numRuns: 200, seed: 43 },
    );
  });

  test("gives the condition number of a diagonal matrix exactly", () => {
    const A = diagonal([1, 10, 1000]);
    const factor = factorize(A, analyze(A));
    expect(inverseNorm1(factor) * norm1(A)).toBeCloseTo(1000, 10);
    expect(normSymmetric(A, "lower")).toBe(1000);
    const one = diagonal([4]);
    expect(inverseNorm1(factorize(one, analyze(one)))).toBe(0.25);
    expect(inverseNorm1(factorize(zeros(0, 0), analyze(zeros(0, 0))))).toBe(0);
  });
});

describe("a symbolic factorization", () => {
  test("survives structuredClone", () => {
    const A = gridLaplacian(8, 8);
    for (const kind of ["simplicial", "supernodal"] as const) {
      const symbolic = analyze(A, { kind });
      const clone = structuredClone(symbolic);
      expect(factorize(A, clone).toSparse()).toEqual(factorize(A, symbolic).toSparse());
    }
  });

  test("survives JSON, for either form and kind", () => {
    const A = gridLaplacian(8, 8);
    for (const symbolic of [
      analyze(A, { kind: "supernodal" }),
      analyze(A, { uplo: "lower", ordering: "natural" }),
      analyze(A, { form: "AAt", ordering: "colamd" }),
    ]) {
      const back = symbolicFromJson(JSON.parse(JSON.stringify(symbolicToJson(symbolic))));
      expect(back).toEqual(symbolic);
    }
  });

  test("is not made from anything else", () => {
    const json = symbolicToJson(analyze(gridLaplacian(2, 2)));
    expect(symbolicFromJson(json).n).toBe(4);
    for (const other of [null, {}, { ...json, version: 2 }]) {
      expect(() => symbolicFromJson(other as typeof json)).toThrow(
        expect.objectContaining({ code: "unsupported-format" }),
      );
    }
    for (const [name, value] of [
      ["colPtr", undefined],
      ["colPtr", [0, 1.5]],
      ["rowIdx", ["0"]],
      ["rowIdx", [2 ** 32]],
      ["permutation", undefined],
      ["form", undefined],
      ["uplo", "left"],
      ["kind", undefined],
    ] as const) {
      expect(() => symbolicFromJson({ ...json, [name]: value } as typeof json)).toThrow(
        expect.objectContaining({ code: "unsupported-format", value }),
      );
    }
    expect(() => symbolicFromJson({ ...json, nrows: "4" as unknown as number })).toThrow(CholmodError);
    expect(() => symbolicFromJson({ ...json, permutation: [0, 0, 1, 2] })).toThrow(
      expect.objectContaining({ code: "invalid-ordering" }),
    );
  });
});
