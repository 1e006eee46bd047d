import type { CscMatrix } from "@lmmkit/sparse";
import { add, diagonal, fromTriplets, multiplyAAt, multiplySymmetricVector, toDense } from "@lmmkit/sparse";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyze, factorize } from "./index";
import { arbitrarySpd, gridLaplacian, largestDifference } from "./random-matrix.test-support";
import { findSupernodes } from "./supernodes";

/** A grid whose last `dense` columns are joined to everything: small supernodes and a large one. */
function gridWithDenseEnd(rows: number, cols: number, dense: number): CscMatrix {
  const grid = gridLaplacian(rows, cols);
  const n = grid.ncols;
  const r: number[] = [];
  const c: number[] = [];
  const v: number[] = [];
  for (let j = 0; j < n; j++) {
    for (let i = Math.max(j, n - dense); i < n; i++) {
      r.push(i);
      c.push(j);
      v.push(i === j ? 2 * n : 0.5 + ((i * 7 + j) % 5) / 10);
    }
  }
  return add(add(grid, fromTriplets(n, n, r, c, v)), diagonal(new Float64Array(n).fill(dense)));
}

/** Z Z' + I of `first` levels each meeting about `share` of `second` levels: narrow supernodes, one large. */
function crossed(first: number, second: number, share: number, width = 1): CscMatrix {
  const rows: number[] = [];
  const cols: number[] = [];
  const values: number[] = [];
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  let observation = 0;
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      if (random() > share) continue;
      for (let k = 0; k < width; k++) {
        rows.push(i * width + k);
        cols.push(observation);
        values.push(k === 0 ? 1 : random() - 0.5);
      }
      rows.push(first * width + j);
      cols.push(observation);
      values.push(0.7);
      observation++;
    }
  }
  const Zt = fromTriplets(first * width + second, observation, rows, cols, values);
  return add(multiplyAAt(Zt), diagonal(new Float64Array(Zt.nrows).fill(1)));
}

describe("the supernodal factor is the simplicial one", () => {
  test("on random matrices", () => {
    fc.assert(
      fc.property(arbitrarySpd(30), fc.constantFrom("amd", "natural"), (A, ordering) => {
        const options = { uplo: "lower", ordering } as const;
        const s = factorize(A, analyze(A, { ...options, kind: "supernodal" }));
        const c = factorize(A, analyze(A, { ...options, kind: "simplicial" }));
        expect(s.symbolic.kind).toBe("supernodal");
        const [L, M] = [s.toSparse(), c.toSparse()];
        expect(L.rowIdx).toEqual(M.rowIdx);
        const size = M.values.reduce((m, x) => Math.max(m, Math.abs(x)), 1);
        // Two backward stable factorizations of a matrix with least eigenvalue at least 1.
        expect(largestDifference(toDense(L), toDense(M))).toBeLessThanOrEqual(size ** 3 * 1e-14);
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  for (const [name, A] of [
    ["a grid of 30 by 30", gridLaplacian(30, 30)],
    ["a grid of 3 by 40", gridLaplacian(3, 40)],
    ["a grid with a dense end of 60", gridWithDenseEnd(15, 20, 60)],
    ["a dense matrix of 130", gridWithDenseEnd(10, 13, 130)],
    ["a diagonal matrix", diagonal([1, 2, 3, 4, 5])],
    // Blocks of 70 and 150 columns that many narrow supernodes have rows in: with and without WebAssembly.
    ["crossed factors, small", crossed(20, 70, 0.8)],
    ["crossed factors, large", crossed(200, 150, 0.6)],
    ["crossed vector-valued factors", crossed(60, 100, 0.7, 3)],
    ["sparsely crossed factors", crossed(300, 90, 0.1)],
  ] as const) {
    test(`on ${name}, through every system`, () => {
      const s = factorize(A, analyze(A, { uplo: "lower", kind: "supernodal" }));
      const c = factorize(A, analyze(A, { uplo: "lower", kind: "simplicial" }));
      expect(s.nnz).toBe(c.nnz);
      expect(s.logDet()).toBeCloseTo(c.logDet(), 9);
      expect(s.rcond()).toBeCloseTo(c.rcond(), 12);
      const b = Float64Array.from({ length: 2 * A.ncols }, (_, i) => ((i * 13) % 7) - 3);
      for (const system of ["A", "L", "Lt", "LDLt"] as const) {
        // Condition numbers here are below 10³ and entries below 10.
        expect(largestDifference(s.solve(b, system), c.solve(b, system))).toBeLessThan(1e-11);
      }
      expect(largestDifference(s.inverseSubset().values, c.inverseSubset().values)).toBeLessThan(1e-12);
      const one = b.slice(0, A.ncols);
      expect(largestDifference(multiplySymmetricVector(A, s.solve(one), "lower"), one)).toBeLessThan(1e-12);
    });
  }

  test("and fails at the same column", () => {
    const A = gridWithDenseEnd(8, 8, 30);
    for (const beta of [-40, -100, -141]) {
      const s = factorize(A, analyze(A, { uplo: "lower", kind: "supernodal" }), { beta });
      const c = factorize(A, analyze(A, { uplo: "lower", kind: "simplicial" }), { beta });
      expect(s.status).toBe("not-positive-definite");
      expect(s.column).toBe(c.column);
      s.update(A);
      expect(s.status).toBe("ok");
    }
  });
});

describe("supernodes", () => {
  test("a dense matrix is one, a diagonal one has one for each column", () => {
    expect([...findSupernodes(Int32Array.of(1, 2, -1), Int32Array.of(3, 2, 1))]).toEqual([0, 3]);
    expect([...findSupernodes(Int32Array.of(-1, -1), Int32Array.of(1, 1))]).toEqual([0, 1, 2]);
    expect([...findSupernodes(new Int32Array(0), new Int32Array(0))]).toEqual([0]);
  });

  test("a narrow chain is merged although that adds zeros", () => {
    // A tridiagonal matrix: no two columns agree, but four are merged for a few zeros.
    const n = 8;
    const parent = Int32Array.from({ length: n }, (_, j) => (j + 1 < n ? j + 1 : -1));
    const counts = Int32Array.from({ length: n }, (_, j) => (j + 1 < n ? 2 : 1));
    const first = findSupernodes(parent, counts);
    expect(first[0]).toBe(0);
    expect(first[first.length - 1]).toBe(n);
    expect(first.length - 1).toBeLessThan(n);
  });
});

test("the kind is chosen by flops per entry of L", () => {
  expect(analyze(gridLaplacian(10, 10), { uplo: "lower" }).kind).toBe("simplicial");
  expect(analyze(gridWithDenseEnd(10, 13, 130), { uplo: "lower" }).kind).toBe("supernodal");
});
