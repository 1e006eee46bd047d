import { describe, expect, it } from "vitest";
import { frameOf, group, ones, term } from "../frame.test-support";
import { sparsity } from "./sparsity";

// Every one of 24 plates is assayed with each of 6 samples, as in lme4's Penicillin; the response plays
// no part in the pattern.
const rows = Array.from({ length: 144 }, (_, r) => r);
const plate = term(
  group(
    "plate",
    rows.map((r) => Math.floor(r / 6)),
  ),
);
const sample = term(
  group(
    "sample",
    rows.map((r) => r % 6),
  ),
);
const y = rows.map((r) => (r * 37) % 11);
const crossed = frameOf({ y, fixed: { "(Intercept)": ones }, random: [plate, sample] });
const reversed = frameOf({ y, fixed: { "(Intercept)": ones }, random: [sample, plate] });

// Bates (2011), part 4, slides "Cholesky factor for the Penicillin model" and "Reversing the order".
describe("the sparsity of the Penicillin model", () => {
  it("has 189 nonzeros in L at theta = (1.2, 2.1), plates first", () => {
    const { factor, system, permutation } = sparsity(crossed, { theta: [1.2, 2.1], ordering: "amd" });
    expect(factor.rowIdx).toHaveLength(189);
    expect(permutation).toHaveLength(30);
    // 6 observations per plate, 24 per sample, one per pair.
    expect(system.values[0]).toBeCloseTo(1 + 6 * 1.2 ** 2, 12);
    expect(factor.values[0]).toBeCloseTo(Math.sqrt(1 + 6 * 1.2 ** 2), 12);
  });

  it("fills in when samples come first and nothing is permuted", () => {
    const theta = [2.1, 1.2];
    const count = (ordering: "natural" | "amd" | "levels") =>
      sparsity(reversed, { theta, terms: "formula", ordering }).factor.rowIdx.length;
    expect(count("natural")).toBe(450);
    expect(count("amd")).toBeLessThanOrEqual(204);
    expect(count("levels")).toBeLessThanOrEqual(204);
  });

  it("refuses a theta of the wrong length", () => {
    expect(() => sparsity(crossed, { theta: [1] })).toThrow(/this model has 2: plate/);
  });
});
