import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../test-problems/random.test-support";
import { symmetricEigenInto } from "./symmetric-eigen";

function eigen(n: number, a: Float64Array) {
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  symmetricEigenInto(n, a.slice(), values, vectors);
  return { values, vectors };
}

describe("symmetricEigenInto", () => {
  it("reconstructs random matrices from orthonormal vectors and ascending values", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.integer(), (n, seed) => {
        const random = createRandom(seed);
        const a = new Float64Array(n * n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++)
            a[i * n + j] = a[j * n + i] = random() < 0.3 ? 0 : 10 ** (4 * random() - 2);
        }
        const { values, vectors } = eigen(n, a);
        let scale = 0;
        for (const value of values) scale = Math.max(scale, Math.abs(value));
        for (let i = 0; i < n; i++) {
          if (i > 0) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]);
          for (let j = 0; j < n; j++) {
            let dot = 0;
            let entry = 0;
            for (let k = 0; k < n; k++) {
              dot += vectors[i * n + k] * vectors[j * n + k];
              entry += values[k] * vectors[k * n + i] * vectors[k * n + j];
            }
            // A few hundred rotations at one rounding error each.
            expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-13);
            expect(Math.abs(entry - a[i * n + j])).toBeLessThan(1e-13 * n * scale);
          }
        }
      }),
      { seed: 1966, numRuns: 100 },
    );
  });

  it("keeps the digits of small eigenvalues of a graded matrix", () => {
    // D B D with B = [[1, 1/2], [1/2, 1]] and D = diag(1, 1e-10): the small one is 3/4 * 1e-20 to first order.
    const { values } = eigen(2, Float64Array.of(1, 0.5e-10, 0.5e-10, 1e-20));
    expect(values[0] / 0.75e-20).toBeCloseTo(1, 10);
  });

  it("leaves diagonal, zero and tiny matrices as they are", () => {
    expect([...eigen(3, Float64Array.of(3, 0, 0, 0, -1, 0, 0, 0, 2)).values]).toEqual([-1, 2, 3]);
    expect([...eigen(2, new Float64Array(4)).values]).toEqual([0, 0]);
    expect([...eigen(2, Float64Array.of(1e-320, 1e-321, 1e-321, 1e-320)).values].every(Number.isFinite)).toBe(
      true,
    );
  });
});
