import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ballStepInto, createBallWork } from "./ball-step";
import { definiteStepInto } from "./definite-step";
import { smallestEigenvalueInPlace } from "./smallest-eigenvalue";
import { symmetricEigenInto } from "./symmetric-eigen";

const entry = fc.double({ min: -3, max: 3, noNaN: true });
/** A symmetric matrix M M' + ridge I of order n, with its eigenvalues not too far apart. */
const problems = fc.integer({ min: 1, max: 9 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    factor: fc.array(entry, { minLength: n * n, maxLength: n * n }),
    gradient: fc.array(entry, { minLength: n, maxLength: n }),
    radius: fc.double({ min: 0.01, max: 10, noNaN: true }),
  }),
);

function gram(n: number, factor: readonly number[], ridge: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const i = Math.floor(at / n);
    const j = at % n;
    let sum = i === j ? ridge : 0;
    for (let k = 0; k < n; k++) sum += factor[i * n + k] * factor[j * n + k];
    return sum;
  });
}

function changeOf(n: number, h: Float64Array, g: Float64Array, d: Float64Array): number {
  let change = 0;
  for (let i = 0; i < n; i++) {
    change += g[i] * d[i];
    for (let j = 0; j < n; j++) change += 0.5 * h[i * n + j] * d[i] * d[j];
  }
  return change;
}

describe("definiteStepInto", () => {
  it("finds the step that the eigen-decomposition finds", () => {
    fc.assert(
      fc.property(problems, ({ n, factor, gradient, radius }) => {
        const h = gram(n, factor, 0.1);
        const g = Float64Array.from(gradient);
        const step = new Float64Array(n);
        const before = h.slice();
        const outcome = definiteStepInto(n, h, g, radius, new Float64Array(n * n), new Float64Array(n), step);
        expect(h).toEqual(before);
        const work = createBallWork(n);
        symmetricEigenInto(n, h.slice(), work.values, work.vectors);
        const other = new Float64Array(n);
        const expected = ballStepInto(n, work, g, radius, other);
        const length = Math.sqrt(step.reduce((sum, x) => sum + x * x, 0));
        // Eleven digits of the length; which side of the sphere is a rounding error.
        expect(length).toBeLessThanOrEqual(radius * (1 + 1e-11));
        if (Math.abs(length - radius) > 1e-9 * radius) expect(outcome).toBe(expected);
        // Both are minimizers: their values agree to the rounding errors of the terms.
        const size = changeOf(n, h, new Float64Array(n), step) + Math.abs(changeOf(n, h, g, step)) + 1e-12;
        expect(Math.abs(changeOf(n, h, g, step) - changeOf(n, h, g, other))).toBeLessThanOrEqual(
          1e-11 * size,
        );
      }),
      { seed: 61, numRuns: 300 },
    );
  });

  it.each([
    ["a saddle", [1, 0, 0, -1]],
    ["a flat direction", [1, 1, 1, 1]],
    ["nothing but zeros", [0, 0, 0, 0]],
    ["a value that is not a number", [1, 0, 0, Number.NaN]],
  ])("leaves %s to the eigen-decomposition", (_, h) => {
    const g = Float64Array.from([1, 2]);
    const call = () =>
      definiteStepInto(
        2,
        Float64Array.from(h),
        g,
        1,
        new Float64Array(4),
        new Float64Array(2),
        new Float64Array(2),
      );
    expect(call()).toBe("indefinite");
  });
});

describe("smallestEigenvalueInPlace", () => {
  it("agrees with Jacobi's method on positive and indefinite matrices", () => {
    fc.assert(
      fc.property(problems, fc.double({ min: -8, max: 8, noNaN: true }), ({ n, factor }, ridge) => {
        const h = gram(n, factor, ridge);
        const values = new Float64Array(n);
        symmetricEigenInto(n, h.slice(), values, new Float64Array(n * n));
        const size = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
        // A few rounding errors of the norm.
        expect(Math.abs(smallestEigenvalueInPlace(n, h) - values[0])).toBeLessThanOrEqual(
          1e-14 * size + 1e-300,
        );
      }),
      { seed: 62, numRuns: 300 },
    );
  });

  it("is NaN for a matrix that is not finite", () => {
    expect(smallestEigenvalueInPlace(2, Float64Array.from([1, Number.NaN, Number.NaN, 1]))).toBeNaN();
  });
});
