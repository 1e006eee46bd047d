import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  choleskyTrapezoidInPlace,
  choleskyWorkspace,
  DenseWorkspace,
  gemmBlockInto,
  PackingWorkspace,
  solveTriangularInPlace,
  subtractProductInPlace,
  syrkBlockInto,
} from "./index";

/** Every size up to 70, and those around the blocks of both paths. */
const sizes = [...Array.from({ length: 71 }, (_, n) => n), 96, 97, 127, 128, 129, 130, 256, 257, 300];

/** Numbers in (−1, 1) that depend on the seed only. */
function numbers(count: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  });
}

const special = [0, -0, 5e-324, -3e-310, 1e-200, 1e200, -1e300, 1.7e308, Number.NaN, 1 / 0, -1 / 0];

/** Some of the numbers replaced by special ones. */
function sprinkle(x: Float64Array, every: number): Float64Array {
  return x.map((v, i) => (i % every === every - 1 ? special[((i / every) % special.length) | 0] : v));
}

/** The bits of every number; all NaN count as one. */
function bits(x: Float64Array): BigUint64Array {
  return new BigUint64Array(x.map((v) => (Number.isNaN(v) ? Number.NaN : v)).buffer);
}

function expectSameBits(actual: Float64Array, expected: Float64Array, what: string): void {
  const a = bits(actual);
  const e = bits(expected);
  for (let i = 0; i < e.length; i++) {
    if (a[i] !== e[i]) expect.fail(`${what}: number ${i} is ${actual[i]}, expected ${expected[i]}`);
  }
  expect(a.length).toBe(e.length);
}

const wasm = new DenseWorkspace(500_000, { kernels: "wasm" });
const plain = new PackingWorkspace();

/** Runs the same routine on both paths and compares all arrays afterwards. */
function both<T>(
  arrays: Float64Array[],
  what: string,
  run: (work: PackingWorkspace, a: Float64Array[]) => T,
): T {
  wasm.reset();
  const inside = arrays.map((x) => {
    const copy = wasm.allocate(x.length);
    copy.set(x);
    return copy;
  });
  const outside = arrays.map((x) => x.slice());
  const result = run(wasm, inside);
  expect(result).toEqual(run(plain, outside));
  for (let i = 0; i < arrays.length; i++) expectSameBits(inside[i], outside[i], `${what}, array ${i}`);
  return result;
}

describe("WebAssembly and TypeScript give the same bits", () => {
  for (const every of [0, 7]) {
    const values = (count: number, seed: number) =>
      every === 0 ? numbers(count, seed) : sprinkle(numbers(count, seed), every * 13);
    const kind = every === 0 ? "ordinary numbers" : "special values";

    test(`products of every size with ${kind}`, () => {
      for (const m of sizes) {
        for (const [n, k] of [
          [m, m],
          [5, m],
          [m, 3],
        ]) {
          both(
            [values(m * n + 9, 1), values(m * k + 5, 2), values(n * k + 4, 3)],
            `${m} × ${n} × ${k}`,
            (work, [c, a, b]) => {
              gemmBlockInto("none", "transpose", m, n, k, -1, a, 1, m, b, 2, n, 1, work, c, 3, m);
            },
          );
        }
      }
    });

    test(`symmetric rank-k updates of every size with ${kind}`, () => {
      for (const n of sizes) {
        for (const k of [n, 1, 9]) {
          for (const trans of ["none", "transpose"] as const) {
            const lda = (trans === "none" ? n : k) + 2;
            both(
              [values(n * (n + 1), 1), values(lda * Math.max(n, k), 2)],
              `${n}, ${k}, ${trans}`,
              (work, [c, a]) => {
                syrkBlockInto(trans, n, k, 0.7, a, 0, lda, 0.3, work, c, 0, n + 1);
                subtractProductInPlace(
                  c,
                  0,
                  n + 1,
                  n,
                  n,
                  trans === "none" ? k : 0,
                  1,
                  a,
                  0,
                  1,
                  lda,
                  a,
                  0,
                  1,
                  lda,
                  true,
                  work,
                );
              },
            );
          }
        }
      }
    });

    test(`triangular solves of every size and kind with ${kind}`, () => {
      for (const n of sizes) {
        const t = values(n * (n + 3), 4);
        if (every === 0) for (let j = 0; j < n; j++) t[j + j * (n + 3)] = 3 + n / 4;
        for (const count of n > 70 ? [3, 37] : [1, 6]) {
          for (const side of ["left", "right"] as const) {
            for (const triangle of ["lower", "upper"] as const) {
              for (const trans of ["none", "transpose"] as const) {
                const [rows, cols] = side === "left" ? [n, count] : [count, n];
                const x = values((rows + 1) * cols + 2, 5);
                both([x, t], `${n}, ${count}, ${side}, ${triangle}, ${trans}`, (work, [x, t]) => {
                  solveTriangularInPlace(
                    x,
                    2,
                    rows + 1,
                    rows,
                    cols,
                    side,
                    triangle,
                    trans,
                    t,
                    0,
                    n + 3,
                    work,
                  );
                });
              }
            }
          }
        }
      }
    });
  }

  /** D (B B' / n + I) D in the lower triangle, NaN above; D spans `range` powers of ten. */
  function positiveDefinite(n: number, rows: number, range: number): Float64Array {
    const b = numbers(rows * 4, n + 1);
    const scale = numbers(rows, n + 2).map((v) => 10 ** Math.round(v * range));
    const a = new Float64Array(rows * n).fill(Number.NaN);
    for (let j = 0; j < n; j++) {
      for (let i = j; i < rows; i++) {
        let sum = i === j ? 1 : 0;
        for (let k = 0; k < 4; k++) sum += b[i + k * rows] * b[j + k * rows];
        a[i + j * rows] = scale[i] * sum * scale[j];
      }
    }
    return a;
  }

  test("Cholesky of every size, of whole matrices and trapezoids", () => {
    for (const n of sizes) {
      for (const rows of n > 70 ? [n, n + 5, n + 290] : [n, n + 1, n + 6]) {
        const status = both([positiveDefinite(n, rows, 0)], `${n} of ${rows}`, (work, [a]) =>
          choleskyTrapezoidInPlace(a, 0, rows, rows, n, work),
        );
        expect(status).toBe(-1);
      }
    }
  });

  test("Cholesky of badly scaled matrices, down to denormal entries", () => {
    for (const n of [3, 17, 50, 129]) {
      for (const range of [60, 150, 158]) {
        both([positiveDefinite(n, n, range)], `${n}, range ${range}`, (work, [a]) => {
          const failed = choleskyTrapezoidInPlace(a, 0, n, n, n, work);
          if (failed !== -1) a.fill(0, failed * n);
          return failed;
        });
      }
    }
  });

  test("Cholesky fails at the same column, with the same columns before it", () => {
    for (const n of [1, 2, 5, 8, 40, 130, 300]) {
      for (const bad of new Set([0, 1, 2, 3, n >> 1, n - 2, n - 1].filter((j) => j >= 0 && j < n))) {
        for (const pivot of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
          const rows = n + 3;
          const a = positiveDefinite(n, rows, 0);
          a[bad + bad * rows] = pivot;
          const failed = both([a], `${n}, column ${bad}`, (work, [a]) => {
            const failed = choleskyTrapezoidInPlace(a, 0, rows, rows, n, work);
            // What stands in the other columns is unspecified.
            a.fill(0, failed * rows);
            return failed;
          });
          expect(failed).toBe(bad);
        }
      }
    }
  });

  test("any shape, offset and stride", () => {
    const size = fc.integer({ min: 0, max: 40 });
    const gap = fc.integer({ min: 0, max: 5 });
    const trans = fc.constantFrom("none" as const, "transpose" as const);
    fc.assert(
      fc.property(
        size,
        size,
        fc.integer({ min: 0, max: 600 }),
        gap,
        gap,
        trans,
        trans,
        fc.integer(),
        (m, n, k, g, o, ta, tb, seed) => {
          const lda = (ta === "none" ? m : k) + g;
          const ldb = (tb === "none" ? k : n) + o;
          const a = sprinkle(numbers(o + lda * (ta === "none" ? k : m), seed), 501);
          const b = numbers(g + ldb * (tb === "none" ? n : k), seed + 1);
          both([numbers((m + g) * n + o, 3), a, b], "product", (work, [c, a, b]) => {
            gemmBlockInto(ta, tb, m, n, k, 1.5, a, o, lda, b, g, ldb, 0.5, work, c, o, m + g);
          });
        },
      ),
      { numRuns: 150, seed: 11 },
    );
  });

  test("the columns of a trapezoid have the bits of the same columns of the whole", () => {
    for (const [rows, cols] of [
      [40, 7],
      [130, 30],
      [140, 100],
      [300, 129],
    ]) {
      const whole = positiveDefinite(rows, rows, 0);
      const part = whole.slice(0, rows * cols);
      const work = choleskyWorkspace(rows, rows);
      expect(choleskyTrapezoidInPlace(part, 0, rows, rows, cols, work)).toBe(-1);
      expect(choleskyTrapezoidInPlace(whole, 0, rows, rows, rows, work)).toBe(-1);
      expectSameBits(part, whole.slice(0, rows * cols), `${rows}, ${cols}`);
    }
  });
});

describe("misuse inside a workspace", () => {
  test("blocks that reach beyond their array are refused before WebAssembly is called", () => {
    const work = new DenseWorkspace(300, { kernels: "wasm" });
    const a = work.allocate(100);
    const product = (cOffset: number, aRowStride: number, depth: number) => () =>
      subtractProductInPlace(a, cOffset, 10, 4, 4, depth, 1, a, 50, aRowStride, 4, a, 50, 1, 4, false, work);
    expect(product(0, 1, 4)).not.toThrow();
    expect(product(67, 1, 4)).toThrow("short result: 100; need numbers 67 to 100");
    expect(product(-1, 1, 4)).toThrow("short result: 100; need numbers -1 to 32");
    expect(product(0, -20, 4)).toThrow("short left factor");
    expect(product(0, 1, 30)).toThrow("short left factor");
    expect(product(0.5, 1, 4)).toThrow("short result");
    expect(product(Number.NaN, 1, 4)).toThrow("short result");
    expect(() => choleskyTrapezoidInPlace(a, 0, 10, 4, 5, work)).toThrow("invalid rows of matrix: 4");
    expect(() => choleskyTrapezoidInPlace(a, 70, 10, 10, 5, work)).toThrow("short matrix: 100");
  });
});
