import { describe, expect, it } from "vitest";
import type { Design } from "../design/design";
import { buildDesign } from "../design/design";
import { crossProducts } from "../products/from-frame";
import { randomModel } from "../random-model.test-support";
import { systemFactor } from "./system-factor";
import { systemPattern } from "./system-pattern";

describe("room for the factor", () => {
  const frame = randomModel("crossed", 1);
  const design = buildDesign(frame);
  const products = crossProducts(frame, design);
  const system = systemPattern(design, products);

  it("is made for a model of reasonable size", () => {
    const factor = systemFactor(design, system);
    expect(factor.nnz).toBeGreaterThanOrEqual(system.values.length);
  });

  it("is refused, before it is asked for, where the vectors alone would not fit", () => {
    // A million times as many columns of X: 8 bytes × 6 vectors × 3e8 columns × 10 rows.
    const names: Pick<string[], "length"> = { length: 3e8 };
    const wide: Design = { ...design, fixedNames: names as readonly string[] };
    expect(() => systemFactor(wide, system)).toThrow(/too large model: .* needs about \d+ GB/);
  });
});
