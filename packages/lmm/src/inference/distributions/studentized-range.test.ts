import { describe, expect, it } from "vitest";
import { studentizedRangeTail } from "./studentized-range";
import { twoSidedT } from "./tails";

describe("the studentized range", () => {
  it("has the tail that quadrature in 20 digits gives, where R's ptukey is off by 8e-3", () => {
    // mpmath 1.3.0, mp.dps = 20: ∫ 2aᵃ/Γ(a) s^(df−1) exp(−as²) (1 − W(qs)) ds with a = df/2. R 4.2.2 has 0.002360493.
    expect(studentizedRangeTail(20, 4, 3) / 0.002340589148133686).toBeCloseTo(1, 11);
  });

  it("agrees with R's ptukey in the middle", () => {
    // ptukey(q, k, df, lower.tail = FALSE) of R 4.2.2, itself good to about 1e-9.
    expect(studentizedRangeTail(3.5, 3, 10)).toBeCloseTo(0.0771033108386604, 9);
    expect(studentizedRangeTail(0.1, 3, 5)).toBeCloseTo(0.997248706663421, 9);
    expect(studentizedRangeTail(5, 3, Number.POSITIVE_INFINITY)).toBeCloseTo(0.00118399123098678, 9);
  });

  it("is t for two means, far out in the tail too", () => {
    for (const [t, df] of [
      [0.7, 1],
      [2, 4.4],
      [9, 30],
      [25, 60],
    ]) {
      expect(studentizedRangeTail(t * Math.SQRT2, 2, df) / twoSidedT(t, df)).toBeCloseTo(1, 8);
    }
    expect(studentizedRangeTail(0, 3, 5)).toBe(1);
    expect(studentizedRangeTail(1, 1, 5)).toBeNaN();
  });
});
