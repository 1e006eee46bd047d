import { describe, expect, it } from "vitest";
import { dagostinoPearson, sampleShape } from "./normality-tests";

describe("D'Agostino and Pearson's test", () => {
  it("has the numbers of the paper's example", () => {
    // Cholesterol of 62 people: D'Agostino, Belanger & D'Agostino (1990), pp. 318-319, printed to two decimals.
    const test = dagostinoPearson(62, { skewness: 1.02, kurtosis: 4.58 });
    expect(Math.abs((test?.zSkewness ?? 0) - 3.14)).toBeLessThan(0.02);
    expect(Math.abs((test?.zKurtosis ?? 0) - 2.21)).toBeLessThan(0.02);
    expect(Math.abs((test?.statistic ?? 0) - 14.75)).toBeLessThan(0.12);
    expect(Math.abs((test?.pValue ?? 0) - 0.0006)).toBeLessThan(0.00006);
  });

  it("needs twenty numbers that differ", () => {
    expect(dagostinoPearson(19, { skewness: 0, kurtosis: 3 })).toBeNull();
    expect(dagostinoPearson(30, sampleShape(new Float64Array(30).fill(2)))).toBeNull();
  });
});

describe("the shape of a sample", () => {
  it("is that of its moments", () => {
    // Of 0, 0, 0, 1: mean 1/4, m₂ = 3/16, m₃ = 6/64, m₄ = 21/256.
    const { skewness, kurtosis } = sampleShape([0, 0, 0, 1]);
    expect(skewness).toBeCloseTo(6 / 64 / (3 / 16) ** 1.5, 14);
    expect(kurtosis).toBeCloseTo(21 / 256 / (3 / 16) ** 2, 14);
  });
});
