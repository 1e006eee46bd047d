import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chiSquareQuantile, fQuantile, normalQuantile, tQuantile } from "./quantiles";
import { chiSquareTails, fTails, normalTails, tTails, twoSidedT } from "./tails";

/** mpmath 1.3.0 at 50 digits; generator: mpmath-values.py. */
const reference: Record<string, number[][]> = JSON.parse(
  readFileSync(new URL("mpmath-values.json", import.meta.url), "utf8"),
);

const tails: Record<string, (args: number[]) => number> = {
  t: ([t, df]) => tTails(t, df).upper,
  f: ([f, df1, df2]) => fTails(f, df1, df2).upper,
  chiSquare: ([x, df]) => chiSquareTails(x, df).upper,
  normal: ([z]) => normalTails(z).upper,
  tQuantile: ([p, df]) => tQuantile(p, df),
  fQuantile: ([p, df1, df2]) => fQuantile(p, df1, df2),
};

describe("upper tails and quantiles agree with mpmath to 12 digits", () => {
  it.each(Object.keys(tails))("%s", (name) => {
    expect(reference[name].length).toBeGreaterThan(0);
    for (const row of reference[name]) {
      const expected = row[row.length - 1];
      const actual = tails[name](row.slice(0, -1));
      // Tails below the range of doubles are 0 in both.
      if (expected === 0) expect(actual, String(row)).toBe(0);
      else expect(Math.abs(actual / expected - 1), String(row)).toBeLessThan(1e-12);
    }
  });
});

describe("distributions", () => {
  it("have limits where parameters are extreme", () => {
    expect(tTails(2, Number.POSITIVE_INFINITY)).toEqual(normalTails(2));
    expect(fTails(3, 2, Number.POSITIVE_INFINITY)).toEqual(chiSquareTails(6, 2));
    expect(tTails(Number.POSITIVE_INFINITY, 4)).toEqual({ lower: 1, upper: 0 });
    expect(tTails(1e100, 1).upper * Math.PI * 1e100).toBeCloseTo(1, 12);
    expect(tTails(0, 4).upper).toBe(0.5);
    expect(fTails(0, 2, 3)).toEqual({ lower: 0, upper: 1 });
    expect(tTails(1, Number.NaN).upper).toBeNaN();
    expect(normalTails(Number.NaN).upper).toBeNaN();
    expect(normalTails(Number.NEGATIVE_INFINITY)).toEqual({ lower: 0, upper: 1 });
  });

  it("know that F on one degree of freedom is t squared", () => {
    for (const [t, df] of [
      [0.3, 2.2],
      [4, 17],
      [12, 300],
    ]) {
      expect(fTails(t * t, 1, df).upper / twoSidedT(t, df)).toBeCloseTo(1, 12);
    }
  });

  it("are inverted by their quantiles on both sides of the median", () => {
    for (const p of [1e-12, 0.02, 0.5, 0.97, 1 - 1e-9]) {
      expect(chiSquareTails(chiSquareQuantile(p, 3.3), 3.3).upper / p).toBeCloseTo(1, 11);
      expect(fTails(fQuantile(p, 2.5, 40), 2.5, 40).upper / p).toBeCloseTo(1, 11);
      expect(normalTails(normalQuantile(p)).upper / p).toBeCloseTo(1, 11);
    }
    expect(normalQuantile(0.975)).toBeCloseTo(-1.959963984540054, 13);
    expect(tQuantile(0, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(tQuantile(1, 3)).toBe(Number.NEGATIVE_INFINITY);
    expect(tQuantile(-0.1, 3)).toBeNaN();
  });
});
