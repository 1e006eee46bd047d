import { diagonal, fromTriplets, identity, transpose, triangle, zeros } from "@lmmkit/sparse";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amdOrder, analyze, CholmodError, colamdOrder } from "./index";
import { adjacency } from "./permuted-pattern";
import {
  arbitraryMatrix,
  arbitrarySpd,
  crossedZt,
  gridLaplacian,
  nestedZt,
} from "./random-matrix.test-support";

describe("the form", () => {
  const lower = fromTriplets(3, 3, [0, 1, 2, 2], [0, 1, 2, 0], [1, 1, 1, 1]);
  const both = fromTriplets(3, 3, [0, 1, 2, 2, 0], [0, 1, 2, 0, 2], [1, 1, 1, 1, 1]);

  test("is symmetric with the triangle that has entries", () => {
    expect(analyze(lower)).toMatchObject({ form: "symmetric", uplo: "lower" });
    expect(analyze(transpose(lower))).toMatchObject({ form: "symmetric", uplo: "upper" });
    expect(analyze(identity(2))).toMatchObject({ form: "symmetric", uplo: "lower" });
  });

  test("is A A' for a matrix that is not square, or when asked for", () => {
    expect(analyze(zeros(2, 5))).toMatchObject({ form: "AAt", n: 2 });
    expect(analyze(both, { form: "AAt" })).toMatchObject({ form: "AAt" });
  });

  test("is symmetric when uplo is given, whatever is stored", () => {
    expect(analyze(both, { uplo: "upper" })).toMatchObject({ form: "symmetric", uplo: "upper" });
    expect(analyze(both, { uplo: "upper" }).nnz).toBe(analyze(triangle(both, "upper")).nnz);
  });

  test("is asked for when both triangles have entries", () => {
    expect(() => analyze(both)).toThrow(
      'entries in both triangles of a square matrix: "3 x 3"; pass uplo: "lower" or "upper" for a symmetric A, form: "AAt" for A A\'',
    );
    expect(() => analyze(zeros(2, 3), { uplo: "lower" })).toThrow(
      expect.objectContaining({ code: "not-square" }),
    );
    expect(() => analyze(zeros(2, 3), { form: "symmetric" })).toThrow(
      expect.objectContaining({ code: "not-square" }),
    );
    expect(() => analyze(lower, { uplo: "left" as "lower" })).toThrow('unknown triangle: "left"');
    expect(() => analyze(lower, { form: "AtA" as "AAt" })).toThrow('unknown form: "AtA"');
  });
});

describe("input", () => {
  test("that breaks the invariants is refused", () => {
    const good = identity(2);
    const columns = { ...good, colPtr: Int32Array.of(0, 2, 2) };
    for (const [code, matrix] of [
      ["unsorted-or-duplicate-entries", { ...columns, rowIdx: Int32Array.of(1, 0) }],
      ["unsorted-or-duplicate-entries", { ...columns, rowIdx: Int32Array.of(1, 1) }],
      ["invalid-index", { ...good, rowIdx: Int32Array.of(0, 2) }],
      ["invalid-index", { ...good, colPtr: Int32Array.of(0, 1) }],
    ] as const) {
      expect(() => analyze(matrix)).toThrow(expect.objectContaining({ code, name: "CholmodError" }));
    }
  });

  test("orderings that are not permutations, or not known, are refused", () => {
    for (const ordering of [[0], [0, 0], [0, 2]]) {
      expect(() => analyze(identity(2), { ordering })).toThrow(
        expect.objectContaining({ code: "invalid-ordering" }),
      );
    }
    expect(() => analyze(identity(2), { ordering: "rcm" as "amd" })).toThrow(CholmodError);
  });

  test("whose factor would be too large is refused before memory is asked for", () => {
    // A star with its centre first: eliminating the centre joins 70 000 others.
    const n = 70_000;
    const rows = Int32Array.from({ length: n }, (_, i) => i);
    const star = fromTriplets(n, n, rows, new Int32Array(n), new Float64Array(n).fill(1));
    expect(() => analyze(star, { ordering: "natural" })).toThrow(
      `too many entries in L: ${(n * (n + 1)) / 2}; at most 2^31 - 1 can be numbered`,
    );
    expect(analyze(star).nnz).toBe(2 * n - 1);
  });
});

describe("orderings", () => {
  const columns = (n: number) => [...Array(n).keys()];

  test("colamd orders A A' from A, about as well as AMD on the product", () => {
    fc.assert(
      fc.property(arbitraryMatrix(12, 20, 50), (A) => {
        const p = colamdOrder(A);
        expect([...p].sort((a, b) => a - b)).toEqual(columns(12));
      }),
      { numRuns: 300, seed: 9 },
    );
    // Z' of 40 levels crossed with 7: columns have two entries.
    const A = crossedZt(40, 7);
    expect(analyze(A, { ordering: "colamd" }).nnz).toBe(analyze(A, { ordering: "amd" }).nnz);
    const grid = gridLaplacian(15, 15);
    const ratio = analyze(grid, { form: "AAt", ordering: "colamd" }).nnz / analyze(grid, { form: "AAt" }).nnz;
    expect(ratio).toBeLessThan(1.15);
  });

  test("colamd leaves very long columns out of account", () => {
    const n = 200;
    const rows = [...columns(n), ...columns(n)];
    const cols = [...columns(n), ...Array(n).fill(n)];
    const A = fromTriplets(n, n + 1, rows, cols, new Float64Array(rows.length).fill(1));
    expect([...colamdOrder(A)].sort((a, b) => a - b)).toEqual(columns(n));
  });

  test("colamd of a symmetric matrix is amd, as in CHOLMOD", () => {
    const A = gridLaplacian(7, 7);
    expect(analyze(A, { ordering: "colamd" }).permutation).toEqual(analyze(A).permutation);
  });

  test("best has the least fill of all", () => {
    for (const A of [gridLaplacian(10, 10), gridLaplacian(2, 30), crossedZt(6, 24), nestedZt(5, 4)]) {
      const sizes = (["amd", "colamd", "natural"] as const).map((ordering) => analyze(A, { ordering }).nnz);
      expect(analyze(A, { ordering: "best" }).nnz).toBe(Math.min(...sizes));
    }
  });

  test("blocks stay together and in order, with the fill of ordering their graph", () => {
    fc.assert(
      fc.property(arbitrarySpd(30), fc.integer({ min: 1, max: 4 }), (A, size) => {
        const n = A.ncols;
        const blocks = columns(n).map((j) => Math.floor(j / size));
        const { permutation } = analyze(A, { blocks, uplo: "lower" });
        expect([...permutation].sort((a, b) => a - b)).toEqual(columns(n));
        for (let k = 1; k < n; k++) {
          if (permutation[k] % size !== 0) expect(permutation[k]).toBe(permutation[k - 1] + 1);
        }
      }),
      { numRuns: 200, seed: 10 },
    );
    // Scattered blocks: columns j and j + 50 belong together.
    const A = gridLaplacian(10, 10);
    const { permutation } = analyze(A, { blocks: columns(100).map((j) => j % 50) });
    for (let k = 0; k < 100; k += 2) expect(permutation[k + 1]).toBe(permutation[k] + 50);
  });

  test("blocks that are not numbered from 0 without gaps are refused", () => {
    for (const blocks of [[0], [0, 2, 2], [0, -1, 1], [0, 0.5, 1], [0, 3, 1]]) {
      expect(() => analyze(identity(3), { blocks })).toThrow(
        expect.objectContaining({ code: "invalid-ordering" }),
      );
    }
  });
});

describe("the column counts and the tree", () => {
  test("are those of the pattern of L, found by elimination", () => {
    fc.assert(
      fc.property(arbitrarySpd(12), (A) => {
        const n = A.ncols;
        const symbolic = analyze(A, { ordering: "natural", uplo: "lower" });
        const filled = Array.from({ length: n }, (_, j) => {
          const rows = new Set<number>([j]);
          for (let p = A.colPtr[j]; p < A.colPtr[j + 1]; p++) rows.add(A.rowIdx[p]);
          return rows;
        });
        for (let j = 0; j < n; j++) {
          const below = [...filled[j]].filter((i) => i > j).sort((a, b) => a - b);
          expect(symbolic.parent[j]).toBe(below[0] ?? -1);
          expect(symbolic.columnCounts[j]).toBe(below.length + 1);
          for (const i of below) filled[below[0]].add(i);
        }
        const flops = [...symbolic.columnCounts].reduce((s, c) => s + c * c, 0);
        expect(symbolic.flops).toBe(flops);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  test("a postordered matrix has every parent behind its children, subtrees in one piece", () => {
    const { parent, n } = analyze(gridLaplacian(9, 8));
    const descendants = new Int32Array(n).fill(1);
    for (let j = 0; j < n; j++) {
      if (parent[j] === -1) continue;
      expect(parent[j]).toBeGreaterThan(j);
      descendants[parent[j]] += descendants[j];
    }
    for (let j = 0; j < n; j++) {
      // Everything in the stretch before j that is as long as its subtree lies below j.
      for (let k = j - descendants[j] + 1; k < j; k++) {
        let a = k;
        while (a !== -1 && a < j) a = parent[a];
        expect(a).toBe(j);
      }
    }
  });
});

describe("approximate minimum degree", () => {
  const order = (A: Parameters<typeof adjacency>[0], options = {}) => {
    const graph = adjacency(A, "lower");
    return amdOrder(A.ncols, graph.colPtr, graph.rowIdx, options);
  };

  test("gives a permutation whatever the pattern and the options", () => {
    fc.assert(
      fc.property(arbitrarySpd(40), fc.boolean(), fc.constantFrom(-1, 0, 1, 10), (A, aggressive, dense) => {
        const p = order(A, { aggressive, dense });
        expect([...p].sort((a, b) => a - b)).toEqual([...Array(A.ncols).keys()]);
      }),
      { numRuns: 300, seed: 8 },
    );
  });

  test("has no fill on trees, arrows and diagonals", () => {
    const tree = fromTriplets(
      15,
      15,
      [...Array(15).keys(), ...Array.from({ length: 14 }, (_, k) => k + 1)],
      [...Array(15).keys(), ...Array.from({ length: 14 }, (_, k) => k >> 1)],
      new Float64Array(29).fill(1),
    );
    expect(analyze(tree).nnz).toBe(29);
    expect(analyze(diagonal([1, 2, 3])).nnz).toBe(3);
  });

  test("beats the natural order of a grid by far", () => {
    const A = gridLaplacian(40, 40);
    expect(analyze(A).nnz).toBeLessThan(0.5 * analyze(A, { ordering: "natural" }).nnz);
  });

  test("puts nearly full rows last", () => {
    const n = 100;
    const rows = [...Array(n).keys(), ...Array(n - 1).fill(n - 1)];
    const cols = [...Array(n).keys(), ...Array(n - 1).keys()];
    const A = fromTriplets(n, n, rows, cols, new Float64Array(rows.length).fill(1));
    expect(order(A, { dense: 1 })[n - 1]).toBe(n - 1);
  });
});
