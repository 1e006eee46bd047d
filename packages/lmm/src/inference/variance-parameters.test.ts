import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { dense, frameOf, group, ones, term } from "../frame.test-support";
import { nestedMachines } from "../machines.test-support";
import { varCorr } from "../model/var-corr";
import { randomModel } from "../random-model.test-support";
import { varianceParameters } from "./variance-parameters";

/** Balanced one-way data: k groups of m rows. */
function oneWay(k: number, m: number, spread: number) {
  const codes = Array.from({ length: k * m }, (_, r) => Math.floor(r / m));
  const y = codes.map((code, r) => spread * ((code * 7) % 5) + ((r * 13) % 11) / 3);
  return { y, frame: frameOf({ y, fixed: { "(Intercept)": ones }, random: [term(group("g", codes))] }) };
}

describe("variance parameters", () => {
  it("have the textbook's standard errors in a balanced one-way design", () => {
    const [k, m] = [12, 6];
    const { y, frame } = oneWay(k, m, 2);
    const { parameters, diagnostics } = varianceParameters(fitFrame(frame));
    const means = Array.from(
      { length: k },
      (_, g) => y.slice(g * m, (g + 1) * m).reduce((a, b) => a + b) / m,
    );
    const grand = means.reduce((a, b) => a + b) / k;
    const between = (m * means.reduce((sum, mean) => sum + (mean - grand) ** 2, 0)) / (k - 1);
    const within =
      y.reduce((sum, value, r) => sum + (value - means[Math.floor(r / m)]) ** 2, 0) / (k * (m - 1));
    expect(diagnostics).toEqual([]);
    const [group1, residual] = parameters;
    expect(residual.variance?.estimate).toBeCloseTo(within, 8);
    expect(group1.variance?.estimate).toBeCloseTo((between - within) / m, 6);
    // Searle, Casella & McCulloch (1992), §3.5: var(MSE) = 2σ⁴/(k(m − 1)), var(MSA) = 2(E MSA)²/(k − 1).
    const varWithin = (2 * within ** 2) / (k * (m - 1));
    const varBetween = (2 * between ** 2) / (k - 1);
    expect(residual.variance?.stdError).toBeCloseTo(Math.sqrt(varWithin), 6);
    expect(group1.variance?.stdError).toBeCloseTo(Math.sqrt(varWithin + varBetween) / m, 6);
    expect(residual.stdError).toBeCloseTo(Math.sqrt(varWithin) / (2 * Math.sqrt(within)), 8);
  });

  it("are those of varCorr, by terms, correlations after standard deviations", () => {
    const model = fitFrame(randomModel("two vector terms", 40));
    const { parameters } = varianceParameters(model);
    const { terms, sigma } = varCorr(model);
    const estimates = terms.flatMap(({ stdDev, corr }) => [
      ...stdDev,
      ...corr.flatMap((_, j) => corr.slice(j + 1).map((row) => row[j])),
    ]);
    [...estimates, sigma].forEach((value, i) => {
      if (Number.isNaN(value)) expect(parameters[i].estimate).toBeNaN();
      else expect(parameters[i].estimate).toBeCloseTo(value, 10);
    });
    expect(varianceParameters(fitFrame(nestedMachines)).parameters.map(({ term }) => term)).toEqual([
      "Worker:Machine",
      "Worker",
      "Residual",
    ]);
  });

  it("get no standard error on the boundary, and a diagnostic", () => {
    const codes = Array.from({ length: 30 }, (_, r) => r % 5);
    const y = codes.map((_, r) => ((r * 17) % 30) / 3);
    const frame = frameOf({
      y,
      fixed: { "(Intercept)": ones, x: dense(y.map((_, r) => (r * 5) % 7)) },
      random: [term(group("g", codes))],
    });
    const model = fitFrame(frame);
    expect(model.singular).toBe(true);
    const { parameters, diagnostics } = varianceParameters(model);
    expect(parameters[0]).toMatchObject({ stdError: null, variance: { stdError: null } });
    expect(parameters[1].stdError).toBeGreaterThan(0);
    expect(diagnostics[0]).toMatch(/^singular fit/);
  });
});
