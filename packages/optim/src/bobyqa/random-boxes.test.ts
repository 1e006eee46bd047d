import { describe, expect, it } from "vitest";
import { createRandom } from "../test-problems/random.test-support";
import { bobyqa } from "./bobyqa";

/** Largest component of the projected gradient: zero exactly at a KKT point of the box. */
function projectedGradient(
  x: Float64Array,
  gradient: readonly number[],
  lower: number[],
  upper: number[],
): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    let g = gradient[i];
    if (x[i] === lower[i]) g = Math.min(g, 0);
    if (x[i] === upper[i]) g = Math.max(g, 0);
    largest = Math.max(largest, Math.abs(g));
  }
  return largest;
}

describe("random problems in random boxes", () => {
  it("10 000 quadratics: every iterate within the bounds, every end a KKT point", () => {
    const random = createRandom(2009);
    for (let trial = 0; trial < 10_000; trial++) {
      const n = 1 + Math.floor(5 * random());
      // A = M'M / n + d I, made indefinite in one of four by subtracting from a diagonal entry.
      const matrix = Array.from({ length: n * n }, () => 2 * random() - 1);
      const a = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) a[i * n + j] += (matrix[k * n + i] * matrix[k * n + j]) / n;
        }
        a[i * n + i] += 0.1;
      }
      const indefinite = random() < 0.25;
      if (indefinite) a[0] -= 2;
      const b = Array.from({ length: n }, () => 4 * random() - 2);
      const lower: number[] = [];
      const upper: number[] = [];
      for (let i = 0; i < n; i++) {
        const centre = 2 * random() - 1;
        const width = random() < 0.1 ? 0.01 * random() : 3 * random();
        const open = !indefinite && random() < 0.3;
        lower.push(open && random() < 0.7 ? -Infinity : centre - width);
        upper.push(open && random() < 0.7 ? Infinity : centre + width);
      }
      const x0 = Array.from({ length: n }, () => 4 * random() - 2);
      const gradientAt = (x: Float64Array) =>
        b.map((value, i) => {
          let sum = value;
          for (let j = 0; j < n; j++) sum += a[i * n + j] * x[j];
          return sum;
        });
      let outside = 0;
      const f = (x: Float64Array) => {
        const gradient = gradientAt(x);
        let sum = 0;
        for (let i = 0; i < n; i++) {
          if (!(x[i] >= lower[i] && x[i] <= upper[i])) outside++;
          sum += 0.5 * x[i] * (gradient[i] + b[i]);
        }
        return sum;
      };
      const result = bobyqa(f, x0, { lower, upper, rhobeg: 0.3, rhoend: 1e-7 });
      expect(outside).toBe(0);
      // The gradient changes by at most |A| (about 5) per unit of x, whose accuracy is of the order of rhoend.
      const slope = projectedGradient(result.x, gradientAt(result.x), lower, upper);
      if (!(slope < 1e-5)) expect({ trial, slope, ...result }).toEqual("a KKT point");
    }
  });

  it("500 Rosenbrock-like functions: within the bounds, and KKT at the end", () => {
    const random = createRandom(1960);
    for (let trial = 0; trial < 500; trial++) {
      const n = 2 + Math.floor(3 * random());
      const steep = 10 ** (2 * random());
      const lower = Array.from({ length: n }, () => -2 + 1.5 * random());
      const upper = Array.from({ length: n }, () => 2 * random());
      const x0 = Array.from({ length: n }, () => 3 * random() - 1.5);
      let outside = 0;
      const gradientAt = (x: Float64Array) => {
        const g = new Array<number>(n).fill(0);
        for (let i = 0; i + 1 < n; i++) {
          const valley = x[i + 1] - x[i] * x[i];
          g[i] += -4 * steep * x[i] * valley - 2 * (1 - x[i]);
          g[i + 1] += 2 * steep * valley;
        }
        return g;
      };
      const f = (x: Float64Array) => {
        let sum = 0;
        for (let i = 0; i < n; i++) if (!(x[i] >= lower[i] && x[i] <= upper[i])) outside++;
        for (let i = 0; i + 1 < n; i++) sum += steep * (x[i + 1] - x[i] * x[i]) ** 2 + (1 - x[i]) ** 2;
        return sum;
      };
      const result = bobyqa(f, x0, { lower, upper, rhobeg: 0.2, rhoend: 1e-8 });
      expect(outside).toBe(0);
      // Curvature up to 1200 times an error of some rhoend.
      const slope = projectedGradient(result.x, gradientAt(result.x), lower, upper);
      if (!(slope < 1e-4)) expect({ trial, slope, ...result }).toEqual("a KKT point");
    }
  });
});
