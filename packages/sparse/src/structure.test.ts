import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyMatrix, arbitraryMatrix, arbitraryOrder, squareMatrix } from "./arbitrary.test-support";
import type { CscMatrix } from "./index";
import {
  blockDiagonal,
  checkMatrix,
  composePermutations,
  connectedComponents,
  copy,
  diagonal,
  diagonalOf,
  dropEntries,
  filterEntries,
  findEntry,
  fromDense,
  fromEntries,
  fromTriplets,
  identity,
  identityPermutation,
  invertPermutation,
  isPermutation,
  maximumMatching,
  nnz,
  patternOf,
  permutation,
  permuteColumns,
  permuteRows,
  permuteSymmetric,
  permuteVector,
  selectColumns,
  sliceColumns,
  sliceRows,
  stackHorizontally,
  stackVertically,
  structuralRank,
  symmetrize,
  toDense,
  toEntries,
  toTriplets,
  transpose,
  transposePattern,
  triangle,
  unpermuteVector,
  valueAt,
  withValues,
  zeros,
} from "./index";

const runs = { numRuns: 200, seed: 1 };

/** Every element by `valueAt`, as rows. */
function rowsOf(A: CscMatrix): number[][] {
  return Array.from({ length: A.nrows }, (_, i) =>
    Array.from({ length: A.ncols }, (_, j) => valueAt(A, i, j)),
  );
}

/** What every routine that returns a matrix must return. */
function sound(A: CscMatrix): CscMatrix {
  checkMatrix(A);
  return A;
}

describe("triplets", () => {
  test("duplicates are summed in the order given", () => {
    const A = fromTriplets(2, 2, [1, 0, 1, 1], [0, 0, 0, 1], [1e16, 5, 1, 3]);
    expect(A.colPtr).toEqual(Int32Array.of(0, 2, 3));
    expect(A.rowIdx).toEqual(Int32Array.of(0, 1, 1));
    expect(A.values).toEqual(Float64Array.of(5, 1e16 + 1, 3));
  });

  test("there and back is the same matrix, in any order of the entries", () => {
    fc.assert(
      fc.property(anyMatrix, fc.infiniteStream(fc.nat()), (A, keys) => {
        const t = toTriplets(sound(A));
        const order = Array.from(t.rows, (_, k) => ({ k, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map((e) => e.k);
        const pick = (list: ArrayLike<number>) => order.map((k) => list[k]);
        expect(fromTriplets(A.nrows, A.ncols, pick(t.rows), pick(t.cols), pick(t.values))).toEqual(A);
      }),
      runs,
    );
  });

  test("as objects too", () => {
    const A = fromEntries(2, 3, [
      { row: 1, col: 2, value: 4 },
      { row: 0, col: 0, value: 2 },
    ]);
    expect(toEntries(A)).toEqual([
      { row: 0, col: 0, value: 2 },
      { row: 1, col: 2, value: 4 },
    ]);
  });

  test("an index out of range and lists of different lengths are refused", () => {
    expect(() => fromTriplets(2, 2, [2], [0], [1])).toThrow("invalid row of triplet 0: 2; rows are 0 to 1");
    expect(() => fromTriplets(2, 2, [0], [-1], [1])).toThrow(
      expect.objectContaining({ code: "index-out-of-range" }),
    );
    expect(() => fromTriplets(2, 2, [0.5], [0], [1])).toThrow(
      expect.objectContaining({ code: "index-out-of-range" }),
    );
    expect(() => fromTriplets(2, 2, [0], [0, 1], [1])).toThrow(
      expect.objectContaining({ code: "dimension-mismatch" }),
    );
    expect(() => fromTriplets(2, 2, [0], [0], [])).toThrow(
      expect.objectContaining({ code: "dimension-mismatch" }),
    );
    expect(() => fromTriplets(-1, 2, [], [], [])).toThrow(expect.objectContaining({ code: "bad-dimension" }));
  });
});

describe("constructors and entries", () => {
  test("diagonal, identity and zeros", () => {
    expect(rowsOf(sound(diagonal([2, 0])))).toEqual([
      [2, 0],
      [0, 0],
    ]);
    expect(nnz(diagonal([2, 0]))).toBe(2);
    expect(rowsOf(identity(2))).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(rowsOf(sound(zeros(1, 2)))).toEqual([[0, 0]]);
  });

  test("the diagonal of a matrix, stored or not", () => {
    expect(diagonalOf(fromTriplets(2, 3, [1, 0], [1, 2], [7, 1]))).toEqual(Float64Array.of(0, 7));
  });

  test("findEntry finds what is stored and nothing else", () => {
    fc.assert(
      fc.property(anyMatrix, (A) => {
        const stored = new Map(toEntries(A).map((e, p) => [`${e.row},${e.col}`, p]));
        for (let i = 0; i < A.nrows; i++) {
          for (let j = 0; j < A.ncols; j++) expect(findEntry(A, i, j)).toBe(stored.get(`${i},${j}`) ?? -1);
        }
      }),
      runs,
    );
  });

  test("a copy shares nothing and drops spare room; a pattern shares its indices", () => {
    const A = { ...identity(2), values: Float64Array.of(1, 1, 99), rowIdx: Int32Array.of(0, 1, 77) };
    const B = copy(A);
    expect(B).toEqual(identity(2));
    expect(B.colPtr).not.toBe(A.colPtr);
    expect(patternOf(A).rowIdx).toBe(A.rowIdx);
    expect("values" in patternOf(A)).toBe(false);
    expect(withValues(patternOf(A)).values).toEqual(new Float64Array(2));
    expect(withValues(patternOf(A), Float64Array.of(3, 4)).values[1]).toBe(4);
  });

  test("survives structuredClone", () => {
    expect(structuredClone(identity(3))).toEqual(identity(3));
  });
});

describe("dense", () => {
  test("there and back keeps the nonzeros", () => {
    fc.assert(
      fc.property(anyMatrix, (A) => {
        const B = sound(fromDense(A.nrows, A.ncols, toDense(A)));
        expect(B).toEqual(dropEntries(A));
      }),
      runs,
    );
  });

  test("is column-major, keeps NaN and drops up to the tolerance", () => {
    const A = fromDense(2, 2, [1, 1e-9, Number.NaN, -3], 1e-8);
    expect(toEntries(A).map((e) => [e.row, e.col])).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
    expect(nnz(dropEntries(A, 1))).toBe(2);
    expect(() => fromDense(2, 2, [1])).toThrow(expect.objectContaining({ code: "dimension-mismatch" }));
  });
});

describe("transpose and triangles", () => {
  test("the transpose swaps rows and columns, twice gives the matrix back", () => {
    fc.assert(
      fc.property(anyMatrix, (A) => {
        const T = sound(transpose(A));
        expect(rowsOf(T)).toEqual(Array.from({ length: A.ncols }, (_, j) => rowsOf(A).map((row) => row[j])));
        expect(transpose(T)).toEqual(A);
        expect(transposePattern(A)).toEqual(patternOf(T));
      }),
      runs,
    );
  });

  test("a triangle has the entries on its side, also of a matrix that is not square", () => {
    fc.assert(
      fc.property(anyMatrix, (A) => {
        expect(toEntries(sound(triangle(A, "lower")))).toEqual(toEntries(A).filter((e) => e.row >= e.col));
        expect(toEntries(sound(triangle(A, "upper")))).toEqual(toEntries(A).filter((e) => e.row <= e.col));
        expect(toEntries(filterEntries(A, (_i, _j, x) => x > 0))).toEqual(
          toEntries(A).filter((e) => e.value > 0),
        );
      }),
      runs,
    );
  });

  test("symmetrize mirrors the stored triangle and ignores the other", () => {
    fc.assert(
      fc.property(squareMatrix, fc.constantFrom("lower", "upper"), (A, from) => {
        const S = sound(symmetrize(A, from));
        const a = rowsOf(A);
        expect(rowsOf(S)).toEqual(
          a.map((row, i) => row.map((_, j) => ((from === "lower") === i >= j ? a[i][j] : a[j][i]) + 0)),
        );
        expect(transpose(S)).toEqual(S);
      }),
      runs,
    );
    expect(() => symmetrize(zeros(2, 3), "lower")).toThrow(expect.objectContaining({ code: "not-square" }));
  });
});

describe("permutations", () => {
  test("only lists of each index once are permutations", () => {
    expect([...permutation([2, 0, 1])]).toEqual([2, 0, 1]);
    expect(() => permutation([0, 0])).toThrow("repeated index at position 1: 0; need 0 to 1, each once");
    for (const bad of [
      [0, 2],
      [-1, 0],
      [0.5, 0],
      [1, 1],
    ]) {
      expect(() => permutation(bad)).toThrow(expect.objectContaining({ code: "bad-permutation" }));
      expect(isPermutation(bad)).toBe(false);
    }
    expect(isPermutation([])).toBe(true);
    expect(isPermutation(identityPermutation(4))).toBe(true);
  });

  test("inverse, composition and vectors agree", () => {
    fc.assert(
      fc.property(arbitraryOrder(7), arbitraryOrder(7), (a, b) => {
        const p = permutation(a);
        const q = permutation(b);
        const x = Float64Array.from({ length: 7 }, (_, i) => 10 * i);
        expect(unpermuteVector(p, permuteVector(p, x))).toEqual(x);
        expect(permuteVector(invertPermutation(p), permuteVector(p, x))).toEqual(x);
        expect(permuteVector(composePermutations(p, q), x)).toEqual(permuteVector(q, permuteVector(p, x)));
        expect([...composePermutations(p, invertPermutation(p))]).toEqual([...identityPermutation(7)]);
      }),
      runs,
    );
    expect(() => permuteVector(identityPermutation(2), [1])).toThrow("wrong length of vector: 1; need 2");
    expect(() => unpermuteVector(identityPermutation(2), [1])).toThrow("wrong length");
    expect(() => composePermutations(identityPermutation(2), identityPermutation(3))).toThrow("wrong length");
  });

  test("rows, columns and both move as (P A Q')[i, j] = A[p[i], q[j]]", () => {
    fc.assert(
      fc.property(arbitraryMatrix(5, 6), arbitraryOrder(5), arbitraryOrder(6), (A, a, b) => {
        const B = sound(permuteColumns(permuteRows(A, permutation(a)), permutation(b)));
        for (let i = 0; i < 5; i++)
          for (let j = 0; j < 6; j++) expect(valueAt(B, i, j)).toBe(valueAt(A, a[i], b[j]));
      }),
      runs,
    );
    expect(() => permuteRows(zeros(2, 2), identityPermutation(3))).toThrow("wrong length of row permutation");
    expect(() => permuteColumns(zeros(2, 2), identityPermutation(3))).toThrow(
      "wrong length of column permutation",
    );
  });

  test("a symmetric permutation works from either triangle to either triangle", () => {
    const side = fc.constantFrom("lower" as const, "upper" as const);
    fc.assert(
      fc.property(
        squareMatrix.chain((A) => fc.tuple(fc.constant(A), arbitraryOrder(A.ncols), side, side)),
        ([A, order, from, to]) => {
          const p = permutation(order);
          const full = symmetrize(A, from);
          const expected = triangle(permuteColumns(permuteRows(full, p), p), to);
          expect(sound(permuteSymmetric(A, p, from, to))).toEqual(expected);
        },
      ),
      runs,
    );
    expect(permuteSymmetric(identity(2), identityPermutation(2), "lower")).toEqual(identity(2));
    expect(() => permuteSymmetric(identity(2), identityPermutation(3), "lower")).toThrow("wrong length");
    expect(() => permuteSymmetric(zeros(1, 2), identityPermutation(2), "lower")).toThrow("non-square");
  });
});

describe("slices and stacks", () => {
  test("slices cut, stacks put together again", () => {
    fc.assert(
      fc.property(arbitraryMatrix(5, 6), fc.nat(6), fc.nat(5), (A, j, i) => {
        expect(sound(stackHorizontally(sliceColumns(A, 0, j), sliceColumns(A, j)))).toEqual(A);
        expect(sound(stackVertically(sliceRows(A, 0, i), sliceRows(A, i)))).toEqual(A);
      }),
      runs,
    );
  });

  test("columns can be chosen and repeated", () => {
    const A = fromDense(2, 3, [1, 2, 3, 4, 5, 6]);
    expect(rowsOf(sound(selectColumns(A, [2, 0, 2])))).toEqual([
      [5, 1, 5],
      [6, 2, 6],
    ]);
    expect(() => selectColumns(A, [3])).toThrow("invalid column: 3; columns are 0 to 2");
  });

  test("blocks stand along the diagonal", () => {
    const B = sound(blockDiagonal(fromDense(1, 2, [1, 2]), zeros(1, 0), fromDense(2, 1, [3, 4])));
    expect(rowsOf(B)).toEqual([
      [1, 2, 0],
      [0, 0, 0],
      [0, 0, 3],
      [0, 0, 4],
    ]);
    expect(blockDiagonal()).toEqual(zeros(0, 0));
    expect(stackHorizontally()).toEqual(zeros(0, 0));
    expect(stackVertically()).toEqual(zeros(0, 0));
  });

  test("ranges and shapes that do not fit are refused", () => {
    const A = zeros(2, 3);
    for (const [start, end] of [
      [2, 1],
      [0, 4],
      [-1, 2],
      [0, 1.5],
    ]) {
      expect(() => sliceColumns(A, start, end)).toThrow();
      expect(() => sliceRows(A, start, end)).toThrow();
    }
    expect(() => stackHorizontally(A, zeros(3, 3))).toThrow(
      'different numbers of rows: "2, 3"; they must agree',
    );
    expect(() => stackVertically(A, zeros(2, 2))).toThrow("different numbers of columns");
  });
});

describe("structure", () => {
  test("connected components of a matrix in blocks", () => {
    const A = fromTriplets(5, 5, [3, 4, 2], [0, 3, 2], [1, 1, 1]);
    expect(connectedComponents(A)).toEqual({
      count: 3,
      label: Int32Array.of(0, 1, 2, 0, 0),
      size: Int32Array.of(3, 1, 1),
    });
    expect(() => connectedComponents(zeros(1, 2))).toThrow("non-square");
  });

  test("the structural rank is the size of a largest matching, found by trying all", () => {
    const best = (A: CscMatrix, j = 0, used = 0): number => {
      if (j === A.ncols) return 0;
      let most = best(A, j + 1, used);
      for (let p = A.colPtr[j]; p < A.colPtr[j + 1]; p++) {
        const bit = 1 << A.rowIdx[p];
        if ((used & bit) === 0) most = Math.max(most, 1 + best(A, j + 1, used | bit));
      }
      return most;
    };
    fc.assert(
      fc.property(arbitraryMatrix(5, 6), (A) => {
        const matching = maximumMatching(A);
        expect(matching.size).toBe(best(A));
        expect(structuralRank(A)).toBe(matching.size);
        matching.rowOfColumn.forEach((i, j) => {
          if (i === -1) return;
          expect(findEntry(A, i, j)).toBeGreaterThanOrEqual(0);
          expect(matching.columnOfRow[i]).toBe(j);
        });
      }),
      runs,
    );
  });
});
