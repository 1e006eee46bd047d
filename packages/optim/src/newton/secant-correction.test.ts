import { describe, expect, it } from "vitest";
import type { SecondOrderObjective } from "./objective";
import { trustRegionNewton } from "./trust-region-newton";

/** A sum of squares of distances with a quartic part; the Hessian given is `factor` times the true one. */
function objective(n: number, factor: number): SecondOrderObjective {
  return (x, g, h) => {
    let f = 0;
    h.fill(0);
    for (let i = 0; i < n; i++) {
      const d = x[i] - i;
      const next = i + 1 < n ? x[i + 1] - i - 1 : 0;
      f += d * d + 0.1 * d ** 4 + 0.5 * d * next;
      g[i] = 2 * d + 0.4 * d ** 3 + 0.5 * next + (i > 0 ? 0.5 * (x[i - 1] - i + 1) : 0);
      h[i * n + i] = factor * (2 + 1.2 * d * d);
      if (i + 1 < n) {
        h[i * n + i + 1] = factor * 0.5;
        h[(i + 1) * n + i] = factor * 0.5;
      }
    }
    return f;
  };
}

describe("what an approximate Hessian leaves out", () => {
  const start = [3, -2, 4, 1];

  it("is learned where the given one is fifty times too large", () => {
    const options = { decreaseTol: 1e-12 };
    const plain = trustRegionNewton(objective(4, 50), start, options);
    const corrected = trustRegionNewton(objective(4, 50), start, { ...options, approximateHessian: true });
    expect(plain.evaluations).toBeGreaterThan(100);
    expect(corrected.status).toBe("converged");
    expect(corrected.evaluations).toBeLessThan(30);
    corrected.x.forEach((value, i) => {
      expect(value).toBeCloseTo(i, 6);
    });
  });

  it("changes not one bit where the given one is exact enough to foretell", () => {
    const plain = trustRegionNewton(objective(4, 1), start);
    expect(trustRegionNewton(objective(4, 1), start, { approximateHessian: true })).toEqual(plain);
  });
});
