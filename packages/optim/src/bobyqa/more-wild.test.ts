import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MORE_WILD } from "../test-problems/more-wild.test-support";
import { countsOf, type ReferenceRun } from "../test-problems/reference-counts.test-support";
import { bobyqa } from "./bobyqa";

/** Runs of NLopt's and R's BOBYQA; the file says which versions and how. */
const reference = JSON.parse(
  readFileSync(new URL("../../bench/reference/counts.json", import.meta.url), "utf8"),
) as {
  runs: ReferenceRun[];
};

describe("the 53 smooth problems of Moré and Wild", () => {
  it("start where the published tables say", () => {
    // f(x0) of the standard starts: Moré, Garbow and Hillstrom (1981), Moré and Wild (2009).
    const published: Readonly<Record<number, number>> = {
      1: 72,
      4: 1168591235,
      7: 24.2,
      8: 1795769,
      9: 2500,
      11: 215,
      13: 400.5,
      15: 41.681695861678,
      17: 0.00531317227210854,
      18: 1693607809.43615,
      19: 16.4308311759923,
      25: 1031.1538106094,
      26: 4171.30616196049,
      27: 7926693.33699743,
      29: 0.0464281722974608,
      35: 273.248047828674,
      36: 16.1741125409218,
      37: 2.09341951421206,
      38: 199.684679048549,
      39: 904,
      45: 98.6875,
      46: 2539084359.25047,
      51: 11300149979351.4,
      52: 9.38567231062749,
      53: 33658150719.1496,
    };
    for (const [index, value] of Object.entries(published)) {
      const { f, x0 } = MORE_WILD[Number(index) - 1];
      expect(f(x0) / value).toBeCloseTo(1, 12);
    }
  });

  it("are evaluated where NLopt and minqa evaluate them, to the last bit, with and without bounds", () => {
    // The functions are the same operations in C, exp and its kin included, so there is nothing for a tolerance to cover.
    expect(reference.runs).toHaveLength(106);
    for (const { index, box, least, nlopt, minqa } of reference.runs) {
      const { f, ...ours } = countsOf(MORE_WILD[index - 1], box, least);
      expect({ index, box, ...ours }).toEqual({ index, box, ...nlopt });
      expect({ index, box, ...ours }).toEqual({ index, box, ...minqa });
      expect(f).toBe(least);
    }
  });

  it("take the evaluations of Powell's program with n + 2 points too", () => {
    // His Fortran of 2009, gfortran without fused multiply-add, rhoend = 1e-6, at most 3000 n evaluations.
    const counts: Readonly<Record<number, number>> = {
      1: 130,
      2: 161,
      3: 69,
      4: 79,
      5: 66,
      6: 77,
      7: 387,
      8: 1568,
      13: 239,
      14: 338,
      15: 381,
      16: 543,
      17: 615,
      19: 3917,
      20: 5328,
      29: 257,
      30: 462,
      31: 695,
      32: 995,
      33: 1374,
      34: 2432,
      35: 2201,
    };
    for (const [index, count] of Object.entries(counts)) {
      const { n, x0, rhobeg, f } = MORE_WILD[Number(index) - 1];
      const result = bobyqa(f, x0, { npt: n + 2, rhobeg, rhoend: 1e-6, maxEvaluations: 3000 * n });
      expect([index, result.evaluations]).toEqual([index, count]);
    }
  });
});
