import { blockDiagonal, diagonal, fromTriplets, identity, transpose, triangle, zeros } from "@lmmkit/sparse";
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
import { separatorPart, vertexSeparator } from "./separator";

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

  test("that is no matrix at all is refused", () => {
    for (const nothing of [null, undefined, {}, "A"]) {
      expect(() => analyze(nothing as unknown as ReturnType<typeof identity>)).toThrow(
        expect.objectContaining({ code: "not-a-matrix", name: "CholmodError" }),
      );
    }
  });

  test("that throws by itself is not blamed for it", () => {
    const trap = {
      ...identity(2),
      get nrows(): number {
        throw new RangeError("mine");
      },
    };
    expect(() => analyze(trap)).toThrow(RangeError);
  });

  test("kinds that are not known are refused", () => {
    expect(() => analyze(identity(2), { kind: "dense" as "auto" })).toThrow(
      'unknown kind: "dense"; need "auto", "simplicial" or "supernodal"',
    );
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
    const column = { ...star, ncols: 1, colPtr: Int32Array.of(0, n) };
    expect(() => analyze(column, { form: "AAt" })).toThrow(
      expect.objectContaining({ code: "too-many-entries", name: "CholmodError" }),
    );
    // Blocks keep whole squares, so the same limit is reached earlier.
    const m = 60_000;
    const smaller = fromTriplets(m, m, rows.slice(0, m), new Int32Array(m), new Float64Array(m).fill(1));
    expect(() => analyze(smaller, { ordering: "natural", kind: "supernodal" })).toThrow(
      `too many entries in L: ${m * m}`,
    );
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

  test("nested dissection gives a permutation, whatever the pattern", () => {
    fc.assert(
      fc.property(arbitrarySpd(40), (A) => {
        expect(
          [...analyze(A, { ordering: "nesdis", uplo: "lower" }).permutation].sort((a, b) => a - b),
        ).toEqual(columns(A.ncols));
      }),
      { numRuns: 100, seed: 12 },
    );
    // A star hardly shrinks by matching; a long path, two grids that are not joined, and a complete graph.
    const star = fromTriplets(600, 600, columns(600), new Int32Array(600), new Float64Array(600).fill(1));
    const path = gridLaplacian(1, 900);
    const two = blockDiagonal(gridLaplacian(20, 20), gridLaplacian(17, 19));
    const full = fromTriplets(
      300,
      300,
      columns(90000).map((k) => k % 300),
      columns(90000).map((k) => Math.floor(k / 300)),
      new Float64Array(90000).fill(1),
    );
    for (const A of [star, path, two, full]) {
      const symbolic = analyze(A, { ordering: "nesdis", uplo: "lower" });
      expect([...symbolic.permutation].sort((a, b) => a - b)).toEqual(columns(A.ncols));
      expect(symbolic.nnz).toBeLessThanOrEqual(1.4 * analyze(A, { uplo: "lower" }).nnz);
    }
  });

  test("nested dissection needs fewer flops than minimum degree on a cube", () => {
    const side = 20;
    const rows: number[] = [];
    const cols: number[] = [];
    for (const k of columns(side ** 3)) {
      for (const [step, room] of [
        [0, true],
        [1, k % side < side - 1],
        [side, Math.floor(k / side) % side < side - 1],
        [side * side, k + side * side < side ** 3],
      ] as const) {
        if (!room) continue;
        rows.push(k + step);
        cols.push(k);
      }
    }
    const cube = fromTriplets(side ** 3, side ** 3, rows, cols, new Float64Array(rows.length).fill(1));
    expect(analyze(cube, { ordering: "nesdis" }).flops).toBeLessThan(0.95 * analyze(cube).flops);
  });

  test("a separator separates, and is as small as the shorter side of a grid", () => {
    for (const [rows, cols] of [
      [30, 40],
      [7, 200],
      [1, 500],
    ]) {
      const graph = adjacency(gridLaplacian(rows, cols), "lower");
      const n = rows * cols;
      const part = vertexSeparator({
        n,
        ptr: graph.colPtr,
        idx: graph.rowIdx,
        edgeWeight: new Int32Array(graph.colPtr[n]).fill(1),
        nodeWeight: new Int32Array(n).fill(1),
      });
      const sizes = [0, 1, separatorPart].map((k) => part.filter((q) => q === k).length);
      expect(sizes[2]).toBeLessThanOrEqual(rows + 2);
      expect(Math.max(sizes[0], sizes[1])).toBeLessThan(0.63 * (sizes[0] + sizes[1]));
      for (let j = 0; j < n; j++) {
        for (let p = graph.colPtr[j]; p < graph.colPtr[j + 1]; p++) {
          expect(part[j] + part[graph.rowIdx[p]]).not.toBe(1);
        }
      }
    }
  });

  test("best has the least fill of all", () => {
    for (const A of [gridLaplacian(10, 10), gridLaplacian(2, 30), crossedZt(6, 24), nestedZt(5, 4)]) {
      const sizes = (["amd", "colamd", "nesdis", "natural"] as const).map(
        (ordering) => analyze(A, { ordering }).nnz,
      );
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

  test("goes on when its clock has to start again", () => {
    const A = gridLaplacian(20, 20);
    for (const ahead of [500, 2000, 5000]) expect(order(A, { clock: 2 ** 31 - ahead })).toEqual(order(A));
  });

  test("eliminates one set after the other when there are sets", () => {
    fc.assert(
      fc.property(arbitrarySpd(40), fc.infiniteStream(fc.nat(3)), (A, stream) => {
        const sets = Int32Array.from({ length: A.ncols }, () => stream.next().value as number);
        const p = order(A, { sets });
        // Columns without neighbours go first, whatever their set.
        const joined = [...p].filter((j) => {
          const graph = adjacency(A, "lower");
          return graph.colPtr[j + 1] > graph.colPtr[j];
        });
        for (let k = 1; k < joined.length; k++)
          expect(sets[joined[k]]).toBeGreaterThanOrEqual(sets[joined[k - 1]]);
        expect(joined.length).toBe(new Set(joined).size);
      }),
      { numRuns: 200, seed: 13 },
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
