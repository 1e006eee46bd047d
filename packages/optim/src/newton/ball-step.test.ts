import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../test-problems/random.test-support";
import { ballStepInto, createBallWork } from "./ball-step";
import { symmetricEigenInto } from "./symmetric-eigen";

function solve(n: number, h: Float64Array, g: Float64Array, radius: number) {
  const work = createBallWork(n);
  symmetricEigenInto(n, h.slice(), work.values, work.vectors);
  const step = new Float64Array(n);
  const outcome = ballStepInto(n, work, g, radius, step);
  return { step, outcome, values: work.values };
}

describe("ballStepInto", () => {
  it("meets the conditions of Moré and Sorensen: (H + s I) d = -g with s >= 0 and H + s I semidefinite", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer(),
        fc.constantFrom(1e-6, 0.01, 1, 100),
        fc.constantFrom("general", "definite", "low-rank", "no-gradient", "orthogonal", "almost-orthogonal"),
        (n, seed, radius, kind) => {
          const random = createRandom(seed);
          const h = new Float64Array(n * n);
          const g = Float64Array.from({ length: n }, () => 2 * random() - 1);
          if (kind === "general") {
            for (let i = 0; i < n; i++)
              for (let j = 0; j <= i; j++) h[i * n + j] = h[j * n + i] = 2 * random() - 1;
          } else if (kind === "definite" || kind === "low-rank") {
            const rank = kind === "definite" ? n : Math.max(1, n - 2);
            for (let r = 0; r < rank; r++) {
              const v = Array.from({ length: n }, () => 2 * random() - 1);
              for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) h[i * n + j] += v[i] * v[j];
            }
          } else {
            for (let i = 0; i < n; i++) h[i * n + i] = i - 1.5;
            if (kind === "no-gradient") g.fill(0);
            else g[0] = kind === "orthogonal" ? 0 : 1e-13;
          }
          const { step, values, outcome } = solve(n, h, g, radius);
          const length = Math.hypot(...step);
          let gradientNorm = Math.hypot(...g);
          let curvature = 0;
          let slope = 0;
          const hd = new Float64Array(n);
          for (let i = 0; i < n; i++) {
            for (let j = 0; j < n; j++) hd[i] += h[i * n + j] * step[j];
            curvature += step[i] * hd[i];
            slope += step[i] * g[i];
          }
          expect(length).toBeLessThanOrEqual(radius * (1 + 1e-10));
          if (length === 0) {
            expect(gradientNorm).toBe(0);
            expect(values[0]).toBeGreaterThanOrEqual(-1e-12);
            return;
          }
          const shift = -(slope + curvature) / (length * length);
          const scale = Math.max(1, Math.abs(values[0]), Math.abs(values[n - 1]));
          gradientNorm = Math.max(gradientNorm, scale * length);
          for (let i = 0; i < n; i++) {
            expect(Math.abs(hd[i] + shift * step[i] + g[i])).toBeLessThan(1e-9 * gradientNorm);
          }
          expect(shift).toBeGreaterThanOrEqual(-1e-9 * scale);
          expect(values[0] + shift).toBeGreaterThanOrEqual(-1e-9 * scale);
          if (outcome !== "interior") expect(length / radius).toBeCloseTo(1, 9);
        },
      ),
      { seed: 1983, numRuns: 500 },
    );
  });

  it("fills the radius along the lowest eigenvector at a saddle point with zero gradient", () => {
    const { step, outcome } = solve(2, Float64Array.of(1, 0, 0, -1), Float64Array.of(0, 0), 0.5);
    expect(outcome).toBe("hard-case");
    expect(step[0]).toBe(0);
    expect(Math.abs(step[1])).toBe(0.5);
  });
});
