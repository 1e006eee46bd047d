import { describe, expect, it } from "vitest";
import type { SecondOrderObjective } from "../newton/objective";
import { checkDerivatives } from "./check-derivatives";
import { numericalGradient, numericalHessian, numericalJacobian } from "./numerical";

const f = (x: Float64Array) => Math.exp(x[0]) * Math.sin(x[1]) + x[0] * x[1] ** 3;
const X = [0.7, -1.3];
const GRADIENT = [
  Math.exp(0.7) * Math.sin(-1.3) + (-1.3) ** 3,
  Math.exp(0.7) * Math.cos(-1.3) + 3 * 0.7 * 1.69,
];
const MIXED = Math.exp(0.7) * Math.cos(-1.3) + 3 * 1.69;
const HESSIAN = [
  Math.exp(0.7) * Math.sin(-1.3),
  MIXED,
  MIXED,
  -Math.exp(0.7) * Math.sin(-1.3) + 6 * 0.7 * -1.3,
];

const exact: SecondOrderObjective = (x, g, h) => {
  const [a, b] = x;
  g[0] = Math.exp(a) * Math.sin(b) + b ** 3;
  g[1] = Math.exp(a) * Math.cos(b) + 3 * a * b * b;
  h[0] = Math.exp(a) * Math.sin(b);
  h[2] = Math.exp(a) * Math.cos(b) + 3 * b * b;
  h[3] = -Math.exp(a) * Math.sin(b) + 6 * a * b;
  return f(x);
};

describe("numerical derivatives", () => {
  it("give gradients to eleven digits, and know their errors", () => {
    const { values, errors } = numericalGradient(f, X);
    for (let i = 0; i < 2; i++) {
      expect(Math.abs(values[i] - GRADIENT[i])).toBeLessThan(1e-11);
      expect(Math.abs(values[i] - GRADIENT[i])).toBeLessThan(20 * errors[i] + 1e-13);
      expect(errors[i]).toBeLessThan(1e-9);
    }
  });

  it("give Hessians to eight digits", () => {
    const { values, errors } = numericalHessian(f, X);
    for (let k = 0; k < 4; k++) {
      expect(Math.abs(values[k] - HESSIAN[k])).toBeLessThan(1e-8);
      expect(errors[k]).toBeLessThan(1e-6);
    }
  });

  it("turn to one side at a bound and never leave the box", () => {
    const root = (x: Float64Array) => {
      expect(x[0]).toBeGreaterThanOrEqual(0);
      expect(x[1]).toBeLessThanOrEqual(2);
      return Math.sqrt(1 + x[0]) + x[1] * x[1] + x[2];
    };
    const { values } = numericalGradient(root, [0, 2, 5], { lower: [0, 0, 5], upper: [9, 2, 5] });
    expect(values[0]).toBeCloseTo(0.5, 8);
    expect(values[1]).toBeCloseTo(4, 8);
    expect(values[2]).toBe(0); // no room to vary
  });

  it("step back from where the function is not defined", () => {
    const { values } = numericalGradient((x) => Math.log(x[0]), [0.003]);
    expect(values[0] * 0.003).toBeCloseTo(1, 8);
  });

  it("give Jacobians of vector-valued functions, and say NaN where there is nothing to differentiate", () => {
    const { values } = numericalJacobian(([a, b]) => [a * b, a - b, b ** 3], [2, 3], 3);
    [3, 2, 1, -1, 0, 27].forEach((entry, k) => void expect(values[k]).toBeCloseTo(entry, 9));
    expect(numericalGradient(() => NaN, [1]).values[0]).toBeNaN();
  });
});

describe("checkDerivatives", () => {
  it("accepts right derivatives", () => {
    const check = checkDerivatives(exact, X);
    expect(check.ok).toBe(true);
    expect(check.gradientError).toBeLessThan(1e-10);
    expect(check.hessianError).toBeLessThan(1e-10);
  });

  it("names the entry that is wrong", () => {
    const check = checkDerivatives((x, g, h) => {
      const value = exact(x, g, h);
      h[2] *= 1.01;
      return value;
    }, X);
    expect(check.ok).toBe(false);
    expect(check.gradientError).toBeLessThan(1e-10);
    expect(check.worst[1]).toMatchObject({ of: "hessian", row: 1, column: 0 });
  });

  it("leaves the Hessian alone when it is an approximation", () => {
    const approximate: SecondOrderObjective = (x, g, h) => {
      const value = exact(x, g, h);
      h.fill(1);
      return value;
    };
    expect(checkDerivatives(approximate, X, { hessian: false }).ok).toBe(true);
    expect(checkDerivatives(approximate, X).ok).toBe(false);
  });
});
