import { afterEach, describe, expect, test, vi } from "vitest";
import {
  cholesky,
  choleskyInPlace,
  choleskyWorkspace,
  DenseWorkspace,
  gemmInto,
  PackingWorkspace,
  solveLowerInPlace,
  solveLowerTransposeInPlace,
  solveTriangularInPlace,
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

/** Diagonally dominant, so positive definite by its lower triangle. */
function dominant(n: number, ld = n): Float64Array {
  const a = numbers(n * ld, n);
  for (let j = 0; j < n; j++) a[j + j * ld] = n + 1;
  return a;
}

const typescript = new DenseWorkspace(0, { kernels: "typescript" });
const wasm = new DenseWorkspace(0, { kernels: "wasm" });

describe("ordinary arrays are copied to WebAssembly and back with the bits of TypeScript", () => {
  test("in Cholesky factorizations", () => {
    for (const n of [0, 1, 2, 5, 39, 40, 41, 100, 200]) {
      const a = dominant(n);
      const expected = cholesky(a, n, { kernels: "typescript" });
      expect(expected.status).toBe("ok");
      expect(cholesky(a, n, { kernels: "wasm" })).toEqual(expected);
      expect(cholesky(a, n)).toEqual(expected);
    }
    const a = dominant(60);
    a[50 + 50 * 60] = 0;
    for (const kernels of ["auto", "wasm", "typescript"] as const) {
      expect(cholesky(a, 60, { kernels })).toEqual({ status: "not-positive-definite", column: 50 });
    }
  });

  test("in place in a larger array, of which nothing else changes", () => {
    const n = 70;
    const ld = 73;
    const inside = dominant(n, ld);
    const outside = inside.slice();
    expect(choleskyInPlace(inside, n, ld, 0, wasm)).toBe(-1);
    expect(choleskyInPlace(outside, n, ld, 0, typescript)).toBe(-1);
    expect(inside).toEqual(outside);
    for (const bad of [0, 33]) {
      const failing = dominant(n, ld);
      failing[bad + bad * ld] = -1;
      const twin = failing.slice();
      const upper = failing.slice();
      expect(choleskyInPlace(failing, n, ld, 0, wasm)).toBe(bad);
      expect(choleskyInPlace(twin, n, ld, 0, typescript)).toBe(bad);
      expect(failing.slice(0, bad * ld)).toEqual(twin.slice(0, bad * ld));
      for (let j = 0; j < n; j++)
        for (let i = 0; i < j; i++) expect(failing[i + j * ld]).toBe(upper[i + j * ld]);
    }
  });

  test("in products", () => {
    for (const [m, n, k] of [
      [0, 3, 4],
      [3, 2, 0],
      [5, 6, 7],
      [50, 41, 60],
      [64, 64, 300],
    ]) {
      for (const ta of ["none", "transpose"] as const) {
        for (const tb of ["none", "transpose"] as const) {
          const results = (["auto", "wasm", "typescript"] as const).map((kernels) => {
            const out = numbers(m * n, 9);
            gemmInto(ta, tb, m, n, k, numbers(m * k, 1), numbers(k * n, 2), out, {
              kernels,
              alpha: 0.3,
              beta: 2,
            });
            return out;
          });
          expect(results[0]).toEqual(results[2]);
          expect(results[1]).toEqual(results[2]);
        }
        const results = (["auto", "wasm", "typescript"] as const).map((kernels) => {
          const out = numbers(n * n, 9);
          syrkInto(ta, n, k, numbers(n * k, 1), out, { kernels, alpha: -1 });
          return out;
        });
        expect(results[0]).toEqual(results[2]);
        expect(results[1]).toEqual(results[2]);
      }
    }
  });

  test("in products too large for the memory that is kept", () => {
    const k = 2_100_000;
    const a = numbers(k, 3);
    const results = (["wasm", "typescript"] as const).map((kernels) => {
      const out = new Float64Array(1);
      gemmInto("none", "none", 1, 1, k, a, a, out, { kernels });
      return out[0];
    });
    expect(results[0]).toBe(results[1]);
    // The mean square of uniform numbers in (−1, 1) is a third; four standard errors.
    expect(Math.abs(results[0] / k - 1 / 3)).toBeLessThan((4 * 0.3) / Math.sqrt(k));
  });

  test("in triangular solves", () => {
    for (const [rows, cols] of [
      [3, 2],
      [60, 30],
      [30, 60],
      [100, 3],
    ]) {
      for (const side of ["left", "right"] as const) {
        for (const trans of ["none", "transpose"] as const) {
          const n = side === "left" ? rows : cols;
          const t = dominant(n, n + 1);
          const results = [wasm, typescript, undefined, choleskyWorkspace(100, 100)].map((work) => {
            const x = numbers((rows + 2) * cols, 4);
            solveTriangularInPlace(x, 0, rows + 2, rows, cols, side, "lower", trans, t, 0, n + 1, work);
            return x;
          });
          for (const x of results) expect(x).toEqual(results[1]);
        }
      }
    }
    const l = dominant(50);
    const b = numbers(50 * 40, 2);
    const [x, y] = [wasm, typescript].map((work) => {
      const x = b.slice();
      solveLowerInPlace(x, l, 50, 40, 0, 50, 0, 50, work);
      solveLowerTransposeInPlace(x, l, 50, 40, 0, 50, 0, 50, work);
      return x;
    });
    expect(x).toEqual(y);
  });
});

describe("arrays inside a workspace", () => {
  test("are used where they are by the simple functions too", () => {
    const work = new DenseWorkspace(40_000);
    const a = work.allocate(60 * 60);
    a.set(dominant(60));
    const expected = cholesky(a, 60);
    if (expected.status !== "ok") throw new Error("must be positive definite");
    const strict = a.slice();
    expect(choleskyInPlace(a, 60, 60, 0, work)).toBe(-1);
    for (let j = 0; j < 60; j++) {
      for (let i = 0; i < 60; i++)
        expect(a[i + j * 60]).toBe(i < j ? strict[i + j * 60] : expected.factor[i + j * 60]);
    }
    const out = work.allocate(3600);
    const plain = new Float64Array(3600);
    gemmInto("none", "transpose", 60, 60, 60, a, a, out, { work });
    gemmInto("none", "transpose", 60, 60, 60, a, a, plain);
    expect(out).toEqual(plain);
    syrkInto("transpose", 60, 60, a, out, { work, beta: 1 });
    syrkInto("transpose", 60, 60, a, plain, { beta: 1 });
    expect(out).toEqual(plain);
  });

  test("mixed with arrays from outside give the same bits", () => {
    const work = new DenseWorkspace(10_000);
    const a = numbers(2500, 1);
    const b = work.allocate(2500);
    b.set(numbers(2500, 2));
    const out = work.allocate(2500);
    const plain = new Float64Array(2500);
    gemmInto("none", "none", 50, 50, 50, a, b, out, { work });
    gemmInto("none", "none", 50, 50, 50, a, b.slice(), plain, { work: new PackingWorkspace() });
    expect(out).toEqual(plain);
  });

  test("that would be overrun are refused before WebAssembly is called", () => {
    const work = new DenseWorkspace(10_000);
    const a = work.allocate(2500);
    const out = work.allocate(2499);
    expect(() => gemmInto("none", "none", 50, 50, 50, a, a, out, { work })).toThrow("short result: 2499");
    expect(() => syrkInto("none", 50, 51, a, a, { work })).toThrow("short factor: 2500");
  });
});

describe("without WebAssembly", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  test("the same bits come from TypeScript, and insisting is an error", async () => {
    const expected = cholesky(dominant(60), 60);
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const fresh = await import("./index");
    expect(fresh.cholesky(dominant(60), 60)).toEqual(expected);
    expect(() => fresh.cholesky(dominant(60), 60, { kernels: "wasm" })).toThrow(
      expect.objectContaining({ code: "no-webassembly" }),
    );
  });
});
