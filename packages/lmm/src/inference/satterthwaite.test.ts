import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { frameOf, group, ones, sparse, term } from "../frame.test-support";
import { uniforms } from "../random-model.test-support";
import { coefTests } from "./coef-tests";
import { jointCovariance } from "./joint-covariance";
import { satterthwaiteRow } from "./satterthwaite";
import { varianceInformation } from "./variance-information";

describe("Satterthwaite's degrees of freedom where X is wider than Z", () => {
  const next = uniforms(5);
  const n = 400;
  const levels = 99;
  const groups = Array.from({ length: n }, (_, i) => (7 * i) % 12);
  const y = groups.map((g) => 3 * Math.sin(g) + next() + next() + next());
  const fixed = Object.fromEntries(
    Array.from({ length: levels }, (_, l) => [
      `f${l + 1}`,
      sparse(Array.from({ length: n }, (_, i) => (i % (levels + 1) === l + 1 ? 1 : 0))),
    ]),
  );
  const model = fitFrame(
    frameOf({ y, fixed: { "(Intercept)": ones, ...fixed }, random: [term(group("g", groups))] }),
  );
  const p = model.beta.length;

  it("are those of the p×p forms", () => {
    const { system, first, covariance: elements } = varianceInformation(model);
    const { covariance } = jointCovariance(model);
    const contrast = Float64Array.from({ length: p }, (_, j) => (j % 3) - 1);
    const w = new Float64Array(p);
    for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) w[j] += system.root[j * p + i] * contrast[i];
    const square = w.reduce((sum, value) => sum + value * value, 0);
    let slope = 0;
    for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) slope += w[i] * first[0][j * p + i] * w[j];
    const gradient = [model.sigma ** 2 * slope * elements.jacobian[0], 2 * model.sigma * square];
    let spread = 0;
    gradient.forEach((a, i) => {
      gradient.forEach((b, j) => {
        spread += a * covariance[i][j] * b;
      });
    });
    const variance = model.sigma ** 2 * square;
    const own = satterthwaiteRow(model, contrast);
    // Sums of 10,000 terms in two orders.
    expect(own.df / ((2 * variance ** 2) / spread)).toBeCloseTo(1, 10);
    expect(own.variance / variance).toBeCloseTo(1, 12);
  });

  it("come with the standard errors of vcov", () => {
    const { rows } = coefTests(model);
    const asymptotic = coefTests(model, { ddf: "asymptotic" }).rows;
    rows.forEach(({ estimate, stdError, df }, j) => {
      expect(estimate).toBe(model.beta[j]);
      expect(stdError / Math.sqrt(model.vcov[j * p + j])).toBeCloseTo(1, 9);
      expect(asymptotic[j].stdError).toBe(Math.sqrt(model.vcov[j * p + j]));
      expect(df).toBeGreaterThan(1);
      expect(df).toBeLessThanOrEqual((n - p) * (1 + 1e-9));
    });
  });
});
