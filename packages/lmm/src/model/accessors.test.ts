import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { modelJson } from "../format/model-json";
import * as lmmkit from "../index";
import { nestedMachines, vectorMachines } from "../machines.test-support";
import { expectClose } from "../random-model.test-support";

// R 4.2.2, lme4 1.1-31, bobyqa with rhoend 1e-9, on nlme's Machines: estimates are good to about 1e-7
// (θ moves with the square root of what the criterion is off).
describe("what can be asked of a fit", () => {
  const ml = fitFrame(nestedMachines, { method: "ML" });
  const reml = fitFrame(vectorMachines);

  it("has lme4's information criteria", () => {
    expect(lmmkit.aic(ml)).toBeCloseTo(237.269446939773, 8);
    expect(lmmkit.bic(ml)).toBeCloseTo(249.203351219158, 8);
    expect(lmmkit.logLik(ml).value).toBeCloseTo(-112.634723469886, 8);
    expect(lmmkit.logLik(ml)).toMatchObject({ df: 6, nobs: 54 });
    expect(lmmkit.deviance(ml)).toBeCloseTo(225.269446939773, 8);
    expect(lmmkit.deviance(reml)).toBeCloseTo(216.613060866637, 5);
    expect(lmmkit.remlCriterion(ml)).toBeNull();
    expect(lmmkit.remlCriterion(reml)).toBe(reml.criterion);
    expect(lmmkit.dfResidual(ml)).toBe(48);
    expect(lmmkit.nobs(ml)).toBe(54);
    expect(lmmkit.ngrps(ml)).toEqual({ "Worker:Machine": 18, Worker: 6 });
  });

  it("has lme4's variance components, theta, modes and coefficients", () => {
    expectClose(
      lmmkit.getTheta(reml),
      [4.242282855, 2.958339374, -1.400625185, 5.348922101, 2.075424971, 2.907868776],
      5,
    );
    const { terms, sigma } = lmmkit.varCorr(reml);
    expectClose(terms[0].stdDev, [4.0792801156, 5.8776437921, 3.6898542084], 5);
    expectClose(
      terms[0].corr.flat(),
      [1, 0.48398136, -0.36500317, 0.48398136, 1, 0.29663672, -0.36500317, 0.29663672, 1],
      6,
    );
    expect(sigma).toBeCloseTo(0.9615766453, 6);
    expect(lmmkit.sigma(reml)).toBe(sigma);
    const [cells, workers] = lmmkit.ranef(ml);
    expect(cells.columns).toEqual(["(Intercept)"]);
    expectClose(cells.values.subarray(0, 3), [-0.7468221, 1.4933468, -0.1137309], 5);
    expectClose(workers.values.subarray(0, 2), [1.04454622, -1.37585603], 5);
    const [table] = lmmkit.coef(reml);
    const first = [0, 1, 2].map((c) => table.values[c * 6]);
    expectClose(first, [52.66754, 10.207901, 14.53497], 5);
    const [effects] = lmmkit.ranef(reml, { condVar: true });
    expectClose(
      effects.condVar?.subarray(0, 9) ?? [],
      [
        0.2930549794, -0.2874064247, -0.2928467353, -0.2874064247, 0.5848173072, 0.2916602978, -0.2928467353,
        0.2916602978, 0.5892249417,
      ],
      6,
    );
  });

  it("has residuals that belong to the fitted values", () => {
    const residuals = lmmkit.residuals(reml);
    const fitted = lmmkit.fitted(reml);
    residuals.forEach((value, r) => {
      expect(value + fitted[r]).toBeCloseTo(reml.response[r], 12);
    });
    expect(lmmkit.residuals(reml, "scaled")[3]).toBeCloseTo(residuals[3] / reml.sigma, 12);
    expect(lmmkit.residuals(reml, "pearson")[3]).toBe(residuals[3]);
    // r² from the cross-products is that of the rows: ‖y − Xβ − Zb‖² + ‖u‖².
    let sum = 0;
    for (const value of residuals) sum += value * value;
    expect(sum).toBeLessThan(reml.pwrss);
    expect(reml.pwrss / (54 - 3)).toBeCloseTo(reml.sigma ** 2, 12);
  });

  it("is carried by JSON in the shape of the command line", () => {
    const json = JSON.parse(JSON.stringify(modelJson(reml, { read: 0.5 })));
    expect(json).toMatchObject({
      method: "REML",
      nobs: 54,
      groups: { Worker: 6 },
      df: 10,
      converged: true,
      singular: false,
      dropped: [],
      warnings: [],
      optimizer: { name: "newton" },
      seconds: { read: 0.5 },
    });
    expect(json.fixed[1]).toMatchObject({ term: "MachineB", df: null, pValue: null });
    expect(json.fixed[1].tValue).toBe(json.fixed[1].estimate / json.fixed[1].stdError);
    expect(json.vcov[1][1]).toBeCloseTo(json.fixed[1].stdError ** 2, 12);
    expect(json.random[0]).toMatchObject({ group: "Worker", terms: ["(Intercept)", "MachineB", "MachineC"] });
    expect(json.theta).toHaveLength(6);
    expect(json.certificate.holds).toBe(true);
  });

  it("survives structured cloning", () => {
    const copy = structuredClone(reml);
    expect(lmmkit.ranef(copy, { condVar: true })).toEqual(lmmkit.ranef(reml, { condVar: true }));
  });
});
