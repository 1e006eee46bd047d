import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "./symmetric-eigen";

describe("symmetricEigen", () => {
  it("gives the matrix back from orthonormal vectors, largest value first", () => {
    const matrices = fc
      .integer({ min: 1, max: 7 })
      .chain((n) => fc.array(fc.integer({ min: -50, max: 50 }), { minLength: n * n, maxLength: n * n }));
    fc.assert(
      fc.property(matrices, (entries) => {
        const n = Math.sqrt(entries.length);
        const a = entries.map((_, at) => entries[at] + entries[(at % n) * n + Math.floor(at / n)]);
        const { values, vectors } = symmetricEigen(a, n);
        for (let i = 0; i < n; i++) {
          if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
          for (let j = 0; j < n; j++) {
            let back = 0;
            let product = 0;
            for (let m = 0; m < n; m++) {
              back += vectors[m * n + i] * values[m] * vectors[m * n + j];
              product += vectors[i * n + m] * vectors[j * n + m];
            }
            expect(back).toBeCloseTo(a[j * n + i], 9);
            expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
          }
        }
      }),
      { seed: 1846, numRuns: 100 },
    );
    expect(symmetricEigen([], 0).values).toHaveLength(0);
  });
});
