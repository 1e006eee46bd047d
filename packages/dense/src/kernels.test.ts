import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cholesky,
  choleskyInPlace,
  choleskyInverseInPlace,
  choleskyTrapezoidInPlace,
  choleskyWorkspace,
  DenseError,
  gemmInto,
  PackingWorkspace,
  solveLowerInPlace,
  solveLowerLeftInPlace,
  solveLowerRightInPlace,
  solveLowerTransposeInPlace,
  solveUpperInPlace,
  solveUpperTransposeInPlace,
  syrkInto,
} from "./index";

/** Numbers in (−1, 1) that depend on the seed only. */
function numbers(count: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  });
}

/** B B' + n I, column-major. */
function spd(n: number, seed: number): Float64Array {
  const b = numbers(n * n, seed);
  const a = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      let sum = i === j ? n : 0;
      for (let k = 0; k < n; k++) sum += b[i + k * n] * b[j + k * n];
      a[i + j * n] = sum;
    }
  }
  return a;
}

describe("Cholesky", () => {
  // Sizes around the panel widths 24 and 96 and the tile 3 × 4.
  for (const n of [0, 1, 2, 3, 4, 5, 23, 24, 25, 26, 48, 95, 96, 97, 100, 193, 250]) {
    test(`L L' = A for n = ${n}`, () => {
      const a = spd(n, n + 1);
      const result = cholesky(a, n);
      if (result.status !== "ok") throw new Error("must be positive definite");
      const l = result.factor;
      let worst = 0;
      for (let j = 0; j < n; j++) {
        for (let i = j; i < n; i++) {
          let sum = 0;
          for (let k = 0; k <= j; k++) sum += l[i + k * n] * l[j + k * n];
          worst = Math.max(worst, Math.abs(sum - a[i + j * n]));
        }
        for (let i = 0; i < j; i++) expect(l[i + j * n]).toBe(0);
      }
      // Higham (2002), Theorem 10.3: the backward error is below (n + 1) u times the diagonal, here about 2 n.
      expect(worst).toBeLessThanOrEqual((n + 1) * 1.2e-16 * 3 * n);
    });
  }

  test("a block inside a larger array is factorized in place, and nothing else is written", () => {
    const n = 30;
    const ld = 37;
    const a = spd(n, 5);
    const big = new Float64Array(3 + ld * n).fill(77);
    for (let j = 0; j < n; j++) for (let i = j; i < n; i++) big[3 + i + j * ld] = a[i + j * n];
    const before = big.slice();
    expect(choleskyInPlace(big, n, ld, 3)).toBe(-1);
    expect(choleskyInPlace(a, n)).toBe(-1);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < ld; i++) {
        const at = 3 + i + j * ld;
        if (i >= j && i < n) expect(big[at]).toBe(a[i + j * n]);
        else if (at < big.length) expect(big[at]).toBe(before[at]);
      }
    }
  });

  test("a trapezoid gets the bits of the same columns of the whole", () => {
    for (const [rows, cols] of [
      [40, 7],
      [130, 30],
      [140, 100],
    ]) {
      const a = spd(rows, 3);
      const whole = a.slice();
      const part = a.slice();
      const work = choleskyWorkspace(rows, rows);
      choleskyTrapezoidInPlace(part, 0, rows, rows, cols, work);
      choleskyTrapezoidInPlace(whole, 0, rows, rows, rows, work);
      let worst = 0;
      for (let j = 0; j < cols; j++) {
        for (let i = j; i < rows; i++)
          worst = Math.max(worst, Math.abs(part[i + j * rows] - whole[i + j * rows]));
      }
      // Panels fall differently, so the last bits may differ.
      expect(worst).toBeLessThanOrEqual(rows * 2.3e-16 * Math.sqrt(2 * rows));
    }
  });

  test("the column that is not positive is a status", () => {
    for (const [n, bad] of [
      [5, 3],
      [40, 0],
      [120, 110],
    ]) {
      const a = spd(n, 9);
      a[bad + bad * n] = -1;
      expect(cholesky(a, n)).toEqual({ status: "not-positive-definite", column: bad });
    }
    expect(cholesky([Number.NaN], 1).status).toBe("not-positive-definite");
    expect(cholesky([Number.POSITIVE_INFINITY], 1).status).toBe("not-positive-definite");
  });

  test("arrays that are too short and sizes that are not whole are refused", () => {
    expect(() => cholesky([1, 2, 3], 2)).toThrow(
      new DenseError("short-array", "short matrix", 3, "need 4 numbers"),
    );
    expect(() => cholesky([1], 0.5)).toThrow(expect.objectContaining({ code: "bad-dimension" }));
    const four = new Float64Array(4);
    expect(() => choleskyInPlace(four, 2, 1)).toThrow(
      "invalid leading dimension of matrix: 1; need a whole number of at least 2",
    );
    expect(() => choleskyInPlace(four, -1, 2)).toThrow("invalid rows of matrix: -1");
    expect(() => choleskyInPlace(four, 2, 2, 0.5)).toThrow("invalid offset of matrix: 0.5");
    expect(() => choleskyTrapezoidInPlace(four, 0, 2, 2, Number.NaN, choleskyWorkspace(2, 2))).toThrow(
      "invalid columns of matrix: NaN",
    );
  });
});

describe("triangular solves", () => {
  const n = 13;
  const ld = 15;
  const t = numbers(ld * n, 4);
  for (let j = 0; j < n; j++) t[j + j * ld] = 3 + j;
  const at = (i: number, j: number) => t[i + j * ld];
  const cases = [
    ["L", solveLowerInPlace, (i: number, j: number) => (i >= j ? at(i, j) : 0)],
    ["L'", solveLowerTransposeInPlace, (i: number, j: number) => (j >= i ? at(j, i) : 0)],
    ["U", solveUpperInPlace, (i: number, j: number) => (i <= j ? at(i, j) : 0)],
    ["U'", solveUpperTransposeInPlace, (i: number, j: number) => (j <= i ? at(j, i) : 0)],
  ] as const;
  for (const [name, solve, entry] of cases) {
    test(`${name} X = B for three columns, strided`, () => {
      const ldx = 14;
      const b = numbers(2 + 3 * ldx, 8);
      const x = b.slice();
      solve(x, t, n, 3, 2, ldx, 0, ld);
      for (let c = 0; c < 3; c++) {
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let j = 0; j < n; j++) sum += entry(i, j) * x[2 + j + c * ldx];
          // The diagonal dominates, so the residual is a few roundoffs.
          expect(Math.abs(sum - b[2 + i + c * ldx])).toBeLessThan(1e-14);
        }
        if (c < 2) expect(x[2 + n + c * ldx]).toBe(b[2 + n + c * ldx]);
      }
    });
  }
});

describe("blocked triangular kernels", () => {
  for (const n of [0, 1, 5, 24, 25, 47, 60, 101]) {
    test(`the inverse from the factor for n = ${n}`, () => {
      const ld = n + 2;
      const a = spd(n, n + 3);
      const l = new Float64Array(1 + ld * n).fill(9);
      for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) l[1 + i + j * ld] = a[i + j * n];
      choleskyInPlace(l, n, ld, 1);
      choleskyInverseInPlace(l, n, ld, 1);
      const inverse = (i: number, j: number) => l[1 + Math.max(i, j) + Math.min(i, j) * ld];
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += a[i + k * n] * inverse(k, j);
          // Condition number below 10, entries of A about n and of the inverse about 1 / n.
          expect(Math.abs(sum - (i === j ? 1 : 0))).toBeLessThan(1e-14 * (n + 10));
          if (i < j) expect(l[1 + i + j * ld]).toBe(a[i + j * n]);
        }
      }
    });

    test(`solves from the left and from the right for n = ${n}`, () => {
      const l = spd(n, 2);
      choleskyInPlace(l, n);
      const work = choleskyWorkspace(Math.max(n, 31), Math.max(n, 31));
      const x = numbers(n * 31, 3);
      const left = x.slice();
      solveLowerLeftInPlace(left, 0, n, n, 31, l, 0, n, work);
      const right = x.slice();
      solveLowerRightInPlace(right, 0, 31, 31, n, l, 0, n, work);
      const lower = (i: number, j: number) => (i >= j ? l[i + j * n] : 0);
      for (let c = 0; c < 31; c++) {
        for (let i = 0; i < n; i++) {
          let sum = 0;
          let turned = 0;
          for (let k = 0; k < n; k++) {
            sum += lower(i, k) * left[k + c * n];
            turned += right[c + k * 31] * lower(k, i);
          }
          expect(Math.abs(sum - x[i + c * n])).toBeLessThan(1e-13);
          expect(Math.abs(turned - x[c + i * 31])).toBeLessThan(1e-13);
        }
      }
    });
  }
});

describe("products", () => {
  /** c_ij − Σ in the documented order: sums over stretches of 256, each subtracted once. */
  function reference(
    m: number,
    n: number,
    k: number,
    a: (i: number, p: number) => number,
    b: (p: number, j: number) => number,
  ) {
    const c = new Float64Array(m * n);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < m; i++) {
        for (let start = 0; start < k; start += 256) {
          let sum = 0;
          for (let p = start; p < Math.min(k, start + 256); p++) sum += a(i, p) * b(p, j);
          c[i + j * m] += sum;
        }
      }
    }
    return c;
  }

  test("every shape and transposition gives the bits of the plain sums", () => {
    const size = fc.integer({ min: 0, max: 40 });
    const trans = fc.constantFrom("none", "transpose") as fc.Arbitrary<"none" | "transpose">;
    fc.assert(
      fc.property(size, size, size, trans, trans, (m, n, k, ta, tb) => {
        const a = numbers(m * k, 1);
        const b = numbers(k * n, 2);
        const out = new Float64Array(m * n).fill(Number.NaN);
        gemmInto(ta, tb, m, n, k, a, b, out);
        const expected = reference(
          m,
          n,
          k,
          (i, p) => (ta === "none" ? a[i + p * m] : a[p + i * k]),
          (p, j) => (tb === "none" ? b[p + j * k] : b[j + p * n]),
        );
        expect(out).toEqual(expected);
      }),
      { numRuns: 120, seed: 4 },
    );
  });

  test("sizes beyond the blocks in rows, columns and depth too", () => {
    for (const [m, n, k] of [
      [130, 5, 300],
      [7, 530, 270],
      [125, 9, 3],
    ]) {
      const a = numbers(m * k, 1);
      const b = numbers(k * n, 2);
      const out = new Float64Array(m * n);
      gemmInto("none", "none", m, n, k, a, b, out);
      expect(out).toEqual(
        reference(
          m,
          n,
          k,
          (i, p) => a[i + p * m],
          (p, j) => b[p + j * k],
        ),
      );
    }
  });

  test("alpha and beta", () => {
    const out = Float64Array.of(10, 20);
    gemmInto("none", "none", 2, 1, 1, Float64Array.of(1, 2), Float64Array.of(3), out, {
      alpha: 2,
      beta: 0.5,
    });
    expect(out).toEqual(Float64Array.of(11, 22));
    gemmInto("none", "none", 2, 1, 1, Float64Array.of(1, 2), Float64Array.of(3), out, { beta: 1 });
    expect(out).toEqual(Float64Array.of(14, 28));
  });

  test("a work space that is too small is refused before anything is written", () => {
    const a = numbers(60 * 60, 1);
    for (const work of [
      new PackingWorkspace(10, 60, 60),
      new PackingWorkspace(60, 10, 60),
      new PackingWorkspace(60, 60, 10),
    ]) {
      const out = new Float64Array(3600).fill(3);
      const options = { work, beta: 1, kernels: "typescript" as const };
      expect(() => gemmInto("none", "none", 60, 60, 60, a, a, out, options)).toThrow("short work space");
      expect(out.every((x) => x === 3)).toBe(true);
    }
  });

  test("the symmetric rank-k update writes the lower triangle only", () => {
    for (const [n, k] of [
      [5, 3],
      [41, 70],
      [150, 20],
    ]) {
      for (const trans of ["none", "transpose"] as const) {
        const a = numbers(n * k, 6);
        const out = new Float64Array(n * n).fill(5);
        syrkInto(trans, n, k, a, out, { work: new PackingWorkspace() });
        const full = new Float64Array(n * n);
        gemmInto(trans, trans === "none" ? "transpose" : "none", n, n, k, a, a, full);
        for (let j = 0; j < n; j++) {
          for (let i = 0; i < n; i++) expect(out[i + j * n]).toBe(i >= j ? full[i + j * n] : 5);
        }
        syrkInto(trans, n, k, a, out, { beta: 2, alpha: -2 });
        // 2 c − 2 c: exact only up to the order of the sums, which is the same.
        expect(Math.abs(out[n - 1])).toBeLessThan(1e-12);
      }
    }
  });
});
