import { describe, expect, it } from "vitest";
import { dense, frameOf, group, ones, term } from "../frame.test-support";
import { varCorr } from "../model/var-corr";
import { modelKinds, randomModel, uniforms } from "../random-model.test-support";
import { fitFrame, refitter } from "./fit-frame";

// Yield of dyestuff from six batches, five preparations each (Davies & Goldsmith 1972, table 6.2),
// as in lme4's Dyestuff.
const yields = [
  1545, 1440, 1440, 1520, 1580, 1540, 1555, 1490, 1560, 1495, 1595, 1550, 1605, 1510, 1560, 1445, 1440, 1595,
  1465, 1545, 1595, 1630, 1515, 1635, 1625, 1520, 1455, 1450, 1480, 1445,
];
const batch = group(
  "Batch",
  yields.map((_, i) => Math.floor(i / 5)),
);

describe("fitting the Dyestuff model", () => {
  it("reaches lme4's REML estimates", () => {
    const model = fitFrame(frameOf({ y: yields, fixed: { "(Intercept)": ones }, random: [term(batch)] }));
    // R 4.2.2, lme4 1.1-31: REMLcrit, sigma, VarCorr of lmer(Yield ~ 1 + (1 | Batch), Dyestuff).
    expect(model.criterion).toBeCloseTo(319.654276842342, 9);
    // σ and the standard deviation move with the square root of the criterion's error: six digits.
    expect(model.sigma).toBeCloseTo(49.5101, 3);
    expect(varCorr(model).terms[0].stdDev[0]).toBeCloseTo(42.0006, 3);
    expect(model.beta[0]).toBeCloseTo(1527.5, 9);
    expect(model.converged).toBe(true);
    expect(model.singular).toBe(false);
  });

  it("finds the same model after a shift of the response by 1e8", () => {
    const at = (shift: number) =>
      fitFrame(
        frameOf({
          y: yields.map((y) => y + shift),
          fixed: { "(Intercept)": ones },
          random: [term(batch)],
        }),
      );
    const moved = at(1e8);
    const plain = at(0);
    expect(moved.theta[0]).toBeCloseTo(plain.theta[0], 9);
    expect(moved.sigma / plain.sigma).toBeCloseTo(1, 9);
    expect(moved.beta[0] - 1e8).toBeCloseTo(plain.beta[0], 6);
  });

  it("calls a constant response by its name", () => {
    const frame = frameOf({
      y: yields.map(() => 3),
      fixed: { "(Intercept)": ones, x: dense(yields) },
      random: [term(batch)],
    });
    expect(() => fitFrame(frame)).toThrow(/constant response: every value of "y" is 3/);
  });
});

describe("fitting again to a new response", () => {
  it("gives the fit that a fresh start gives, for every kind of model", () => {
    const next = uniforms(99);
    for (const kind of modelKinds) {
      const frame = randomModel(kind, 40, { weights: true, offset: true });
      const { model, refit } = refitter(frame);
      const response = model.response.map((y) => y + 2 * next());
      const again = refit(response);
      const fresh = fitFrame({ ...frame, response: { name: "y", values: response } });
      expect(again.criterion).toBeCloseTo(fresh.criterion, 6);
      // β is flat at the optimum: it moves with θ, which moves with the root of the criterion's error.
      again.beta.forEach((value, j) => {
        expect(value).toBeCloseTo(fresh.beta[j], 4);
      });
      expect(again.response).toEqual(response);
      // The first fit is untouched, and the first response gives it again.
      expect(refit(model.response).criterion).toBeCloseTo(model.criterion, 6);
    }
  });

  it("refuses responses of another length", () => {
    const { refit } = refitter(randomModel("scalar", 1));
    expect(() => refit([1, 2, 3])).toThrow(/wrong length of response: 3; the model has 40 rows/);
  });
});
