import { describe, expect, test } from "vitest";
import { applyQInPlace, applyQtInPlace, leastSquares, pivotedQr, triangleOfQr } from "./index";

/**
 * Rank decisions of R 4.2.2: `q <- qr(X, tol = 1e-7); q$rank; q$pivot - 1; diag(qr.R(q))`, X of whole
 * numbers drawn with set.seed(1) and made collinear by hand.
 */
const decisions = [
  {
    what: "a sum of two columns",
    nrows: 6,
    ncols: 4,
    a: [3, -2, 1, -5, -4, 1, 5, -4, 5, -3, -5, -1, 8, -6, 6, -8, -9, 0, -1, -1, 3, 3, -1, -1],
    rank: 3,
    pivot: [0, 1, 3, 2],
    diag: [-7.48331477354788, 5.68833392630416, -2.2713300943172],
  },
  {
    what: "a zero column and a combination",
    nrows: 6,
    ncols: 5,
    a: [0, 0, 0, 0, 0, 0, 0, 4, 4, 0, -2, -2, 4, 3, 1, 0, 3, 2, -8, -2, 2, 0, -8, -6, -3, 4, 0, 2, -4, -4],
    rank: 3,
    pivot: [1, 2, 4, 0, 3],
    diag: [-6.32455532033676, 6.17251974480439, 4.38830466669864],
  },
  {
    what: "two dependent columns",
    nrows: 5,
    ncols: 5,
    a: [0, 0, -5, -3, -3, 0, 0, -15, -9, -9, 1, 5, -5, -2, 2, 3, 3, 1, -2, 1, 4, 8, -4, -4, 3],
    rank: 3,
    pivot: [0, 2, 3, 1, 4],
    diag: [-6.557438524302, -6.66821687402785, -3.84241087585804],
  },
  {
    what: "more columns than rows",
    nrows: 3,
    ncols: 5,
    a: [3, 1, 1, -3, 0, -4, 4, 5, 4, 1, -3, -4, 4, -5, 5],
    rank: 3,
    pivot: [0, 1, 2, 3, 4],
    diag: [-3.3166247903554, -3.10424928708434, 3.98227203566478],
  },
  {
    what: "a difference of 1e-8, below the tolerance",
    nrows: 5,
    ncols: 3,
    a: [5, 4, 4, 2, 4, 4.99999999, 4.00000001, 4.00000002, 1.99999999, 4, 2, -5, -3, 4, -3],
    rank: 2,
    pivot: [0, 2, 1],
    diag: [-8.77496438739212, 7.36347602839713],
  },
  {
    what: "a difference of 1e-6, above it",
    nrows: 5,
    ncols: 3,
    a: [
      5, -5, 0, 0, -2, 5.000003, -5.000001, -4.9999999999999996e-6, -3.0000000000000001e-6, -2, -3, 1, -3, -3,
      -5,
    ],
    rank: 3,
    pivot: [0, 1, 2],
    diag: [-7.34846922834953, -6.04918115079024e-6, 6.52556479969971],
  },
  {
    what: "full rank",
    nrows: 4,
    ncols: 4,
    a: [3, -4, 2, 0, -5, -4, 1, 5, 1, -2, 3, 2, -3, -1, -3, -2],
    rank: 4,
    pivot: [0, 1, 2, 3],
    diag: [-5.3851648071345, 8.16637344066593, -2.23456442734103, -1.25165314728896],
  },
  {
    what: "a square matrix of deficient rank",
    nrows: 4,
    ncols: 4,
    a: [-4, -5, 1, 3, 4, 4, -4, -4, -3, -5, -4, 5, -3, -6, -7, 4],
    rank: 3,
    pivot: [0, 1, 2, 3],
    diag: [7.14142842854285, 3.31366747831806, 3.81725406168211],
  },
  {
    what: "an intercept with two full sets of indicators",
    nrows: 6,
    ncols: 6,
    a: [
      1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0,
      1,
    ],
    rank: 4,
    pivot: [0, 1, 3, 4, 2, 5],
    diag: [-2.44948974278318, -1.22474487139159, 1.15470053837925, -1],
  },
];

describe("the columns kept are those R keeps", () => {
  for (const { what, nrows, ncols, a, rank, pivot, diag } of decisions) {
    test(what, () => {
      const factor = pivotedQr(a, nrows, ncols);
      expect(factor.rank).toBe(rank);
      expect([...factor.pivot]).toEqual(pivot);
      const r = triangleOfQr(factor);
      // R prints 15 digits; the near-collinear case has lost six of them.
      for (let j = 0; j < rank; j++) expect(r[j + j * rank] / diag[j]).toBeCloseTo(1, 9);
    });
  }
});

test("Q R gives the columns back, in pivoted order", () => {
  const { nrows, ncols, a } = decisions[2];
  const factor = pivotedQr(a, nrows, ncols);
  for (let j = 0; j < factor.rank; j++) {
    const column = new Float64Array(nrows);
    for (let i = 0; i <= j; i++) column[i] = factor.qr[i + j * nrows];
    applyQInPlace(column, factor);
    for (let i = 0; i < nrows; i++) {
      // Entries up to 15: a few roundoffs of that.
      expect(Math.abs(column[i] - a[i + factor.pivot[j] * nrows])).toBeLessThan(2e-14);
    }
  }
});

test("Q' undoes Q, for several columns", () => {
  const factor = pivotedQr(decisions[0].a, 6, 4);
  const b = Float64Array.from({ length: 12 }, (_, i) => i - 4);
  const x = b.slice();
  applyQtInPlace(x, factor, 2);
  applyQInPlace(x, factor, 2);
  for (let i = 0; i < 12; i++) expect(x[i]).toBeCloseTo(b[i], 13);
});

test("least squares leaves dropped columns at zero and an orthogonal residual", () => {
  const { nrows, ncols, a } = decisions[0];
  const b = [1, 2, 3, 4, 5, 7];
  const x = leastSquares(pivotedQr(a, nrows, ncols), b);
  expect(x[2]).toBe(0);
  const residual = b.map((v, i) => v - [0, 1, 2, 3].reduce((s, j) => s + a[i + j * nrows] * x[j], 0));
  for (let j = 0; j < ncols; j++) {
    const dot = residual.reduce((s, v, i) => s + v * a[i + j * nrows], 0);
    expect(Math.abs(dot)).toBeLessThan(1e-12);
  }
});

test("nothing is kept of nothing, and a zero matrix has rank 0", () => {
  expect(pivotedQr([], 0, 0).rank).toBe(0);
  expect(pivotedQr([], 3, 0).rank).toBe(0);
  expect(pivotedQr([0, 0, 0, 0], 2, 2).rank).toBe(0);
  expect(() => pivotedQr([1], 2, 2)).toThrow(expect.objectContaining({ code: "short-array" }));
});

test("columns near the limits of the number range keep their norms", () => {
  const factor = pivotedQr([1e300, 1e300, 1e-300, -1e-300], 2, 2);
  expect(factor.rank).toBe(2);
  expect(triangleOfQr(factor)[0] / -(1e300 * Math.SQRT2)).toBeCloseTo(1, 14);
});

test("with tolerance 0 zero columns are kept, and their reflectors do nothing", () => {
  const a = [0, 0, 0, 1, 2, 2, 0, 0, 0];
  const factor = pivotedQr(a, 3, 3, 0);
  expect(factor.rank).toBe(3);
  expect([...factor.pivot]).toEqual([0, 1, 2]);
  expect(factor.head[0]).toBe(0);
  const b = Float64Array.of(3, -1, 2);
  applyQtInPlace(b, factor);
  // Orthogonal: the norm stays; nothing mixes into the first entry, whose column is zero.
  expect(b[0]).toBe(3);
  expect(Math.hypot(b[1], b[2])).toBeCloseTo(Math.sqrt(5), 14);
  applyQInPlace(b, factor);
  for (const [i, x] of [3, -1, 2].entries()) expect(b[i]).toBeCloseTo(x, 14);
  expect(pivotedQr(new Float64Array(6), 3, 2, 0).rank).toBe(2);
});
