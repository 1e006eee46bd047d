import { describe, expect, it } from "vitest";
import { buildDesign } from "../design/design";
import { PlsWorkspace } from "../pls/workspace";
import { crossProducts } from "../products/from-frame";
import { expectClose, modelKinds, randomModel, randomTheta } from "../random-model.test-support";
import { scaledCoordinates } from "./coordinates";
import { criterionAt } from "./criterion";

describe("coordinates fitted to the columns of Z", () => {
  it("describe the same criterion and lead back to θ, for every kind of model", () => {
    for (const kind of modelKinds) {
      const frame = randomModel(kind, 8);
      const design = buildDesign(frame);
      const products = crossProducts(frame, design);
      const workspace = new PlsWorkspace(design, products);
      const coordinates = scaledCoordinates(design, products);
      // Only templates of full rank have one lower triangular root with a positive diagonal.
      const theta = randomTheta(design.lower, 8).map((value, i) => value + (design.lower[i] === 0 ? 0.1 : 0));
      const expected = criterionAt(workspace, "REML", theta);
      const phi = coordinates.fromTheta(theta);
      workspace.maps = coordinates.maps;
      expect(criterionAt(workspace, "REML", phi)).toBeCloseTo(expected, 9);
      expectClose(coordinates.toTheta(phi), theta, 12);
    }
  });

  it("may have the columns of a term in any order", () => {
    for (const kind of ["slope", "two vector terms"] as const) {
      const frame = randomModel(kind, 8);
      const design = buildDesign(frame);
      const products = crossProducts(frame, design);
      const workspace = new PlsWorkspace(design, products);
      const orders = design.terms.map(({ template: { k } }) =>
        Int32Array.from({ length: k }, (_, i) => (i + 1) % k),
      );
      const coordinates = scaledCoordinates(design, products, orders);
      const theta = randomTheta(design.lower, 8).map((value, i) => value + (design.lower[i] === 0 ? 0.1 : 0));
      const expected = criterionAt(workspace, "ML", theta);
      const phi = coordinates.fromTheta(theta);
      workspace.maps = coordinates.maps;
      expect(criterionAt(workspace, "ML", phi)).toBeCloseTo(expected, 9);
      expectClose(coordinates.toTheta(phi), theta, 12);
    }
  });

  it("give every column mean square one at φ = I", () => {
    const frame = randomModel("slope", 8);
    const design = buildDesign(frame);
    const products = crossProducts(frame, design);
    const { maps } = scaledCoordinates(design, products);
    const [pair] = products.ztz;
    const mean = [0, 0, 0, 0];
    pair.values.forEach((value, i) => {
      mean[i % 4] += value / products.nobs;
    });
    expect(mean[0] * maps[0][0] ** 2).toBeCloseTo(1, 12);
    expect(mean[3] * maps[0][3] ** 2).toBeCloseTo(1, 12);
    // Centred by a number near its mean (rounded to 24 bits), x is all but orthogonal to the constant.
    expect(Math.abs(mean[1])).toBeLessThan(1e-6);
  });
});
