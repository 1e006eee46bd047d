import { describe, expect, it } from "vitest";
import { numericalGradient, numericalHessian } from "../derivatives/numerical";
import { OptimError } from "../optim-error";
import { createRandom } from "../test-problems/random.test-support";
import type { SecondOrderObjective } from "./objective";
import { trustRegionNewton } from "./trust-region-newton";

const rosenbrock: SecondOrderObjective = (x, g, h) => {
  const valley = x[1] - x[0] * x[0];
  g[0] = -400 * x[0] * valley - 2 * (1 - x[0]);
  g[1] = 200 * valley;
  h[0] = -400 * (valley - 2 * x[0] * x[0]) + 2;
  h[2] = -400 * x[0];
  h[3] = 200;
  return 100 * valley * valley + (1 - x[0]) ** 2;
};

/** x² - y² + y⁴: a saddle at the origin, minima at y = ±1/sqrt(2). */
const saddle: SecondOrderObjective = (x, g, h) => {
  g[0] = 2 * x[0];
  g[1] = -2 * x[1] + 4 * x[1] ** 3;
  h[0] = 2;
  h[2] = 0;
  h[3] = -2 + 12 * x[1] * x[1];
  return x[0] * x[0] - x[1] * x[1] + x[1] ** 4;
};

describe("trustRegionNewton", () => {
  it("solves Rosenbrock's function in few evaluations and certifies the minimum", () => {
    const result = trustRegionNewton(rosenbrock, [-1.2, 1]);
    expect(result.status).toBe("converged");
    expect(result.f).toBeLessThan(1e-10); // the decrease that is given up
    expect(trustRegionNewton(rosenbrock, [-1.2, 1], { decreaseTol: 1e-14 }).f).toBeLessThan(1e-14);
    expect(result.evaluations).toBeLessThan(35);
    // A decrease of 1e-10 along the curvature of 1002 has a gradient of sqrt(2e-10 * 1002).
    expect(result.certificate.projectedGradient).toBeLessThan(5e-4);
    expect(result.certificate.smallestCurvature).toBeCloseTo(0.39936, 4); // of [[802, -400], [-400, 200]]
    expect([...result.certificate.multipliers]).toEqual([0, 0]);
  });

  it("leaves a saddle point where the gradient is exactly zero", () => {
    const result = trustRegionNewton(saddle, [0, 0]);
    expect(result.f).toBeCloseTo(-0.25, 12);
    expect(Math.abs(result.x[1])).toBeCloseTo(Math.SQRT1_2, 6);
    expect(result.certificate.smallestCurvature).toBeCloseTo(2, 5); // of diag(2, 4)
  });

  it("leaves it inwards when one of the two ways is closed by a bound", () => {
    const up = trustRegionNewton(saddle, [0, 0], { lower: [-1, 0] });
    expect(up.x[1]).toBeCloseTo(Math.SQRT1_2, 6);
    const down = trustRegionNewton(saddle, [0, 0], { upper: [1, 0] });
    expect(down.x[1]).toBeCloseTo(-Math.SQRT1_2, 6);
  });

  it("ends exactly on active bounds, with their multipliers", () => {
    const result = trustRegionNewton(rosenbrock, [-1.2, 1], { lower: -2, upper: [0.5, 2] });
    expect(result.x[0]).toBe(0.5);
    expect(result.x[1]).toBeCloseTo(0.25, 10);
    // On the face x[0] = 1/2 at the valley floor the gradient is -2 (1 - 1/2) = -1.
    expect(result.certificate.multipliers[0]).toBeCloseTo(1, 8);
    expect(result.certificate.multipliers[1]).toBe(0);
    expect(result.certificate.projectedGradient).toBeLessThan(1e-8);
    expect(result.certificate.smallestCurvature).toBeCloseTo(200, 8);
  });

  it("walks off the zero column of a singular covariance template, where bounded methods are trapped", () => {
    // -2 log-likelihood of 2x2 covariance I + T T' at a sample covariance S: even in each column of T, with a
    // stationary point wherever a column is zero.
    const s = [4, 1.5, 3];
    const f = ([a, b, c]: Float64Array) => {
      const v11 = 1 + a * a;
      const v21 = a * b;
      const v22 = 1 + b * b + c * c;
      const det = v11 * v22 - v21 * v21;
      return Math.log(det) + (v22 * s[0] - 2 * v21 * s[1] + v11 * s[2]) / det;
    };
    const fgh: SecondOrderObjective = (x, g, h) => {
      g.set(numericalGradient(f, x).values);
      h.set(numericalHessian(f, x).values);
      return f(x);
    };
    // At the maximum I + T T' = S: f = log|S| + 2.
    const best = Math.log(4 * 3 - 1.5 * 1.5) + 2;
    for (const start of [
      [0, 0, 0],
      [1, 0, 0],
      [0, 0, 1],
      [1, 0, 1],
      [3, -2, 0],
    ]) {
      const result = trustRegionNewton(fgh, start, { decreaseTol: 1e-9 });
      expect(result.f).toBeCloseTo(best, 7);
      expect(result.evaluations).toBeLessThan(20);
    }
  });

  it("ends 5 000 random quadratics in random boxes at KKT points, convex ones at their minimum", () => {
    const random = createRandom(1988);
    for (let trial = 0; trial < 5000; trial++) {
      const n = 1 + Math.floor(6 * random());
      const a = new Float64Array(n * n);
      const shift = random() < 0.3 ? 1.5 : 0;
      const m = Array.from({ length: n * n }, () => 2 * random() - 1);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) a[i * n + j] += m[k * n + i] * m[k * n + j];
        a[i * n + i] += 0.05 - shift;
      }
      const b = Array.from({ length: n }, () => 4 * random() - 2);
      const lower = Array.from({ length: n }, () => -2 * random());
      const upper = lower.map((low) => (random() < 0.05 ? low : low + 3 * random()));
      let outside = 0;
      const fgh: SecondOrderObjective = (x, g, h) => {
        let f = 0;
        for (let i = 0; i < n; i++) {
          if (!(x[i] >= lower[i] && x[i] <= upper[i])) outside++;
          let sum = 0;
          for (let j = 0; j < n; j++) sum += a[i * n + j] * x[j];
          g[i] = sum + b[i];
          f += x[i] * (0.5 * sum + b[i]);
        }
        h.set(a);
        return f;
      };
      const result = trustRegionNewton(fgh, new Array(n).fill(0), { lower, upper });
      expect(outside).toBe(0);
      expect(result.status).toBe("converged");
      // decreaseTol = 1e-10 bounds g² / (2 curvature), and the curvature by about 8.
      expect(result.certificate.projectedGradient).toBeLessThan(4e-5);
      expect(result.certificate.smallestCurvature).toBeGreaterThan(-1e-6);
      expect(result.evaluations).toBeLessThan(40);
    }
  });

  it("ends 500 Rosenbrock-like functions in random boxes at certified minima", () => {
    const random = createRandom(77);
    const evaluations: number[] = [];
    for (let trial = 0; trial < 500; trial++) {
      const n = 2 + Math.floor(5 * random());
      const steep = 10 ** (2 * random() + 0.5);
      const lower = Array.from({ length: n }, () => -2 + 1.5 * random());
      const upper = Array.from({ length: n }, () => 2 * random());
      const x0 = Array.from({ length: n }, () => 3 * random() - 1.5);
      let outside = 0;
      const fgh: SecondOrderObjective = (x, g, h) => {
        let f = 0;
        g.fill(0);
        h.fill(0);
        for (let i = 0; i < n; i++) if (!(x[i] >= lower[i] && x[i] <= upper[i])) outside++;
        for (let i = 0; i + 1 < n; i++) {
          const valley = x[i + 1] - x[i] * x[i];
          f += steep * valley * valley + (1 - x[i]) ** 2;
          g[i] += -4 * steep * x[i] * valley - 2 * (1 - x[i]);
          g[i + 1] += 2 * steep * valley;
          h[i * n + i] += -4 * steep * (valley - 2 * x[i] * x[i]) + 2;
          h[(i + 1) * n + i] += -4 * steep * x[i];
          h[(i + 1) * n + i + 1] += 2 * steep;
        }
        return f;
      };
      const { status, certificate, evaluations: count } = trustRegionNewton(fgh, x0, { lower, upper });
      evaluations.push(count);
      expect(outside).toBe(0);
      expect(status).toBe("converged");
      // The decrease of 1e-10 that is given up, along a curvature of up to 4000: sqrt(2e-10 * 4000).
      expect(certificate.projectedGradient).toBeLessThan(1e-3);
      expect(certificate.smallestCurvature).toBeGreaterThan(-1e-6);
    }
    evaluations.sort((a, b) => a - b);
    expect(evaluations[250]).toBeLessThanOrEqual(12);
    expect(evaluations[499]).toBeLessThanOrEqual(60);
  });

  it("works in the units given by scale", () => {
    const scaled: SecondOrderObjective = (x, g, h) => {
      const f = rosenbrock(Float64Array.of(x[0] / 1e5, x[1] / 1e-3), g, h);
      g[0] /= 1e5;
      g[1] /= 1e-3;
      h[0] /= 1e10;
      h[2] /= 1e5 * 1e-3;
      h[3] /= 1e-6;
      return f;
    };
    const result = trustRegionNewton(scaled, [-1.2e5, 1e-3], { scale: [1e5, 1e-3] });
    // A predicted decrease of 1e-10 leaves errors of sqrt(2e-10 / 0.4) at most.
    expect(result.x[0] / 1e5).toBeCloseTo(1, 4);
    expect(result.evaluations).toBe(trustRegionNewton(rosenbrock, [-1.2, 1]).evaluations);
  });

  it("takes back steps to where the objective is NaN or its derivatives are", () => {
    const logBarrier: SecondOrderObjective = (x, g, h) => {
      g[0] = 1 - 1e-3 / x[0];
      h[0] = 1e-3 / (x[0] * x[0]);
      return x[0] - 1e-3 * Math.log(x[0]);
    };
    const result = trustRegionNewton(logBarrier, [1], { radius: 10, decreaseTol: 1e-16 });
    expect(result.x[0]).toBeCloseTo(1e-3, 7);
    expect(trustRegionNewton(() => NaN, [1]).status).toBe("no-finite-value");
    const noGradient: SecondOrderObjective = (x, g, h) => {
      g[0] = x[0] > 0.5 ? NaN : 2 * x[0];
      h[0] = x[0] < -2 ? Infinity : 2;
      return x[0] * x[0];
    };
    expect(trustRegionNewton(noGradient, [1]).status).toBe("no-finite-value");
    expect(trustRegionNewton(noGradient, [-3]).status).toBe("no-finite-value");
    expect(trustRegionNewton(noGradient, [-1.9], { radius: 0.1 }).f).toBeLessThan(1e-12);
  });

  it("says so when the derivatives are wrong", () => {
    const wrong: SecondOrderObjective = (x, g, h) => {
      g[0] = -2 * x[0];
      h[0] = 2;
      return x[0] * x[0];
    };
    expect(trustRegionNewton(wrong, [1]).status).toBe("no-progress");
  });

  it("reports converged, not failure, when only rounding errors are left", () => {
    const rough: SecondOrderObjective = (x, g, h) => {
      g[0] = 2 * (x[0] - 3);
      h[0] = 2;
      return 1e6 + (x[0] - 3) ** 2; // steps of 1e-10 in f are invisible beside 1e6
    };
    const result = trustRegionNewton(rough, [0]);
    expect(result.status).toBe("converged");
    expect(result.x[0]).toBeCloseTo(3, 4);
  });

  it("stops on limits, callbacks, signals and targets", () => {
    expect(trustRegionNewton(rosenbrock, [-1.2, 1], { maxEvaluations: 5 })).toMatchObject({
      status: "max-evaluations",
      evaluations: 5,
    });
    expect(trustRegionNewton(rosenbrock, [-1.2, 1], { onEvaluation: (_x, _f, k) => k < 3 })).toMatchObject({
      status: "stopped",
      evaluations: 3,
    });
    expect(trustRegionNewton(rosenbrock, [-1.2, 1], { signal: AbortSignal.abort() }).status).toBe("aborted");
    expect(trustRegionNewton(rosenbrock, [-1.2, 1], { fTarget: 1 }).status).toBe("target-reached");
    expect(trustRegionNewton(() => -Infinity, [1]).status).toBe("unbounded");
  });

  it("handles no variables, fixed variables, and keeps a trace", () => {
    expect(trustRegionNewton(() => 3, [])).toMatchObject({ f: 3, evaluations: 1, status: "converged" });
    const fixed = trustRegionNewton(rosenbrock, [0.5, 0], { lower: [0.5, -1], upper: [0.5, 1], trace: true });
    expect(fixed.x[0]).toBe(0.5);
    expect(fixed.x[1]).toBeCloseTo(0.25, 12);
    expect(fixed.trace).toHaveLength(fixed.evaluations);
    expect(fixed.trace![0].f).toBe(6.5);
  });

  it("starts within a maxRadius that is below its default radius", () => {
    const { status, f } = trustRegionNewton(rosenbrock, [300, 400], { maxRadius: 10, maxEvaluations: 500 });
    expect(status).toBe("converged");
    // The default tolerance is 1e-10.
    expect(f).toBeLessThan(1e-9);
  });

  it("rejects arguments that no run could honour", () => {
    expect(() => trustRegionNewton(rosenbrock, [0, 0], { radius: -1 })).toThrow(OptimError);
    expect(() => trustRegionNewton(rosenbrock, [0, NaN])).toThrow("non-finite start x0[1]: NaN");
    expect(() => trustRegionNewton(rosenbrock, [0, 0], { lower: 1, upper: 0 })).toThrow("crossed bounds");
    expect(() => trustRegionNewton(rosenbrock, [0, 0], { decreaseTol: -1 })).toThrow(OptimError);
    expect(() => trustRegionNewton(rosenbrock, [0, 0], { radius: 2, maxRadius: 1 })).toThrow(OptimError);
    expect(() => trustRegionNewton(rosenbrock, [0, 0], { maxEvaluations: 0 })).toThrow(OptimError);
  });
});
