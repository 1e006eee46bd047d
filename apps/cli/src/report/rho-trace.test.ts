import { describe, expect, it } from "vitest";
import { formatRhoTrace, significant } from "./rho-trace";

describe("the rho trace", () => {
  it('prints the lines of the document, section "Checking profDev, lmer version of fit"', () => {
    // Numbers as printed there, with digits beyond those shown.
    const step = (rho: number, evaluations: number, criterion: number, ...theta: number[]) => ({
      rho,
      evaluations,
      criterion,
      theta,
    });
    const text = formatRhoTrace({
      npt: 5,
      rhobeg: 0.2,
      rhoend: 2e-7,
      steps: [
        step(0.02, 11, 11396.0812, 0.4650118, 0.2982491),
        step(0.002, 17, 11391.5417, 0.3409402, 0.3149696),
        step(2e-4, 19, 11391.5321, 0.3363372, 0.3138841),
        step(2e-5, 23, 11391.5319, 0.3360123, 0.31447),
        step(2e-6, 26, 11391.5319, 0.335979, 0.3145362),
        step(2e-7, 29, 11391.5319, 0.3359794, 0.3145358),
      ],
      evaluations: 34,
      criterion: 11391.5319,
      theta: [0.3359796, 0.3145358],
    });
    expect(text).toBe(`npt = 5 , n = 2
rhobeg = 0.2 , rhoend = 2e-07
  0.020: 11:      11396.1;0.465012 0.298249
  0.0020: 17:      11391.5;0.340940 0.314970
  0.00020: 19:      11391.5;0.336337 0.313884
  2.0e-05: 23:      11391.5;0.336012 0.314470
  2.0e-06: 26:      11391.5;0.335979 0.314536
  2.0e-07: 29:      11391.5;0.335979 0.314536
At return
 34:      11391.532: 0.335980 0.314536
`);
  });
});

describe("significant", () => {
  // printf("%#.{digits}g", value) of a C library.
  it.each([
    [0.02, 2, "0.020"],
    [0.0002, 2, "0.00020"],
    [0.00002, 2, "2.0e-05"],
    [12, 2, "12."],
    [123, 2, "1.2e+02"],
    [0, 6, "0.00000"],
    [-0.0335979, 6, "-0.0335979"],
    [999999.5, 6, "1.00000e+06"],
    [237651.7831, 8, "237651.78"],
    [1e-10, 6, "1.00000e-10"],
  ])("%d with %d digits is %s", (value, digits, text) => {
    expect(significant(value, digits)).toBe(text);
  });
});
