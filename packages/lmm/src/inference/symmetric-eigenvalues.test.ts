import { describe, expect, it } from "vitest";
import { uniforms } from "../random-model.test-support";
import { symmetricEigen } from "./symmetric-eigen";
import { symmetricEigenvaluesInPlace } from "./symmetric-eigenvalues";

describe("eigenvalues without vectors", () => {
  it.each([1, 2, 3, 10, 40])("are those of Jacobi's method, n = %s", (n) => {
    const next = uniforms(n);
    const a = new Float64Array(n * n);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i <= j; i++) {
        a[j * n + i] = next() - 0.5;
        a[i * n + j] = a[j * n + i];
      }
    }
    const { values } = symmetricEigen(a, n);
    const own = symmetricEigenvaluesInPlace(a.slice(), n);
    // Both are backward stable: n times the rounding of the largest.
    own.forEach((value, i) => {
      expect(Math.abs(value - values[i])).toBeLessThan(1e-14 * n);
    });
  });

  it("are right where many are equal and some are zero", () => {
    // Centring times 3: one zero, the others 3.
    const n = 12;
    const a = Float64Array.from({ length: n * n }, (_, at) => 3 * ((at % (n + 1) === 0 ? 1 : 0) - 1 / n));
    const values = symmetricEigenvaluesInPlace(a, n);
    expect(values[n - 1]).toBeCloseTo(0, 14);
    for (let i = 0; i < n - 1; i++) expect(values[i]).toBeCloseTo(3, 13);
    expect(symmetricEigenvaluesInPlace(Float64Array.of(2, 0, 0, 0, 5, 0, 0, 0, 1), 3)).toEqual(
      Float64Array.of(5, 2, 1),
    );
  });
});
