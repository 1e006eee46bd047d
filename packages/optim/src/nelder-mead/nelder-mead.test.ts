import { describe, expect, it } from "vitest";
import { OptimError } from "../optim-error";
import { createRandom } from "../test-problems/random.test-support";
import { nelderMead } from "./nelder-mead";

const rosenbrock = (x: Float64Array) => 100 * (x[1] - x[0] * x[0]) ** 2 + (1 - x[0]) ** 2;

describe("nelderMead", () => {
  it("takes the steps of lme4's Nelder_Mead, without its repeated evaluations", () => {
    // lme4 1.1-31 on R 4.2.2: Nelder_Mead(rosenbrock, c(-1.2, 1)), points 1 to 12 and 14 to 16; point 13 is the worst
    // corner once more.
    const expected = [
      [-1.2, 1],
      [-1.18, 1],
      [-1.2, 1.02],
      [-1.18, 1.02],
      [-1.17, 1.03],
      [-1.15, 1.01],
      [-1.125, 1.005],
      [-1.115, 1.035],
      [-1.0825, 1.0525],
      [-1.0375, 1.0275],
      [-0.97125, 1.02625],
      [-0.92875, 1.07375],
      [-0.9778125, 1.0565625],
      [-0.8665625, 1.0303125],
      [-1.028515625, 1.046953125],
    ];
    const points: number[][] = [];
    nelderMead(rosenbrock, [-1.2, 1], { maxEvaluations: 15, onEvaluation: (x) => void points.push([...x]) });
    points.forEach((point, k) => {
      expect(point[0]).toBeCloseTo(expected[k][0], 12);
      expect(point[1]).toBeCloseTo(expected[k][1], 12);
    });
    expect(points).toHaveLength(15);
  });

  it("follows lme4 along a bound too", () => {
    // The same, from (0.5, 2) with upper = (0.5, 2), lower = (-2, -2): points 1 to 6.
    const expected = [
      [0.5, 2],
      [0.48, 2],
      [0.5, 1.98],
      [0.5, 1.98],
      [0.5, 1.96],
      [0.5, 1.94],
    ];
    const points: number[][] = [];
    nelderMead(rosenbrock, [0.5, 2], {
      lower: -2,
      upper: [0.5, 2],
      maxEvaluations: 6,
      onEvaluation: (x) => void points.push([...x]),
    });
    points.forEach((point, k) => {
      expect(point[0]).toBeCloseTo(expected[k][0], 12);
      expect(point[1]).toBeCloseTo(expected[k][1], 12);
    });
  });

  it("finds minima inside and on bounds", () => {
    const inside = nelderMead(rosenbrock, [-1.2, 1]);
    expect(inside.status).toBe("converged");
    expect(inside.f).toBeLessThan(1e-9);
    const { trace } = nelderMead(rosenbrock, [-1.2, 1], { trace: true });
    expect(trace).toHaveLength(inside.calls.value);
    expect(Math.min(...trace!.map((point) => point.f))).toBe(inside.f);
    const bound = nelderMead(rosenbrock, [-1.2, 1], { lower: -2, upper: [0.5, 2], restarts: 3 });
    expect(bound.f).toBeCloseTo(0.25, 7);
    expect(bound.x[0]).toBe(0.5);
  });

  it("stays within random boxes, and restarts bring it near the minimum of convex quadratics there", () => {
    const random = createRandom(1965);
    let far = 0;
    for (let trial = 0; trial < 300; trial++) {
      const n = 1 + Math.floor(3 * random());
      const target = Array.from({ length: n }, () => 4 * random() - 2);
      const weight = Array.from({ length: n }, () => 0.5 + random());
      const lower = Array.from({ length: n }, () => -2 * random());
      const upper = lower.map((low) => low + 3 * random());
      const best = target.map((t, i) => Math.min(Math.max(t, lower[i]), upper[i]));
      let outside = 0;
      const value = (x: ArrayLike<number>) => {
        let sum = 0;
        for (let i = 0; i < n; i++) {
          if (!(x[i] >= lower[i] && x[i] <= upper[i])) outside++;
          sum += weight[i] * (x[i] - target[i]) ** 2;
        }
        return sum;
      };
      const result = nelderMead(value, new Array(n).fill(0), { lower, upper, step: 0.3, restarts: 30 });
      expect(outside).toBe(0);
      // xtolAbs = 1.5e-4 leaves errors of its square, and of it times a slope of up to 12 at a bound.
      if (result.f - value(best) > 2e-3) far++;
      expect(result.f - value(best)).toBeLessThan(0.05);
    }
    // A simplex that is flat against a bound finds no way out now and then, restarted or not.
    expect(far).toBeLessThan(6);
  });

  it("gets by restarts to the minimum in many variables, where the first simplex collapses", () => {
    // Sums of x - 1 from the first variable on: 0 at x = 1. With the usual factors in every round the run is at 5e-3
    // after 20 000 evaluations.
    const sums = (x: Float64Array) => {
      let value = 0;
      let sum = 0;
      for (const entry of x) {
        sum += entry - 1;
        value += sum * sum;
      }
      return value;
    };
    const start = new Array(15).fill(0);
    expect(nelderMead(sums, start, { maxEvaluations: 20_000 }).f).toBeGreaterThan(0.1);
    const again = nelderMead(sums, start, { maxEvaluations: 20_000, restarts: 5 });
    expect(again.status).toBe("converged");
    // The corners are then within 1e-5 of each other, the square of it in the value.
    expect(again.f).toBeLessThan(1e-9);
  });

  it("survives NaN, ends on -Infinity, limits, callbacks and signals, and keeps the best point", () => {
    const holes = (x: Float64Array) => (x[0] > 2 ? NaN : (x[0] - 1.9) ** 2 + x[1] ** 2);
    expect(nelderMead(holes, [0, 1], { step: 0.5 }).f).toBeLessThan(1e-4);
    expect(nelderMead(() => NaN, [1, 1])).toMatchObject({ status: "no-finite-value", f: NaN });
    expect(nelderMead((x) => (x[0] > 3 ? -Infinity : -x[0]), [0]).status).toBe("unbounded");
    expect(nelderMead(rosenbrock, [-1.2, 1], { signal: AbortSignal.abort() }).status).toBe("aborted");
    expect(nelderMead(rosenbrock, [-1.2, 1], { fTarget: 1 }).status).toBe("target-reached");
    for (let maxEvaluations = 1; maxEvaluations < 60; maxEvaluations++) {
      let best = Infinity;
      const result = nelderMead(rosenbrock, [-1.2, 1], {
        maxEvaluations,
        onEvaluation: (_x, f) => {
          best = Math.min(best, f);
        },
      });
      expect(result).toMatchObject({ status: "max-evaluations", evaluations: maxEvaluations, f: best });
      expect(rosenbrock(result.x)).toBe(best);
    }
    expect(nelderMead(rosenbrock, [-1.2, 1], { onEvaluation: (_x, _f, k) => k < 7 })).toMatchObject({
      status: "stopped",
      evaluations: 7,
    });
  });

  it("comes home from far away, where the tolerance is more than lme4's step", () => {
    const sphere = (x: Float64Array) => (x[0] - 1) ** 2 + (x[1] - 1) ** 2;
    for (const far of [1e4, 1e10, 1e100]) {
      const result = nelderMead(sphere, [far, -far]);
      expect(result.status).toBe("converged");
      // xtolAbs is 1e-5 in each variable.
      expect(result.f).toBeLessThan(2e-10);
    }
    // A minimum that is far away itself, to 1e-7 of its distance, the square of it in the value.
    const there = nelderMead((x) => sphere(x.map((v) => v - 1e10)), [1e10 + 5e5, 1e10 - 1e7]);
    expect(there.status).toBe("converged");
    expect(there.f).toBeLessThan(2 * 1e6);
    // The step that is given is kept, and has to shrink.
    const given = nelderMead(sphere, [1e6, 1e6], { step: 0.02 });
    expect(given.f).toBeLessThan(2e-10);
  });

  it("gives the objective at exactly its x, also where every value is infinite", () => {
    expect(nelderMead(() => Infinity, [1, 1])).toMatchObject({ status: "no-finite-value", f: Infinity });
    expect([...nelderMead(() => Infinity, [3, 1], { upper: 2 }).x]).toEqual([2, 1]);
    expect(nelderMead(() => 1, [1], { signal: AbortSignal.abort() }).f).toBeNaN();
  });

  it("stops by ftolAbs, handles fixed variables and no variables, rejects nonsense", () => {
    expect(nelderMead(rosenbrock, [-1.2, 1], { ftolAbs: 1e-3 }).status).toBe("ftol-reached");
    const fixed = nelderMead(rosenbrock, [0.5, 0], { lower: [0.5, -1], upper: [0.5, 1] });
    expect(fixed.x[0]).toBe(0.5);
    expect(fixed.f).toBeCloseTo(0.25, 6);
    expect(nelderMead(() => 4, [])).toMatchObject({ f: 4, evaluations: 1, status: "converged" });
    expect(nelderMead(() => 4, [1, 2]).status).toBe("converged");
    expect(() => nelderMead(rosenbrock, [0, 0], { step: 0 })).toThrow(OptimError);
    expect(() => nelderMead(rosenbrock, [0, 0], { xtolRel: -1 })).toThrow(OptimError);
  });
});
