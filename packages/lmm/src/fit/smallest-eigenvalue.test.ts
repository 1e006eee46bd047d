import { describe, expect, it } from "vitest";
import { smallestEigenvalueInPlace } from "./smallest-eigenvalue";

describe("the smallest eigenvalue of a symmetric matrix", () => {
  it("is found for matrices whose spectrum is known", () => {
    expect(smallestEigenvalueInPlace(Float64Array.of(3), 1)).toBe(3);
    expect(smallestEigenvalueInPlace(Float64Array.of(2, 1, 1, 2), 2)).toBeCloseTo(1, 14);
    expect(smallestEigenvalueInPlace(Float64Array.of(1, 2, 2, 1), 2)).toBeCloseTo(-1, 14);
    // The second difference matrix of order 3 has eigenvalues 2 − √2, 2, 2 + √2.
    const second = Float64Array.of(2, -1, 0, -1, 2, -1, 0, -1, 2);
    expect(smallestEigenvalueInPlace(second, 3)).toBeCloseTo(2 - Math.SQRT2, 14);
    expect(smallestEigenvalueInPlace(new Float64Array(9), 3)).toBe(0);
  });
});
