import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { lmm } from "../fit/lmm";
import { nestedMachines, vectorMachines } from "../machines.test-support";
import { simulate } from "./simulate";
import { simulateFrom } from "./simulate-from";

const table = {
  y: Array.from({ length: 60 }, (_, r) => 3 + Math.sin(r * r) + 0.4 * (r % 6) + (r % 5)),
  x: Array.from({ length: 60 }, (_, r) => r % 6),
  w: Array.from({ length: 60 }, (_, r) => 1 + (r % 3)),
  g: Array.from({ length: 60 }, (_, r) => "abcdefghij"[Math.floor(r / 6)]),
};

/** Mean and covariance of row pairs over many responses. */
function moments(responses: readonly Float64Array[], a: number, b: number) {
  const n = responses.length;
  const meanA = responses.reduce((sum, y) => sum + y[a], 0) / n;
  const meanB = responses.reduce((sum, y) => sum + y[b], 0) / n;
  const covariance = responses.reduce((sum, y) => sum + (y[a] - meanA) * (y[b] - meanB), 0) / (n - 1);
  return { mean: meanA, covariance };
}

describe("simulated responses", () => {
  const model = lmm("y ~ x + (x | g)", table, { weights: "w" });
  const NSIM = 4000;

  it("have the mean and the covariances of the model", () => {
    const parameters = { beta: [2, -1], theta: [1.5, -0.4, 0.6], sigma: 2 };
    const { responses } = simulate(model, { nsim: NSIM, seed: 3, parameters });
    // ΣZ = σ²TT': rows r, s of one group covary by (1, x_r) σ²TT' (1, x_s)'.
    const covariance = (r: number, s: number) => {
      const [a, b, c] = [1.5, -0.4, 0.6];
      const [xr, xs] = [table.x[r], table.x[s]];
      const same = table.g[r] === table.g[s] ? 4 * ((a + b * xr) * (a + b * xs) + c * c * xr * xs) : 0;
      return same + (r === s ? 4 / table.w[r] : 0);
    };
    for (const [r, s] of [
      [0, 0],
      [5, 5],
      [1, 4],
      [4, 11],
      [59, 59],
    ]) {
      const found = moments(responses, r, s);
      const variances = covariance(r, r) * covariance(s, s);
      // Five standard errors, of a mean and of a covariance of normal numbers.
      const error = Math.sqrt((variances + covariance(r, s) ** 2) / NSIM);
      expect(Math.abs(found.mean - (2 - table.x[r]))).toBeLessThan(5 * Math.sqrt(covariance(r, r) / NSIM));
      expect(Math.abs(found.covariance - covariance(r, s))).toBeLessThan(5 * error);
    }
  });

  it("given the random effects, vary about the fitted values by the residuals alone", () => {
    const { responses } = simulate(model, { nsim: NSIM, seed: 4, reForm: "all" });
    for (const r of [0, 17, 40]) {
      const { mean, covariance } = moments(responses, r, r);
      const variance = model.sigma ** 2 / table.w[r];
      expect(Math.abs(mean - model.fitted[r])).toBeLessThan(5 * Math.sqrt(variance / NSIM));
      expect(Math.abs(covariance - variance)).toBeLessThan(5 * variance * Math.sqrt(2 / NSIM));
    }
  });

  it("keep some terms and draw others", () => {
    const nested = fitFrame(nestedMachines);
    const parameters = { sigma: 0, theta: nested.theta };
    const drawn = simulate(nested, { reForm: ["Worker"], parameters, seed: 8 }).responses[0];
    // With σ = 0 nothing is drawn: the random effects of the other term are σTu.
    const workers = nested.terms[1];
    drawn.forEach((value, r) => {
      const worker = Math.floor((r % 18) / 3);
      const machine = Math.floor(r / 18);
      const fixed = nested.beta[0] + (machine > 0 ? nested.beta[machine] : 0);
      expect(value).toBeCloseTo(fixed + workers.modes[worker], 10);
    });
    expect(() => simulate(nested, { reForm: ["Workers"] })).toThrow(
      'unknown random-effects term: "Workers"; the model has Worker:Machine, Worker',
    );
  });

  it("depend on the seed and their index alone", () => {
    const many = simulate(model, { nsim: 5, seed: 11 }).responses;
    expect(simulate(model, { nsim: 3, seed: 11 }).responses).toEqual(many.slice(0, 3));
    expect(simulate(model, { nsim: 1, seed: 12 }).responses[0]).not.toEqual(many[0]);
    expect(Array.from(many[4].slice(0, 3))).toMatchInlineSnapshot(`
      [
        3.5569325504623945,
        2.4047016397188266,
        5.656778169361426,
      ]
    `);
  });

  it("are drawn for new rows, without a response, with weights and offset", () => {
    const offset = lmm("y ~ x + offset(w) + (1 | g)", table);
    const newData = { x: [0, 1, Number.NaN, 2], g: ["b", "b", "b", "d"], w: [100, 0, 0, 0] };
    const { responses, rows } = simulate(offset, { newData, parameters: { beta: { x: 1 }, sigma: 0 } });
    expect(Array.from(rows ?? [])).toEqual([0, 1, 3]);
    const intercept = offset.beta[0];
    expect(Array.from(responses[0])).toEqual(
      [intercept + 100, intercept + 1, intercept + 2].map((v) => expect.closeTo(v, 10)),
    );
    const fresh = { ...newData, g: ["b", "new", "new", "d"] };
    const drawn = simulate(offset, {
      newData: fresh,
      parameters: { beta: [0, 0], theta: [1e6], sigma: 1e-3 },
    });
    const [b, unseen, d] = Array.from(drawn.responses[0], (value, i) => value - [100, 0, 0][i]);
    // Effects of size 1,000 and residuals of 0.001: groups tell rows apart, and a new one is like the others.
    expect(new Set([b, unseen, d].map(Math.round)).size).toBe(3);
    expect(Math.abs(unseen)).toBeGreaterThan(1);
    expect(() => simulate(offset, { newData: fresh, reForm: "all" })).toThrow(
      "unknown level: of g in row 2 of the new data",
    );
  });

  it("come from parameters alone, for a table without a response", () => {
    const plan = { x: table.x, g: table.g };
    const options = {
      beta: { x: -1, "(Intercept)": 2 },
      theta: [1.5, -0.4, 0.6],
      sigma: 2,
      nsim: 2,
      seed: 3,
    };
    const { responses, responseName } = simulateFrom("score ~ x + (x | g)", plan, options);
    const unweighted = lmm("y ~ x + (x | g)", table);
    const parameters = { beta: [2, -1], theta: [1.5, -0.4, 0.6], sigma: 2 };
    expect(responses).toEqual(simulate(unweighted, { nsim: 2, seed: 3, parameters }).responses);
    expect(responseName).toBe("score");
    expect(() => simulateFrom("y ~ x + (x | g)", plan, { ...options, beta: { x: 1 } })).toThrow(
      'missing fixed effect: "(Intercept)"; give all of (Intercept), x',
    );
    expect(() => simulateFrom("y ~ x + (x | g)", plan, { ...options, theta: [1] })).toThrow(
      "wrong length of theta: 1",
    );
  });

  it("refuse parameters that mean nothing", () => {
    const vector = fitFrame(vectorMachines);
    expect(() => simulate(vector, { nsim: 0 })).toThrow("unusable nsim: 0");
    expect(() => simulate(vector, { parameters: { sigma: -1 } })).toThrow("unusable sigma: -1");
    expect(() =>
      simulate(vector, { parameters: { theta: vector.theta.map((t, i) => (i === 0 ? -1 : t)) } }),
    ).toThrow("unusable theta: -1");
    expect(() => simulate(vector, { parameters: { theta: vector.theta.map(() => Number.NaN) } })).toThrow(
      "unusable theta: NaN",
    );
    expect(() => simulate(vector, { parameters: { beta: [1] } })).toThrow("wrong length of beta: 1");
    expect(() => simulate(vector, { parameters: { beta: { MachineD: 1 } } })).toThrow(
      'unknown fixed effect: "MachineD"',
    );
    expect(() => simulate(vector, { reForm: "some" as "all" })).toThrow(
      'unknown random-effects term: "some"',
    );
  });
});
