import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyMatrix, squareMatrix } from "./arbitrary.test-support";
import {
  dropEntries,
  readMatrixMarket,
  readMatrixMarketHeader,
  symmetrize,
  toDense,
  triangle,
  writeMatrixMarket,
} from "./index";

const banner = (rest: string) => `%%MatrixMarket matrix ${rest}\n`;

describe("reading Matrix Market", () => {
  test("coordinate real general, with comments, blank lines and any case", () => {
    const text =
      "%%matrixmarket MATRIX Coordinate Real General\r\n% a comment\n\n 2 3 2 \n%\n1 1 1.5e1\r\n  2 3 -2D-1\n\n";
    const A = readMatrixMarket(text);
    expect([A.nrows, A.ncols]).toEqual([2, 3]);
    expect([...toDense(A)]).toEqual([15, 0, 0, 0, 0, -0.2]);
    expect(readMatrixMarketHeader(text)).toEqual({
      format: "coordinate",
      field: "real",
      symmetry: "general",
      nrows: 2,
      ncols: 3,
      entries: 2,
      comments: ["a comment"],
    });
  });

  test("integer and pattern fields, and double as an old name of real", () => {
    expect(toDense(readMatrixMarket(`${banner("coordinate integer general")}1 1 1\n1 1 7\n`))[0]).toBe(7);
    expect(toDense(readMatrixMarket(`${banner("coordinate double general")}1 1 1\n1 1 7\n`))[0]).toBe(7);
    expect([
      ...toDense(readMatrixMarket(`${banner("coordinate pattern general")}1 2 2\n1 1\n1 2\n`)),
    ]).toEqual([1, 1]);
  });

  test("a symmetric file keeps its triangle unless it is to be expanded", () => {
    const text = `${banner("coordinate real symmetric")}2 2 2\n1 1 4\n2 1 5\n`;
    expect([...toDense(readMatrixMarket(text))]).toEqual([4, 5, 0, 0]);
    expect([...toDense(readMatrixMarket(text, { expand: true }))]).toEqual([4, 5, 5, 0]);
  });

  test("a skew-symmetric file expands with the sign turned", () => {
    const text = `${banner("coordinate real skew-symmetric")}2 2 1\n2 1 5\n`;
    expect([...toDense(readMatrixMarket(text, { expand: true }))]).toEqual([0, 5, -5, 0]);
    expect(() => readMatrixMarket(`${banner("coordinate real skew-symmetric")}2 2 1\n1 1 5\n`)).toThrow(
      "diagonal entry",
    );
  });

  test("arrays: general by columns, symmetric and skew-symmetric by lower triangles", () => {
    expect([...toDense(readMatrixMarket(`${banner("array real general")}2 2\n1\n2\n3\n4\n`))]).toEqual([
      1, 2, 3, 4,
    ]);
    const symmetric = readMatrixMarket(`${banner("array real symmetric")}2 2\n1\n2\n3\n`, { expand: true });
    expect([...toDense(symmetric)]).toEqual([1, 2, 2, 3]);
    const skew = readMatrixMarket(`${banner("array integer skew-symmetric")}3 3\n1\n0\n3\n`, {
      expand: true,
    });
    expect([...toDense(skew)]).toEqual([0, 1, 0, -1, 0, 3, 0, -3, 0]);
  });

  test("infinities and NaN are read, duplicates summed", () => {
    const A = readMatrixMarket(
      `${banner("coordinate real general")}4 1 5\n1 1 inf\n2 1 -Infinity\n3 1 NaN\n4 1 1\n4 1 2\n`,
    );
    expect([...A.values]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 3]);
  });

  const broken = [
    ["", "line 0: missing banner"],
    ["hello", "line 1: missing banner"],
    ["%%MatrixMarket vector coordinate real general\n", "missing banner"],
    [banner("list real general"), 'line 1: unknown format: "list"'],
    [banner("coordinate complex general"), 'unsupported field: "complex"'],
    [banner("array pattern general"), 'unsupported field: "pattern"'],
    [banner("coordinate real hermitian"), 'unsupported symmetry: "hermitian"'],
    [banner("coordinate real general"), "invalid size line"],
    [`${banner("coordinate real general")}2 2\n`, "line 2: invalid size line"],
    [`${banner("coordinate real general")}2 2.5 1\n`, 'invalid number of columns: "2.5"'],
    [`${banner("coordinate real general")}-2 2 1\n`, 'invalid number of rows: "-2"'],
    [`${banner("coordinate real symmetric")}2 3 0\n`, "non-square symmetric matrix"],
    [`${banner("coordinate real general")}2 2 2\n1 1 1\n`, "missing entries after: 1"],
    [
      `${banner("coordinate real general")}2 2 1\n1 1\n`,
      "line 3: wrong number of fields: 2; each entry has 3",
    ],
    [
      `${banner("coordinate real general")}2 2 1\n3 1 1\n`,
      'line 3: invalid row: "3"; need a whole number from 1 to 2',
    ],
    [`${banner("coordinate real general")}2 2 1\n1 0 1\n`, 'invalid column: "0"'],
    [`${banner("coordinate real general")}2 2 1\n1 1 x\n`, 'invalid number: "x"'],
    [`${banner("coordinate real general")}2 2 1\n1 1 1\n2 2 2\n`, 'line 4: unexpected text: "2 2 2"'],
    [`${banner("array real general")}1 2\n1\n`, "missing entries after: 1"],
    [`${banner("array real general")}1 2\n1 2\n`, "wrong number of fields: 2"],
  ] as const;
  for (const [text, message] of broken) {
    test(`${JSON.stringify(text)} is refused`, () => {
      expect(() => readMatrixMarket(text)).toThrow(expect.objectContaining({ code: "bad-matrix-market" }));
      expect(() => readMatrixMarket(text)).toThrow(message);
    });
  }
});

describe("writing Matrix Market", () => {
  test("what is written reads back bit for bit", () => {
    fc.assert(
      fc.property(anyMatrix, fc.infiniteStream(fc.double()), (A, stream) => {
        const B = { ...A, values: A.values.map(() => stream.next().value as number) };
        expect(readMatrixMarket(writeMatrixMarket(B, { comments: ["two\nlines"] }))).toEqual(B);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  test("a symmetric matrix by its lower triangle", () => {
    fc.assert(
      fc.property(squareMatrix, (A) => {
        const text = writeMatrixMarket(triangle(A, "lower"), { symmetry: "symmetric" });
        expect(readMatrixMarket(text, { expand: true })).toEqual(symmetrize(A, "lower"));
        const ones = readMatrixMarket(writeMatrixMarket(A, { field: "pattern" }));
        expect(ones.rowIdx).toEqual(A.rowIdx);
        expect(dropEntries(ones)).toEqual(ones);
      }),
      { numRuns: 100, seed: 4 },
    );
    const upper = readMatrixMarket(`${banner("coordinate real general")}2 2 1\n1 2 1\n`);
    expect(() => writeMatrixMarket(upper, { symmetry: "symmetric" })).toThrow("entry above the diagonal");
  });
});
