import { describe, expect, it } from "vitest";
import { OptimError } from "../optim-error";
import { createRandom } from "../test-problems/random.test-support";
import { type FirstOrderObjective, lbfgsb } from "./lbfgsb";

const rosenbrock: FirstOrderObjective = (x, g) => {
  let f = 0;
  g.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const valley = x[i + 1] - x[i] * x[i];
    f += 100 * valley * valley + (1 - x[i]) ** 2;
    g[i] += -400 * x[i] * valley - 2 * (1 - x[i]);
    g[i + 1] += 200 * valley;
  }
  return f;
};

describe("lbfgsb", () => {
  it("minimizes Rosenbrock's function in 2 and 100 variables", () => {
    const two = lbfgsb(rosenbrock, [-1.2, 1]);
    expect(two.status).toBe("converged");
    expect(two.f).toBeLessThan(1e-12);
    expect(two.evaluations).toBeLessThan(60);
    expect(two.calls).toEqual({ value: two.evaluations, gradient: two.evaluations, hessian: 0 });
    const { trace } = lbfgsb(rosenbrock, [-1.2, 1], { trace: true });
    expect(trace).toHaveLength(two.evaluations);
    expect(Math.min(...trace!.map((point) => point.f))).toBe(two.f);
    const many = lbfgsb(rosenbrock, new Array(100).fill(0));
    expect(many.f).toBeLessThan(1e-10);
    expect(many.evaluations).toBeLessThan(1000);
  });

  it("ends exactly on active bounds", () => {
    const result = lbfgsb(rosenbrock, [-1.2, 1], { lower: -2, upper: [0.5, 2] });
    expect(result.x[0]).toBe(0.5);
    expect(result.x[1]).toBeCloseTo(0.25, 7);
    expect(result.projectedGradient).toBeLessThan(1e-6);
  });

  it("solves the 25-variable problem of the paper's code with its published value", () => {
    // Zhu, Byrd, Lu, Nocedal (1997), Algorithm 778, the sample driver: minimum 1.083490083518e-9 after 23 iterations
    // with a loose stop; the exact minimum is 0 for these bounds (odd variables in [1, 100], even in [-100, 100]).
    const n = 25;
    const fg: FirstOrderObjective = (x, g) => {
      let f = 0.25 * (x[0] - 1) ** 2;
      g.fill(0);
      g[0] = 0.5 * (x[0] - 1);
      for (let i = 1; i < n; i++) {
        const d = x[i] - x[i - 1] ** 2;
        f += d * d;
        g[i] += 2 * d;
        g[i - 1] -= 4 * d * x[i - 1];
      }
      for (let i = 0; i < n; i++) g[i] *= 4;
      return 4 * f;
    };
    const lower = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -100));
    const result = lbfgsb(fg, new Array(n).fill(3), { lower, upper: 100, memory: 5 });
    expect(result.f).toBeLessThan(1e-9);
    expect(result.evaluations).toBeLessThan(100);
  });

  it("ends 2 000 random convex quadratics in random boxes at KKT points, within the bounds all the way", () => {
    const random = createRandom(1995);
    for (let trial = 0; trial < 2000; trial++) {
      const n = 1 + Math.floor(12 * random());
      const a = new Float64Array(n * n);
      const m = Array.from({ length: n * n }, () => 2 * random() - 1);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) a[i * n + j] += m[k * n + i] * m[k * n + j];
        a[i * n + i] += 0.05;
      }
      const b = Array.from({ length: n }, () => 4 * random() - 2);
      const lower = Array.from({ length: n }, () => (random() < 0.3 ? -Infinity : -2 * random()));
      const upper = Array.from({ length: n }, (_, i) =>
        random() < 0.3 ? Infinity : Math.max(lower[i], -2) + 3 * random(),
      );
      let outside = 0;
      const fg: FirstOrderObjective = (x, g) => {
        let f = 0;
        for (let i = 0; i < n; i++) {
          if (!(x[i] >= lower[i] && x[i] <= upper[i])) outside++;
          let sum = 0;
          for (let j = 0; j < n; j++) sum += a[i * n + j] * x[j];
          g[i] = sum + b[i];
          f += x[i] * (0.5 * sum + b[i]);
        }
        return f;
      };
      const result = lbfgsb(fg, new Array(n).fill(0), { lower, upper });
      expect(outside).toBe(0);
      // Rounding errors of f (about 1e-15) hide gradients below sqrt(1e-15 * curvature), 2e-7; ftolRel stops there.
      expect(result.projectedGradient).toBeLessThan(1e-5);
      expect(result.evaluations).toBeLessThan(400);
    }
  });

  it("steps back from NaN, and ends on -Infinity, limits, targets, callbacks and signals", () => {
    const log: FirstOrderObjective = (x, g) => {
      g[0] = 1 - 1e-3 / x[0];
      return x[0] - 1e-3 * Math.log(x[0]);
    };
    expect(lbfgsb(log, [1]).x[0]).toBeCloseTo(1e-3, 5);
    expect(lbfgsb(() => NaN, [1])).toMatchObject({ status: "no-finite-value", f: NaN });
    expect(lbfgsb(() => Infinity, [1])).toMatchObject({ status: "no-finite-value", f: Infinity });
    expect(lbfgsb(() => -Infinity, [1]).status).toBe("unbounded");
    expect(lbfgsb(rosenbrock, [-1.2, 1], { maxEvaluations: 6 })).toMatchObject({
      status: "max-evaluations",
      evaluations: 6,
    });
    expect(lbfgsb(rosenbrock, [-1.2, 1], { fTarget: 1 }).status).toBe("target-reached");
    expect(lbfgsb(rosenbrock, [-1.2, 1], { onEvaluation: (_x, _f, k) => k < 4 })).toMatchObject({
      status: "stopped",
      evaluations: 4,
    });
    expect(lbfgsb(rosenbrock, [-1.2, 1], { signal: AbortSignal.abort() }).status).toBe("aborted");
  });

  it("says so when the gradient is wrong", () => {
    const wrong: FirstOrderObjective = (x, g) => {
      g[0] = -2 * x[0];
      return x[0] * x[0];
    };
    expect(lbfgsb(wrong, [1]).status).toBe("no-progress");
  });

  it("handles no variables and fixed ones, and rejects nonsense", () => {
    expect(lbfgsb(() => 2, [])).toMatchObject({ f: 2, evaluations: 1, status: "converged" });
    const fixed = lbfgsb(rosenbrock, [0.5, 0], { lower: [0.5, -1], upper: [0.5, 1] });
    expect(fixed.x[0]).toBe(0.5);
    expect(fixed.x[1]).toBeCloseTo(0.25, 8);
    expect(() => lbfgsb(rosenbrock, [0, 0], { memory: 0 })).toThrow(OptimError);
    expect(() => lbfgsb(rosenbrock, [0, 0], { gradientTol: NaN })).toThrow(
      "invalid gradientTol: NaN; give 0 or more",
    );
  });
});
