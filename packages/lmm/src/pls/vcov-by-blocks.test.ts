import { cholesky } from "@lmmkit/dense";
import { describe, expect, it } from "vitest";
import { uniforms } from "../random-model.test-support";
import { vcovByBlocks } from "./vcov-by-blocks";

const multiply = (a: Float64Array, b: Float64Array, n: number) =>
  Float64Array.from({ length: n * n }, (_, at) => {
    let sum = 0;
    for (let m = 0; m < n; m++) sum += a[m * n + (at % n)] * b[Math.floor(at / n) * n + m];
    return sum;
  });
const transpose = (a: Float64Array, n: number) => a.map((_, at) => a[(at % n) * n + Math.floor(at / n)]);

describe("the covariance matrix of many coefficients", () => {
  it.each([
    ["with fewer columns in Z", 4],
    ["with more columns in Z", 30],
  ])("is the inverse of R'(I − CC')R, moved by B: %s", (_, q) => {
    const p = 20;
    const next = uniforms(q);
    const rzx = Float64Array.from({ length: q * p }, () => (next() - 0.5) / q);
    const rt = new Float64Array(p * p);
    const map = new Float64Array(p * p);
    for (let j = 0; j < p; j++) {
      for (let i = j; i < p; i++) rt[j * p + i] = i === j ? 1 + next() : next() - 0.5;
      map[j * p + j] = 1;
    }
    // B as shifts make it: every column less a multiple of the first.
    for (let j = 1; j < p; j++) map[j * p] = -next();
    const inner = Float64Array.from({ length: p * p }, (_, at) => {
      const [i, j] = [at % p, Math.floor(at / p)];
      let sum = i === j ? 1 : 0;
      for (let m = 0; m < q; m++) sum -= rzx[i * q + m] * rzx[j * q + m];
      return sum;
    });
    const root = cholesky(inner, p);
    const rxt = root.status === "ok" ? root.factor : new Float64Array(0);
    const vcov = vcovByBlocks(rt, rxt, rzx, map, p);
    // B'⁻¹R'(I − CC')RB⁻¹ vcov = I, or R'(I − CC')R B⁻¹ vcov = B'.
    const information = multiply(multiply(rt, inner, p), transpose(rt, p), p);
    const inverseMap = map.map((value, at) => (at % (p + 1) === 0 ? 1 : -value));
    const product = multiply(information, multiply(inverseMap, vcov, p), p);
    const expected = transpose(map, p);
    for (let at = 0; at < p * p; at++) expect(product[at]).toBeCloseTo(expected[at], 10);
  });
});
