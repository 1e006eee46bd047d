import { describe, expect, it } from "vitest";
import { buildDesign } from "../design/design";
import { crossProducts } from "../products/from-frame";
import { type ModelKind, randomModel } from "../random-model.test-support";
import { covarianceElements } from "./covariance-elements";
import { levelSlots } from "./level-slots";

function slotsOf(kind: ModelKind) {
  const frame = randomModel(kind, 8);
  const design = buildDesign(frame);
  return { design, ...levelSlots(design, crossProducts(frame, design)) };
}

describe("slots of levels", () => {
  it("hold all levels of a single grouping factor together", () => {
    const { design, slots } = slotsOf("slope");
    expect(slots).toEqual([{ factor: 0, levels: design.factors[0].levels.map((_, l) => l) }]);
  });

  it("hold every level once, in as many slots as the largest connected part has levels", () => {
    for (const kind of ["nested", "crossed", "two vector terms"] as const) {
      const { design, slots } = slotsOf(kind);
      design.factors.forEach((factor, f) => {
        const levels = slots.filter((slot) => slot.factor === f).flatMap((slot) => slot.levels);
        expect([...levels].sort((a, b) => a - b)).toEqual(factor.levels.map((_, l) => l));
      });
      const total = design.factors.reduce((sum, factor) => sum + factor.levels.length, 0);
      if (kind === "nested") expect(slots.length).toBeLessThan(total / 2);
      else expect(slots.length).toBe(total);
    }
  });
});

describe("covariance elements", () => {
  it("are the entries of TT' with their derivatives", () => {
    const design = buildDesign(randomModel("two vector terms", 8));
    const theta = design.theta0.map((value, i) => value + 0.3 * i);
    const { elements, gamma, jacobian } = covarianceElements(design, theta);
    expect(elements).toHaveLength(design.theta0.length);
    // Quadratic in θ: central differences are exact but for rounding.
    theta.forEach((_, i) => {
      const along = (step: number) =>
        covarianceElements(
          design,
          theta.map((value, j) => (i === j ? value + step : value)),
        ).gamma;
      const [up, down] = [along(0.5), along(-0.5)];
      gamma.forEach((_, k) => {
        expect(jacobian[k * theta.length + i]).toBeCloseTo(up[k] - down[k], 10);
      });
    });
    expect(covarianceElements(buildDesign(randomModel("diagonal", 8)), [2, 3, 4]).gamma).toEqual(
      Float64Array.of(4, 9, 16),
    );
  });
});
