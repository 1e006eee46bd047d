import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogProduct, logarithm } from "./logarithm";

/** Distance of two doubles in units in the last place of the second. */
function ulps(a: number, b: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(b)));
  return Math.abs(a - b) / 2 ** (Math.max(exponent, -1022) - 52);
}

describe("logarithm", () => {
  it("is within two units in the last place of the engine's: both are within one of the truth", () => {
    fc.assert(
      fc.property(fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }), (x) => {
        expect(ulps(logarithm(x), Math.log(x))).toBeLessThanOrEqual(2);
      }),
      { seed: 71, numRuns: 20_000 },
    );
    fc.assert(
      fc.property(fc.double({ min: 0.4, max: 3, noNaN: true }), (x) => {
        if (x !== 1) expect(ulps(logarithm(x), Math.log(x))).toBeLessThanOrEqual(2);
      }),
      { seed: 72, numRuns: 20_000 },
    );
  });

  it("has these bits everywhere", () => {
    // From mpmath 1.3 at 60 digits, rounded to double: mp.log(mp.mpf(x)).
    expect(logarithm(2)).toBe(Math.LN2);
    expect(logarithm(10)).toBe(Math.LN10);
    expect(logarithm(0.5)).toBe(-Math.LN2);
    expect(logarithm(0.7)).toBe(-0.35667494393873245);
    expect(logarithm(1)).toBe(0);
    expect(logarithm(1 + Number.EPSILON)).toBe(2.2204460492503128e-16);
    expect(logarithm(5e-324)).toBe(-744.4400719213812);
    expect(logarithm(Number.MAX_VALUE)).toBe(709.782712893384);
  });

  it("has the special values of Math.log", () => {
    for (const x of [0, -0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(logarithm(x)).toBe(Math.log(x));
    }
  });
});

describe("LogProduct", () => {
  it("is the sum of logarithms for numbers of all sizes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }), { maxLength: 200 }),
        (xs) => {
          const product = new LogProduct();
          let sum = 0;
          let size = 0;
          for (const x of xs) {
            product.times(x);
            sum += Math.log(x);
            size += Math.abs(Math.log(x));
          }
          // A rounding error for each term of the sum and each factor.
          expect(Math.abs(product.log() - sum)).toBeLessThanOrEqual(2.3e-16 * (size + xs.length));
          product.reset();
          expect(product.log()).toBe(0);
        },
      ),
      { seed: 73, numRuns: 2000 },
    );
  });

  it("says that there is no logarithm", () => {
    const logOf = (...xs: number[]) => {
      const product = new LogProduct();
      for (const x of xs) product.times(x);
      return product.log();
    };
    expect(logOf(3, 0, 2)).toBe(Number.NEGATIVE_INFINITY);
    expect(logOf(3, -1)).toBeNaN();
    expect(logOf(3, Number.NaN)).toBeNaN();
    expect(logOf(3, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });
});
