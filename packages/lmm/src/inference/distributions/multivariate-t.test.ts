import { describe, expect, it } from "vitest";
import { maximumQuantile, maximumTail } from "./multivariate-t";
import { tQuantile } from "./quantiles";
import { studentizedRangeTail } from "./studentized-range";
import { normalTails, twoSidedT } from "./tails";

const matrix = (k: number, entry: (i: number, j: number) => number) =>
  Float64Array.from({ length: k * k }, (_, at) =>
    at % (k + 1) === 0 ? 1 : entry(at % k, Math.floor(at / k)),
  );
const equal = (k: number, rho: number) => matrix(k, () => rho);
const consecutive = (k: number) => matrix(k, (i, j) => (Math.abs(i - j) === 1 ? -0.5 : 0));
const loadings = [0.9, 0.3, -0.6];
const autocorrelations = [1, 0.7, 0.2, -0.1];

describe("the largest of several correlated |t|", () => {
  // R 4.2.2, mvtnorm's pmvt with GenzBretz(maxpts = 3e6, abseps = 1e-6): 1 − P(−t < T < t), and its error.
  it.each([
    ["two against a control", equal(2, 0.5), 2, 2, 10, 0.1271895349, 1e-10],
    ["three against a control", equal(3, 0.5), 3, 2.5, 20, 0.0543078053, 2e-8],
    ["five against a control", equal(5, 0.5), 5, 3, 8, 0.0604105511, 2e-6],
    ["product correlations", matrix(3, (i, j) => loadings[i] * loadings[j]), 3, 1.5, 7, 0.3876843204, 2e-6],
  ])("is integrated exactly: %s", (_, correlation, k, t, df, wanted, error) => {
    const { value, error: own } = maximumTail(correlation, k)(t, df);
    expect(own).toBe(0);
    expect(Math.abs(value - wanted)).toBeLessThan(error);
  });

  it.each([
    ["three consecutive differences", consecutive(3), 3, 2.2, 12, 0.1194061972, 2e-6],
    ["five consecutive differences", consecutive(5), 5, 2.5, 45, 0.0703100817, 5e-6],
    [
      "four with decreasing correlations",
      matrix(4, (i, j) => autocorrelations[Math.abs(i - j)]),
      4,
      2,
      15,
      0.1756415186,
      1e-5,
    ],
    [
      "normal variates",
      matrix(4, (i, j) => autocorrelations[Math.abs(i - j)]),
      4,
      2,
      Number.POSITIVE_INFINITY,
      0.1354959888,
      5e-6,
    ],
  ])("is simulated within the error it states: %s", (_, correlation, k, t, df, wanted, error) => {
    const tail = maximumTail(correlation, k, 3);
    const { value, error: own } = tail(t, df);
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThan(6e-4);
    expect(Math.abs(value - wanted)).toBeLessThan(own + error);
    expect(tail(t, df)).toEqual({ value, error: own });
  });

  it("agrees with what is known of special cases", () => {
    // One variate, however often it is named; independent normal variates; pairs of three equal means.
    expect(maximumTail(equal(3, 1), 3)(2.1, 9).value).toBe(twoSidedT(2.1, 9));
    const inside = 1 - 2 * normalTails(2).upper;
    expect(maximumTail(equal(4, 0), 4)(2, Number.POSITIVE_INFINITY).value).toBeCloseTo(1 - inside ** 4, 14);
    const pairs = matrix(3, (i, j) => (i + j === 2 ? -0.5 : 0.5));
    const { value, error } = maximumTail(pairs, 3)(2.4, 14);
    expect(Math.abs(value - studentizedRangeTail(2.4 * Math.SQRT2, 3, 14))).toBeLessThan(error);
  });

  // R 4.2.2, mvtnorm's qmvt(0.95, tail = "both"), GenzBretz(maxpts = 5e5, abseps = 1e-5).
  it.each([
    [2, 2.37883788],
    [4, 2.65093693],
  ])("has Dunnett's critical values for %s treatments", (k, wanted) => {
    const tail = maximumTail(equal(k, 0.5), k);
    const [low, high] = [tQuantile(0.025, 20), tQuantile(0.025 / k, 20)];
    const t = maximumQuantile(tail, 0.05, 20, low, high);
    expect(Math.abs(t - wanted)).toBeLessThan(3e-4);
    // The tail there is what was asked for, to the last digits.
    expect(tail(t, 20).value / 0.05).toBeCloseTo(1, 10);
  });
});
