import type { CscMatrix } from "@lmmkit/sparse";
import {
  add,
  diagonal,
  filterEntries,
  fromTriplets,
  identity,
  multiplyAAt,
  scale,
  symmetrize,
  toDense,
  triangle,
  zeros,
} from "@lmmkit/sparse";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FactorType } from "./index";
import { analyze, type CholeskyFactor, factorize } from "./index";
import {
  arbitraryMatrix,
  arbitrarySpd,
  gridLaplacian,
  largestDifference,
} from "./random-matrix.test-support";

const types = fc.constantFrom<FactorType>("LLt", "LDLt");

/** A and a matrix with as many rows and up to three columns. */
const withColumns = arbitrarySpd(12).chain((A) =>
  fc.tuple(
    fc.constant(A),
    fc.integer({ min: 0, max: 3 }).chain((k) => arbitraryMatrix(A.ncols, k, 8)),
  ),
);

/** Whether the factor solves with A (lower triangle) as a new factor of A does. */
function expectFactorOf(factor: CholeskyFactor, A: CscMatrix, tolerance: number): void {
  expect(factor.status).toBe("ok");
  const fresh = factorize(A, analyze(A, { uplo: "lower" }));
  const b = Float64Array.from({ length: A.ncols }, (_, i) => ((i * 3) % 5) - 2);
  expect(largestDifference(factor.solve(b), fresh.solve(b))).toBeLessThan(tolerance);
  expect(Math.abs(factor.logDet() - fresh.logDet())).toBeLessThan(tolerance);
}

/** A with row and column i as in the identity. */
function without(A: CscMatrix, i: number): CscMatrix {
  const e = new Float64Array(A.ncols);
  e[i] = 1;
  return add(
    filterEntries(A, (r, c) => r !== i && c !== i),
    diagonal(e),
  );
}

/** Column i of a symmetric matrix as an n × 1 matrix. */
function columnOf(A: CscMatrix, i: number): CscMatrix {
  const full = toDense(symmetrize(A, "lower")).slice(i * A.nrows, (i + 1) * A.nrows);
  const rows = [...full.keys()].filter((r) => full[r] !== 0);
  return fromTriplets(
    A.nrows,
    1,
    rows,
    rows.map(() => 0),
    rows.map((r) => full[r]),
  );
}

describe("rank updates", () => {
  test("add C C', whatever C joins", () => {
    fc.assert(
      fc.property(withColumns, types, (example, type) => {
        const [A, C] = example;
        const factor = factorize(A, analyze(A, { uplo: "lower" }), { type });
        factor.rankUpdate(C);
        // Least eigenvalue at least 1, norm up to 10⁴.
        expectFactorOf(factor, add(A, multiplyAAt(C)), 1e-10);
      }),
      { numRuns: 200, seed: 31 },
    );
  });

  test("up and down again is where it began", () => {
    fc.assert(
      fc.property(withColumns, types, (example, type) => {
        const [A, C] = example;
        const factor = factorize(A, analyze(A, { uplo: "lower" }), { type });
        factor.rankUpdate(C).rankDowndate(C);
        expectFactorOf(factor, A, 1e-9);
      }),
      { numRuns: 200, seed: 32 },
    );
  });

  test("of a supernodal factor make it simplicial", () => {
    const A = gridLaplacian(9, 9);
    const C = fromTriplets(81, 2, [3, 70, 12], [0, 0, 1], [1, -2, 0.5]);
    const factor = factorize(A, analyze(A, { kind: "supernodal" }));
    factor.rankUpdate(C);
    expect(factor.symbolic.kind).toBe("simplicial");
    expectFactorOf(factor, add(A, multiplyAAt(C)), 1e-12);
  });

  test("that fit the pattern keep it; others let it grow, and update starts again from A", () => {
    const A = gridLaplacian(6, 6);
    const factor = factorize(A, analyze(A, { ordering: "natural" }));
    const entries = factor.nnz;
    factor.rankUpdate(fromTriplets(36, 1, [7, 8], [0, 0], [1, 1]));
    expect(factor.nnz).toBe(entries);
    factor.rankUpdate(fromTriplets(36, 1, [0, 35], [0, 0], [1, 1]));
    expect(factor.nnz).toBeGreaterThan(entries);
    factor.update(A);
    expectFactorOf(factor, A, 1e-12);
    expect(factor.inverseDiagonal()[0]).toBeCloseTo(factorize(A, analyze(A)).inverseDiagonal()[0], 14);
  });

  test("a downdate that leaves no positive definite matrix is a status", () => {
    const A = diagonal([4, 1]);
    const factor = factorize(A, analyze(A, { ordering: "natural" }));
    factor.rankDowndate(fromTriplets(2, 1, [0, 1], [0, 0], [1, 1]));
    expect(factor.status).toBe("not-positive-definite");
    expect(factor.column).toBe(1);
    expect(() => factor.rankUpdate(zeros(2, 0))).toThrow(
      expect.objectContaining({ code: "not-positive-definite" }),
    );
    expect(factor.update(A).status).toBe("ok");
  });

  test("a downdate of L D L' may leave an indefinite matrix, but no zero pivot", () => {
    const A = identity(2);
    const factor = factorize(A, analyze(A, { ordering: "natural" }), { type: "LDLt" });
    factor.rankDowndate(fromTriplets(2, 1, [0], [0], [2]));
    expect(factor.inertia()).toEqual({ positive: 1, negative: 1 });
    factor.rankDowndate(fromTriplets(2, 1, [1], [0], [1]));
    expect(factor.status).toBe("zero-pivot");
  });

  test("an update that overflows is a status", () => {
    const A = identity(1);
    const factor = factorize(A, analyze(A));
    expect(factor.rankUpdate(fromTriplets(1, 1, [0], [0], [1e200])).status).toBe("not-positive-definite");
  });

  test("refuse columns of the wrong length, and values that are not finite", () => {
    const factor = factorize(identity(3), analyze(identity(3)));
    expect(() => factor.rankUpdate(zeros(2, 1))).toThrow(
      expect.objectContaining({ code: "dimension-mismatch" }),
    );
    const bad = fromTriplets(3, 1, [0], [0], [Number.NaN]);
    expect(() => factor.rankUpdate(bad)).toThrow(expect.objectContaining({ code: "non-finite-value" }));
  });
});

describe("rows", () => {
  const withRow = arbitrarySpd(12)
    .filter((A) => A.ncols > 0)
    .chain((A) => fc.tuple(fc.constant(A), fc.nat(A.ncols - 1)));

  test("deleted become those of the identity", () => {
    fc.assert(
      fc.property(withRow, types, (example, type) => {
        const [A, i] = example;
        const factor = factorize(A, analyze(A, { uplo: "lower" }), { type });
        factor.deleteRow(i);
        expectFactorOf(factor, without(A, i), 1e-10);
      }),
      { numRuns: 200, seed: 33 },
    );
  });

  test("added again give the factor back", () => {
    fc.assert(
      fc.property(withRow, types, (example, type) => {
        const [A, i] = example;
        const factor = factorize(A, analyze(A, { uplo: "lower" }), { type });
        factor.deleteRow(i).addRow(i, columnOf(A, i));
        expectFactorOf(factor, A, 1e-9);
      }),
      { numRuns: 200, seed: 34 },
    );
  });

  test("added where the pattern has no place for them let it grow", () => {
    fc.assert(
      fc.property(withRow, types, (example, type) => {
        const [A, i] = example;
        const start = without(A, i);
        const factor = factorize(start, analyze(start, { uplo: "lower" }), { type });
        factor.addRow(i, columnOf(A, i));
        expectFactorOf(factor, A, 1e-9);
      }),
      { numRuns: 200, seed: 35 },
    );
  });

  test("are not added where there are others already, and nothing is changed then", () => {
    fc.assert(
      fc.property(withRow, types, (example, type) => {
        const [A, i] = example;
        const factor = factorize(A, analyze(A, { uplo: "lower" }), { type });
        const column = columnOf(A, i);
        const isOccupied = columnOf(A, i).values.length > 1;
        if (isOccupied) {
          expect(() => factor.addRow(i, column)).toThrow(
            `occupied row: ${i}; deleteRow takes out what is there`,
          );
        } else factor.addRow(i, column);
        // Alone with its diagonal a row may be replaced: what was there before has no part in the new factor.
        expectFactorOf(factor, A, 1e-9);
      }),
      { numRuns: 200, seed: 36 },
    );
  });

  test("added to A + βI have their β themselves", () => {
    const A = fromTriplets(2, 2, [0, 1, 1], [0, 0, 1], [4, 1, 3]);
    const factor = factorize(A, analyze(A), { beta: 2 });
    factor.deleteRow(0);
    expect(factor.solve([5, 5])[0]).toBe(5);
    factor.addRow(0, fromTriplets(2, 1, [0, 1], [0, 0], [6, 1]));
    expect(factor.logDet()).toBeCloseTo(Math.log(6 * 5 - 1), 14);
  });

  test("that leave no positive definite matrix are a status", () => {
    const A = identity(2);
    for (const [type, status] of [
      ["LLt", "not-positive-definite"],
      ["LDLt", "zero-pivot"],
    ] as const) {
      const factor = factorize(A, analyze(A, { ordering: "natural" }), { type });
      factor.addRow(1, fromTriplets(2, 1, [0, 1], [0, 0], [1, 1]));
      expect(factor.status).toBe(status);
      expect(factor.column).toBe(1);
    }
  });

  test("must exist and have the right length", () => {
    const factor = factorize(identity(3), analyze(identity(3)));
    for (const bad of [-1, 3, 0.5]) {
      expect(() => factor.deleteRow(bad)).toThrow(expect.objectContaining({ code: "invalid-index" }));
    }
    expect(() => factor.addRow(0, identity(3))).toThrow(
      expect.objectContaining({ code: "dimension-mismatch" }),
    );
    expect(triangle(scale(factor.toSparse(), 1), "upper")).toEqual(identity(3));
  });
});
