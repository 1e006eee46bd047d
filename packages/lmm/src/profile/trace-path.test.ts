import { describe, expect, it } from "vitest";
import { SecantCorrection } from "./secant-correction";
import { findZeta, type PathProblem, tracePath } from "./trace-path";

/** A profile with a known rise, at an estimate of 0. */
function problem(
  minimum: (value: number, x: Float64Array) => { rise: number; derivative: number; x?: Float64Array },
  range: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  closed = false,
): PathProblem {
  const start = Float64Array.of(0);
  return {
    estimate: 0,
    start,
    others: start,
    range,
    closed,
    unit: 1,
    minimum: (value, x) => ({ x, others: x, ...minimum(value, x) }),
  };
}

const cubic = problem((v) => ({ rise: (v + v ** 3) ** 2, derivative: 2 * (v + v ** 3) * (1 + 3 * v * v) }));

describe("a traced path", () => {
  it.each([1, -1] as const)("goes outward in steps that can be interpolated over: %i", (direction) => {
    const path = tracePath(cubic, direction, 5);
    let before = 0;
    for (const { value, zeta, slope } of path) {
      expect(zeta).toBeCloseTo(value + value ** 3, 10);
      expect(slope).toBeCloseTo(1 + 3 * value * value, 8);
      expect(Math.abs(zeta - before)).toBeLessThanOrEqual(1.25);
      expect(Math.sign(value)).toBe(direction);
      before = zeta;
    }
    expect(Math.abs(before)).toBeGreaterThanOrEqual(5);
    expect(path.length).toBeLessThan(25);
  });

  it("reaches the end of a closed range, approaches that of an open one", () => {
    const line = (v: number) => ({ rise: v * v, derivative: 2 * v });
    const closed = tracePath(problem(line, [-1, 0.7], true), 1, 5);
    expect(closed[closed.length - 1].value).toBe(0.7);
    const open = tracePath(problem(line, [-1, 0.7], false), 1, 5);
    expect(open[open.length - 1].value).toBeLessThan(0.7);
    expect(open[open.length - 1].value).toBeGreaterThan(0.69);
    expect(tracePath(problem(line, [0, 1], true), -1, 5)).toEqual([]);
  });

  it("leaves a branch of higher minima that a point farther out shows to be one", () => {
    const branches = problem((v, x) => {
      if (x[0] !== 1 && v < 1.4) return { rise: 4 * v * v, derivative: 8 * v };
      return { rise: 0.5 + v, derivative: 1, x: Float64Array.of(1) };
    });
    const path = tracePath(branches, 1, 4);
    for (const { value, zeta } of path) {
      expect(zeta ** 2).toBeCloseTo(Math.min(4 * value * value, 0.5 + value), 10);
    }
    expect(path.some(({ x }) => x[0] === 0)).toBe(true);
    expect(path.some(({ x }) => x[0] === 1)).toBe(true);
  });

  it("ends where there is no likelihood", () => {
    const wall = problem((v) => ({ rise: v < 1 ? v * v : Number.POSITIVE_INFINITY, derivative: 2 * v }));
    const path = tracePath(wall, 1, 4);
    expect(path.every(({ zeta }) => Number.isFinite(zeta))).toBe(true);
    expect(path[path.length - 1].value).toBeGreaterThan(0.99);
  });
});

describe("a limit", () => {
  it("is found between two points", () => {
    const path = tracePath(cubic, 1, 5);
    const outer = path.findIndex(({ zeta }) => zeta > 1.96);
    const { value, zeta } = findZeta(cubic, path[outer - 1], path[outer], 1.96);
    expect(zeta).toBeCloseTo(1.96, 8);
    expect(value + value ** 3).toBeCloseTo(1.96, 8);
  });

  it("is found without slopes, and across a kink", () => {
    const kink = problem((v) => ({ rise: (v < 1 ? v : 1 + 40 * (v - 1)) ** 2, derivative: Number.NaN }));
    const at = (value: number) => ({
      value,
      zeta: value < 1 ? value : 1 + 40 * (value - 1),
      slope: Number.NaN,
      x: kink.start,
      others: kink.start,
    });
    const { value } = findZeta(kink, at(0.5), at(1.2), 3);
    expect(value).toBeCloseTo(1.05, 9);
  });
});

describe("secant corrections", () => {
  it("make a poor Hessian right along the steps, and leave the first evaluations alone", () => {
    // f = ½x'Ax with A = diag(1, 9), its approximation ten times too large.
    const secant = new SecantCorrection(2);
    const approximation = () => Float64Array.of(10, 0, 0, 90);
    const gradient = (x: Float64Array) => Float64Array.of(x[0], 9 * x[1]);
    const points = [
      [0, 0],
      [1, 1],
      [3, 1],
      [3, 2],
      [4, 2],
      [4, 5],
    ].map(([a, b]) => Float64Array.of(a, b));
    points.slice(0, 4).forEach((x) => {
      const hessian = approximation();
      secant.correctInPlace(x, gradient(x), hessian);
      expect(hessian).toEqual(approximation());
    });
    const first = approximation();
    secant.correctInPlace(points[4], gradient(points[4]), first);
    // The step was along the first axis.
    expect(Array.from(first)).toEqual([1, 0, 0, 90]);
    const second = approximation();
    secant.correctInPlace(points[5], gradient(points[5]), second);
    expect(Array.from(second)).toEqual([1, 0, 0, 9]);
  });
});
