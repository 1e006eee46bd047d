import { describe, expect, it } from "vitest";
import { bootstrap } from "../bootstrap/bootstrap";
import { fitFrame } from "../fit/fit-frame";
import { coefTests } from "../inference/coef-tests";
import { tQuantile } from "../inference/distributions/quantiles";
import { varianceParameters } from "../inference/variance-parameters";
import { nestedMachines, vectorMachines } from "../machines.test-support";
import { profile } from "../profile/profile";
import { randomModel } from "../random-model.test-support";
import { confint } from "./confint";
import { formatConfint } from "./format-confint";
import { parameterEstimates } from "./parameter-estimates";

describe("confidence intervals", () => {
  const model = fitFrame(nestedMachines);

  it("by Wald are symmetric about fixed effects, and about logarithms of standard deviations", () => {
    const { rows } = confint(model, { method: "wald", level: 0.9, ddf: "kenward-roger" });
    const tests = coefTests(model, { ddf: "kenward-roger" }).rows;
    const fixed = rows.slice(-3);
    fixed.forEach(({ estimate, lower, upper }, j) => {
      const reach = tQuantile(0.05, tests[j].df) * tests[j].stdError;
      expect((upper - lower) / 2).toBeCloseTo(reach, 10);
      expect((upper + lower) / 2).toBeCloseTo(estimate, 10);
    });
    const [cells] = varianceParameters(model).parameters;
    expect(Math.sqrt(rows[0].lower * rows[0].upper)).toBeCloseTo(rows[0].estimate, 10);
    // 1.6448536 is the normal quantile of 95 %.
    const reach = (1.6448536269514722 * (cells.stdError ?? 0)) / cells.estimate;
    expect(Math.log(rows[0].upper / rows[0].estimate)).toBeCloseTo(reach, 10);
  });

  it("by Wald are those of Fisher's z for correlations, NaN as in lme4 on request and on the boundary", () => {
    const vector = fitFrame(vectorMachines);
    const options = { method: "wald", parameters: ["correlation"] } as const;
    for (const { estimate, lower, upper } of confint(vector, options).rows) {
      expect((Math.atanh(lower) + Math.atanh(upper)) / 2).toBeCloseTo(Math.atanh(estimate), 10);
      expect(lower > -1 && upper < 1).toBe(true);
    }
    for (const { lower, upper } of confint(vector, { ...options, variance: "none" }).rows) {
      expect([lower, upper]).toEqual([Number.NaN, Number.NaN]);
    }
    const singular = fitFrame(randomModel("two vector terms", 3));
    expect(singular.singular).toBe(true);
    const { rows, diagnostics } = confint(singular, { method: "wald", ddf: "asymptotic" });
    expect(rows.some(({ lower }) => Number.isNaN(lower))).toBe(true);
    expect(diagnostics.length).toBeGreaterThan(0);
  });

  it("take a profile or replicates made before", () => {
    const parameters = ["sigma", "MachineB"];
    const traced = profile(model, { parameters });
    expect(confint(model, { parameters, profile: traced })).toEqual(confint(model, { parameters }));
    const sigma = confint(model, { parameters: ["sigma"], profile: traced, level: 0.5 }).rows[0];
    const exact = confint(model, { parameters: ["sigma"], level: 0.5 }).rows[0];
    // From the curve, whose pieces are half a unit of ζ long.
    expect(Math.abs(sigma.lower - exact.lower)).toBeLessThan(1e-3 * (exact.upper - exact.lower));
    const boot = bootstrap(model, { nsim: 40, seed: 3 });
    const given = confint(model, { method: "boot", boot, type: "basic" });
    expect(confint(model, { method: "boot", boot: { nsim: 40, seed: 3 }, type: "basic" })).toEqual(given);
    expect(given.variant).toBe("basic");
  });

  it("correct replicates for skewness by leaving groups out", () => {
    const boot = bootstrap(model, { nsim: 200, seed: 3 });
    const plain = confint(model, { method: "boot", boot });
    const corrected = confint(model, { method: "boot", boot, type: "bca" });
    const [a, b] = [plain.rows[1], corrected.rows[1]];
    // Standard deviations are estimated low and skewed: BCa moves their intervals up.
    expect(b.lower).toBeGreaterThan(a.lower);
    expect(b.upper).toBeGreaterThan(a.upper);
  });

  it("are printed with their level", () => {
    const text = formatConfint(
      confint(model, { method: "wald", ddf: "asymptotic", parameters: ["fixed", "sigma"] }),
    );
    expect(text).toMatchInlineSnapshot(`
      "            Estimate  2.5 % 97.5 %
      sigma         0.9616 0.7633 1.2114
      (Intercept)    52.36  47.48  57.23
      MachineB       7.967  3.700 12.233
      MachineC       13.92   9.65  18.18"
    `);
  });

  it("refuse unknown names, methods and levels", () => {
    expect(() => confint(model, { parameters: ["Sigma"] })).toThrow('unknown parameter: "Sigma"');
    expect(() => confint(model, { method: "score" as "wald" })).toThrow('unknown method: "score"');
    expect(() => confint(model, { level: 1 })).toThrow("unusable level: 1");
    expect(() => confint(model, { method: "wald", variance: "log" as "none" })).toThrow(
      'unknown variance: "log"',
    );
  });
});

describe("estimates by name", () => {
  it("are those of the model", () => {
    const model = fitFrame(vectorMachines);
    const { targets, values } = parameterEstimates(model);
    const named = Object.fromEntries(targets.map(({ name }, i) => [name, values[i]]));
    // lme4 1.1-31 on R 4.2.2, as in accessors.test.ts.
    expect(named["sd_(Intercept)|Worker"]).toBeCloseTo(4.0792801156, 5);
    expect(named["cor_MachineB.(Intercept)|Worker"]).toBeCloseTo(0.48398136, 6);
    expect(named["cor_MachineC.MachineB|Worker"]).toBeCloseTo(0.29663672, 6);
    expect(named.sigma).toBe(model.sigma);
    expect(named.MachineC).toBe(model.beta[2]);
  });
});
