import { describe, expect, it } from "vitest";
import { fitFrame, refitter } from "../fit/fit-frame";
import { lmm } from "../fit/lmm";
import { coefTests } from "../inference/coef-tests";
import { compareModels } from "../inference/compare-models";
import { chiSquareTails } from "../inference/distributions/tails";
import { nestedMachines } from "../machines.test-support";
import { lendWorkspace } from "../model/workspace-of";
import { serialPool } from "../parallel/serial";
import { simulate } from "../simulate/simulate";
import { simulateFrom } from "../simulate/simulate-from";
import { formatPower } from "./format-power";
import { power, powerIn } from "./power";

describe("power", () => {
  const model = fitFrame(nestedMachines);

  it("is the share of simulated tests that reject", () => {
    const { points } = power(model, { effect: "MachineB", nsim: 20, seed: 4, alpha: 1e-3 });
    const { responses } = simulate(model, { nsim: 20, seed: 4 });
    const rejections = responses.filter((values) => {
      const fit = fitFrame({ ...nestedMachines, response: { name: "score", values } });
      return coefTests(fit).rows[1].pValue <= 1e-3;
    }).length;
    expect(points).toHaveLength(1);
    expect(points[0]).toMatchObject({ value: model.beta[1], nsim: 20, rejections, failures: 0 });
    expect(points[0].power).toBe(rejections / 20);
    expect(rejections).toBeGreaterThan(0);
    expect(rejections).toBeLessThan(20);
  });

  it("compares fits by maximum likelihood where the likelihood ratio is asked for", () => {
    const run = power(model, { effect: ["MachineB", "MachineC"], test: "lrt", nsim: 1, seed: 2, alpha: 0.5 });
    const [values] = simulate(model, { nsim: 1, seed: 2 }).responses;
    const { fixed } = nestedMachines;
    const response = { name: "score", values };
    const small = {
      ...fixed,
      names: fixed.names.slice(0, 1),
      columns: fixed.columns.slice(0, 1),
      assign: Int32Array.of(0),
    };
    const { models } = compareModels([
      fitFrame({ ...nestedMachines, response, fixed: small }, { method: "ML" }),
      fitFrame({ ...nestedMachines, response }, { method: "ML" }),
    ]);
    const pValue = models[1].pValue ?? 1;
    expect(chiSquareTails(models[1].chiSquare ?? 0, 2).upper).toBe(pValue);
    // The same p-value decides, at levels on either side of it.
    for (const [alpha, rejections] of [
      [pValue * 1.001, 1],
      [pValue * 0.999, 0],
    ]) {
      const { points } = power(model, { effect: run.effect, test: "lrt", nsim: 1, seed: 2, alpha });
      expect(points[0].rejections).toBe(rejections);
    }
    expect(run.points[0].value).toBeNull();
  });

  it("rises with the effect from the level of the test", () => {
    const values = [0, 4, 8];
    const { points } = power(model, { effect: "MachineB", values, nsim: 300, seed: 1 });
    expect(points.map(({ value }) => value)).toEqual(values);
    // Satterthwaite's test holds its level to within its own simulation error here (four standard errors).
    expect(Math.abs(points[0].power - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / 300));
    expect(points[1].power).toBeGreaterThan(points[0].power);
    expect(points[2].power).toBeGreaterThan(points[1].power);
    for (const { lower, upper, power: share } of points) {
      expect(lower).toBeLessThan(share);
      expect(upper).toBeGreaterThan(share);
    }
  });

  it("has Wilson's interval", () => {
    const [{ rejections, lower, upper }] = power(model, { effect: "MachineC", nsim: 10, values: [0] }).points;
    // R 4.2.2, prop.test(x, 10, correct = FALSE)$conf.int for x = 0 and 1.
    const expected = [
      [0, 0.277532799862889],
      [0.0178762131, 0.4041500268],
    ][rejections];
    expect(lower).toBeCloseTo(expected[0], 8);
    expect(upper).toBeCloseTo(expected[1], 8);
  });

  it("is printed point by point", () => {
    const run = power(model, { effect: "MachineB", values: [2, 6], nsim: 40, seed: 1 });
    expect(formatPower(run)).toMatchInlineSnapshot(`
      "Power of the test of MachineB (satterthwaite, alpha = 0.05)

      True effect  Power   from     to Simulations
      2           15.0 %  7.1 % 29.1 %          40
      6           67.5 % 52.0 % 79.9 %          40
      "
    `);
  });

  it("is planned without data, on any number of workers", async () => {
    const table = {
      x: Array.from({ length: 40 }, (_, r) => r % 4),
      g: Array.from({ length: 40 }, (_, r) => `g${Math.floor(r / 4)}`),
    };
    const parameters = { beta: [10, 0.5], theta: [1], sigma: 1 };
    const formula = "y ~ x + (1 | g)";
    const { responses } = simulateFrom(formula, table, parameters);
    const planned = lmm(formula, { ...table, y: responses[0] });
    const options = { effect: "x", values: [0.2, 0.5], nsim: 30, parameters, seed: 3 };
    const here = power(planned, options);
    expect(await powerIn(serialPool(), planned, { ...options, chunk: 7 })).toEqual(here);
    expect(here.points[1].power).toBeGreaterThan(here.points[0].power);
  });

  it("tests refits one after the other in one workspace, to the same bits as each in its own", () => {
    const { responses } = simulate(model, { nsim: 5, seed: 9 });
    const first = refitter(nestedMachines, { start: model.theta });
    for (const ddf of ["satterthwaite", "kenward-roger"] as const) {
      const own = responses.map((values) => coefTests(first.refit(values), { ddf }));
      const lent = responses.map((values) => {
        const fit = first.refit(values);
        lendWorkspace(first.model, fit);
        return coefTests(fit, { ddf });
      });
      expect(lent).toEqual(own);
    }
    expect(() => lendWorkspace(first.model, fitFrame(nestedMachines))).toThrow("foreign cross-products");
  });

  it("refuses what cannot be", () => {
    expect(() => power(model, { effect: "Machine" })).toThrow('unknown fixed effect: "Machine"');
    expect(() => power(model, { effect: "MachineB", alpha: 5 })).toThrow("unusable alpha: 5");
    expect(() => power(model, { effect: [] })).toThrow("unusable effect: []");
    expect(() => power(model, { effect: ["MachineB", "MachineC"], values: [1] })).toThrow(
      "unusable values: [1]",
    );
    expect(() => power(model, { effect: "MachineB", test: "wald" as "lrt" })).toThrow(
      'unknown method: "wald"',
    );
  });
});
