import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { lmm } from "../fit/lmm";
import { randomModel } from "../random-model.test-support";
import { modelJson } from "./model-json";

describe("the JSON of a fit", () => {
  it("names the structure of each term and survives JSON", () => {
    const json = modelJson(fitFrame(randomModel("compound symmetry", 1), { method: "ML" }));
    expect(json.random.map(({ structure }) => structure)).toContain("cs");
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it("says what is estimated as zero", () => {
    // Residuals that sum to zero within every group leave nothing for the groups.
    const rows = Array.from({ length: 24 }, (_, r) => r);
    const table = {
      y: rows.map((r) => 5 + (r % 2 === 0 ? 1 : -1) * (1 + (r % 3))),
      g: rows.map((r) => `g${Math.floor(r / 6)}`),
    };
    const { singular, certificate } = modelJson(lmm("y ~ 1 + (1 | g)", table));
    expect(singular).toBe(true);
    expect(certificate.singular).toEqual([expect.objectContaining({ says: expect.stringMatching(/zero$/) })]);
  });
});
