import { describe, expect, it } from "vitest";
import { chiBarSquare, profiledInformation } from "./chi-bar-square";
import { chiSquareTails } from "./distributions/tails";

const tail = (t: number, df: number) => (df === 0 ? 0 : chiSquareTails(t, df).upper);
const mixed = (t: number, weights: readonly number[]) =>
  weights.reduce((sum, weight, df) => sum + weight * tail(t, df), 0);
const diagonal = (values: readonly number[]) =>
  Float64Array.from({ length: values.length ** 2 }, (_, at) =>
    at % (values.length + 1) === 0 ? values[at % values.length] : 0,
  );

describe("the likelihood ratio at the boundary of variances", () => {
  it.each([0, 1, 2, 5])("one more effect than %s: half and half of neighbouring chi-squares", (r) => {
    const { pValue, mixture, simulation } = chiBarSquare(3.2, { free: r, blocks: [1], information: null });
    expect(mixture).toEqual([
      { df: r, weight: 0.5 },
      { df: r + 1, weight: 0.5 },
    ]);
    expect(pValue).toBe(0.5 * tail(3.2, r) + 0.5 * tail(3.2, r + 1));
    expect(simulation).toBeNull();
  });

  it("is an ordinary chi-square where nothing is bounded", () => {
    const { pValue, mixture } = chiBarSquare(4, { free: 3, blocks: [], information: null });
    expect(mixture).toEqual([{ df: 3, weight: 1 }]);
    expect(pValue).toBe(tail(4, 3));
  });

  it("two variances: weights by the angle, a quarter, a half and a quarter when they are independent", () => {
    const weights = (information: Float64Array) =>
      chiBarSquare(2, { free: 0, blocks: [1, 1], information }).mixture?.map(({ weight }) => weight) ?? [];
    expect(weights(diagonal([2, 7]))).toEqual([0.25, 0.5, 0.25]);
    // Estimates correlated by −0.8 are seldom both positive: 1/4 − asin(0.8)/2π.
    const [none, one, both] = weights(Float64Array.of(1, 0.8, 0.8, 1));
    expect(both).toBeCloseTo(0.25 - Math.asin(0.8) / (2 * Math.PI), 14);
    expect([one, none + both]).toEqual([0.5, 0.5]);
  });

  it("three independent variances: binomial weights, met by simulation", () => {
    for (const t of [0.5, 3, 9]) {
      const { pValue, simulation } = chiBarSquare(t, {
        free: 0,
        blocks: [1, 1, 1],
        information: diagonal([1, 4, 9]),
      });
      expect(Math.abs(pValue - mixed(t, [1 / 8, 3 / 8, 3 / 8, 1 / 8]))).toBeLessThan(
        4 * (simulation?.stdError ?? 0),
      );
    }
  });

  it("a 2×2 covariance matrix: the weights of a circular cone of 45 degrees", () => {
    // With equal information in all directions (x₁₁² + 2x₂₁² + x₂₂²) semidefinite matrices are a circular cone of
    // three dimensions: weights (1 ∓ cos 45°)/2 and half sines between (Shapiro 1988, section 3).
    const edge = (1 - Math.SQRT1_2) / 2;
    const weights = [edge, Math.SQRT1_2 / 2, Math.SQRT1_2 / 2, edge];
    for (const t of [0.5, 3, 9]) {
      const { pValue, mixture, simulation } = chiBarSquare(t, {
        free: 0,
        blocks: [2],
        information: diagonal([1, 2, 1]),
      });
      expect(mixture).toBeNull();
      expect(Math.abs(pValue - mixed(t, weights))).toBeLessThan(4 * (simulation?.stdError ?? 0));
    }
  });

  it("free directions add their degrees of freedom", () => {
    const cone = { free: 2, blocks: [1, 1, 1], information: diagonal([3, 1, 1, 1, 1]) };
    const { pValue, simulation } = chiBarSquare(6, cone);
    expect(Math.abs(pValue - mixed(6, [0, 0, 1 / 8, 3 / 8, 3 / 8, 1 / 8]))).toBeLessThan(
      4 * (simulation?.stdError ?? 0),
    );
    // Small p-values keep their digits: the directions are simulated, the length is not.
    const far = chiBarSquare(200, cone);
    expect((far.simulation?.stdError ?? 1) / far.pValue).toBeLessThan(0.05);
    expect(far.pValue).toBeLessThan(1e-38);
  });

  it("does not depend on the units of the effects", () => {
    const information = Float64Array.of(2, 0.5, 0.2, 0.5, 3, 0.4, 0.2, 0.4, 1);
    // Columns scaled by 10 and 0.1: entries (1,1), (2,1), (2,2) by 100, 1, 0.01.
    const scale = [100, 1, 0.01];
    const scaled = information.map((value, at) => value / (scale[at % 3] * scale[Math.floor(at / 3)]));
    const p = [information, scaled].map(
      (own) => chiBarSquare(4, { free: 0, blocks: [2], information: own }).pValue,
    );
    expect(p[1]).toBeCloseTo(p[0], 10);
  });

  it("is the same for the same seed, and sure where nothing was gained", () => {
    const cone = { free: 0, blocks: [2], information: diagonal([1, 2, 1]) };
    expect(chiBarSquare(3, cone)).toEqual(chiBarSquare(3, cone));
    expect(chiBarSquare(3, cone, 4000, 2).pValue).not.toBe(chiBarSquare(3, cone).pValue);
    expect(chiBarSquare(0, cone).pValue).toBe(1);
  });
});

describe("information with nuisance parameters profiled out", () => {
  it("is the Schur complement", () => {
    const a = Float64Array.of(4, 1, 2, 1, 5, 3, 2, 3, 6);
    const [s] = profiledInformation(a, 3, [0, 1], [2]);
    // 6 − (2, 3) [4 1; 1 5]⁻¹ (2, 3)' = 6 − 44/19.
    expect(s).toBeCloseTo(6 - 44 / 19, 14);
    // A nuisance parameter without information changes nothing.
    const none = Float64Array.of(0, 0, 0, 0, 5, 3, 0, 3, 6);
    expect(profiledInformation(none, 3, [0, 1], [2])[0]).toBeCloseTo(6 - 9 / 5, 14);
  });
});
