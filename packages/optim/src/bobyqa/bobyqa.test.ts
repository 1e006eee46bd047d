import { describe, expect, it } from "vitest";
import { OptimError } from "../optim-error";
import { MORE_WILD } from "../test-problems/more-wild.test-support";
import { createRandom } from "../test-problems/random.test-support";
import { bobyqa } from "./bobyqa";
import { BOBYQA_MESSAGES } from "./status";

const rosenbrock = (x: Float64Array) => 100 * (x[1] - x[0] * x[0]) ** 2 + (1 - x[0]) ** 2;
const sphere = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0);

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(OptimError);
    return (error as OptimError).code;
  }
  return "nothing thrown";
}

describe("bobyqa", () => {
  it("finds the minimum of Rosenbrock's function without bounds", () => {
    const result = bobyqa(rosenbrock, [-1.2, 1], { rhobeg: 0.5, rhoend: 1e-7 });
    expect(result.status).toBe("converged");
    // rhoend is the accuracy aimed at; the valley's condition number of 2500 costs about 50 times that.
    expect(Math.abs(result.x[0] - 1)).toBeLessThan(5e-6);
    expect(result.f).toBeLessThan(1e-12);
    expect(result.evaluations).toBeLessThan(250);
  });

  it("ends exactly on an active bound and never calls the function outside the box", () => {
    const lower = [-2, -2];
    const upper = [0.5, 2];
    const result = bobyqa(rosenbrock, [-1.2, 1], {
      lower,
      upper,
      onEvaluation: (x) => {
        for (let i = 0; i < 2; i++) {
          expect(x[i]).toBeGreaterThanOrEqual(lower[i]);
          expect(x[i]).toBeLessThanOrEqual(upper[i]);
        }
      },
    });
    expect(result.x[0]).toBe(0.5);
    expect(result.x[1]).toBeCloseTo(0.25, 6); // minimum of the function on the face x[0] = 0.5
  });

  it("works with every number of interpolation points from n + 2 to (n + 1)(n + 2)/2", () => {
    for (let npt = 5; npt <= 10; npt++) {
      const result = bobyqa((x) => sphere(x) + x[0] * x[1] - x[2], [1, 2, 3], { npt });
      expect(result.npt).toBe(npt);
      // Gradient zero at x = (0, 0, 1/2), f = -1/4; rhoend 3e-7 leaves an error of its square.
      expect(result.f).toBeCloseTo(-0.25, 11);
    }
  });

  it("handles one variable, with three points", () => {
    const result = bobyqa((x) => (x[0] - 3) ** 2 + 1, [0], { rhoend: 1e-8 });
    expect(result.npt).toBe(3);
    expect(result.x[0]).toBeCloseTo(3, 7);
    expect(bobyqa((x) => (x[0] - 3) ** 2, [0], { upper: 2 }).x[0]).toBe(2);
  });

  it("returns the value at once when there is nothing to vary", () => {
    expect(bobyqa(() => 7, [])).toMatchObject({ f: 7, evaluations: 1, status: "converged" });
    const fixed = bobyqa((x) => x[0] + x[1], [1, 2], { lower: [1, 2], upper: [1, 2] });
    expect(fixed).toMatchObject({ f: 3, evaluations: 1 });
    expect([...fixed.x]).toEqual([1, 2]);
    expect(bobyqa(() => NaN, [])).toMatchObject({ f: NaN, status: "no-finite-value" });
    expect(bobyqa(() => 7, [], { signal: AbortSignal.abort() })).toMatchObject({
      evaluations: 0,
      status: "aborted",
    });
  });

  it("leaves variables with equal bounds where they are", () => {
    const result = bobyqa((x) => (x[0] - 1) ** 2 + (x[1] - x[2]) ** 2, [5, 9, 5], {
      lower: [-10, 4, -10],
      upper: [10, 4, 10],
      onEvaluation: (x) => expect(x[1]).toBe(4),
    });
    expect(result.npt).toBe(5); // 2n + 1 for the two that are free
    expect(result.f).toBeLessThan(1e-12);
  });

  it("works on a range below 2 rhobeg, even far from zero, without holding back the other variables", () => {
    const result = bobyqa((x) => (x[0] - 1e6 - 1e-4) ** 2 * 1e8 + (x[1] - 50) ** 2, [1e6, 0], {
      lower: [1e6, -100],
      upper: [1e6 + 2e-4, 100],
      rhobeg: 1,
      rhoend: 1e-6,
    });
    expect(result.x[0] - 1e6).toBeCloseTo(1e-4, 7);
    expect(result.x[1]).toBeCloseTo(50, 5);
    expect(result.evaluations).toBeLessThan(80);
  });

  it("moves a start outside the bounds, or nearer than rhobeg to one, as the report says", () => {
    const first: number[][] = [];
    for (const start of [-5, 0.01, 0.5, 0.99, 7]) {
      bobyqa(sphere, [start], {
        lower: 0,
        upper: 1,
        rhobeg: 0.1,
        onEvaluation: (x, _f, evaluations) => {
          if (evaluations <= 3) first.push([start, x[0]]);
        },
      });
    }
    expect(first.map(([start, x]) => [start, Math.round(x * 1e9) / 1e9])).toEqual([
      [-5, 0],
      [-5, 0.1],
      [-5, 0.2],
      [0.01, 0.1],
      [0.01, 0.2],
      [0.01, 0],
      [0.5, 0.5],
      [0.5, 0.6],
      [0.5, 0.4],
      [0.99, 0.9],
      [0.99, 1],
      [0.99, 0.8],
      [7, 1],
      [7, 0.9],
      [7, 0.8],
    ]);
  });

  it("measures radii in the units given by scale", () => {
    // In units of 1e6 and 1e-3 this is a sphere; without the scale the second variable is lost.
    const f = (x: Float64Array) => (x[0] / 1e6 - 2) ** 2 + (x[1] / 1e-3 - 3) ** 2;
    const result = bobyqa(f, [0, 0], { scale: [1e6, 1e-3], rhobeg: 0.5, rhoend: 1e-6 });
    expect(result.x[0] / 1e6).toBeCloseTo(2, 5);
    expect(result.x[1] / 1e-3).toBeCloseTo(3, 5);
    const plain = bobyqa((z) => (z[0] - 2) ** 2 + (z[1] - 3) ** 2, [0, 0], { rhobeg: 0.5, rhoend: 1e-6 });
    expect(result.evaluations).toBe(plain.evaluations);
    // Turned round, the same run in a mirror.
    const mirrored = bobyqa((x) => (x[0] + 2) ** 2 + (x[1] - 3) ** 2, [0, 0], {
      scale: [-1, 1],
      lower: [-2.5, -9],
      upper: [7, 9],
      rhobeg: 0.5,
      rhoend: 1e-6,
    });
    expect(mirrored.evaluations).toBe(plain.evaluations);
    expect(mirrored.x[0]).toBe(-plain.x[0]);
  });

  it("survives NaN and Infinity, at the start too", () => {
    const holes = (x: Float64Array) =>
      x[0] < 0.3 ? NaN : x[1] > 2 ? Infinity : (x[0] - 0.4) ** 2 + (x[1] - 1.9) ** 2;
    const inside = bobyqa(holes, [1, 1], { rhobeg: 0.5, rhoend: 1e-6 });
    expect(inside.f).toBeLessThan(1e-10);
    const atHole = bobyqa(holes, [0.1, 1], { rhobeg: 0.5, rhoend: 1e-6 });
    expect(atHole.f).toBeLessThan(1e-10);
    const nowhere = bobyqa(() => NaN, [1, 1]);
    expect(nowhere).toMatchObject({ status: "no-finite-value", f: NaN, evaluations: 5 });
    expect(bobyqa((x) => (x[0] > 0 ? 1e300 : 1 + x[0] * x[0]), [-1]).f).toBeCloseTo(1, 10);
  });

  it("gives the objective at exactly its x, also where no value can be worked with", () => {
    // The start is moved off the bounds, so that the first point is another one.
    const where: number[][] = [];
    const box = { lower: 0, upper: 1, onEvaluation: (x: Float64Array) => void where.push([...x]) };
    const result = bobyqa((x) => (x[0] === 0.05 ? NaN : Infinity), [0.05, 0.5], box);
    expect(where[0]).toEqual([0.1, 0.5]);
    expect(result).toMatchObject({ status: "no-finite-value", f: Infinity });
    expect([...result.x]).toEqual([0.1, 0.5]);
    expect(bobyqa(() => Infinity, [])).toMatchObject({ f: Infinity, status: "no-finite-value" });
    expect(bobyqa(() => 1e150, [])).toMatchObject({ f: 1e150, status: "converged" });
    const large = bobyqa((x) => 1e300 * (x[0] - 1) ** 2, [0]);
    expect(large.status).toBe("no-finite-value");
    expect(large.f).toBe(1e300 * (large.x[0] - 1) ** 2);
    expect(large.message).toBe(
      "The objective was NaN, infinite or from 1e100 on at every point that was tried.",
    );
  });

  it("ends on -Infinity and on reaching fTarget", () => {
    const pit = bobyqa((x) => (x[0] > 2 ? -Infinity : -x[0]), [0]);
    expect(pit).toMatchObject({ status: "unbounded", f: -Infinity });
    // A value whose square would overflow in the model is low enough.
    const slope = bobyqa((x) => -Math.exp(x[0]) + x[1] * x[1], [1, 3]);
    expect(slope.status).toBe("unbounded");
    expect(slope.f).toBeLessThan(-1e100);
    const target = bobyqa(rosenbrock, [-1.2, 1], { fTarget: 0.01 });
    expect(target.status).toBe("target-reached");
    expect(target.f).toBeLessThanOrEqual(0.01);
    expect(target.evaluations).toBeLessThan(bobyqa(rosenbrock, [-1.2, 1]).evaluations);
  });

  it("accepts a function that is constant or has steps and noise", () => {
    expect(bobyqa(() => 5, [1, 2, 3])).toMatchObject({ f: 5, status: "converged" });
    const stairs = bobyqa((x) => Math.floor(100 * sphere(x)) / 100, [1, 1], { rhobeg: 0.5, rhoend: 1e-4 });
    expect(stairs.f).toBeLessThan(0.1);
  });

  it("rescues the interpolation system when rounding errors spoil it, and goes on", () => {
    // Cube with the full 21 points: minqa 1.2.5, whose rescue reads a stale point, gives up at 1.7e-4 after 1038.
    const { f: cube, x0 } = MORE_WILD[42];
    const result = bobyqa(cube, x0, { npt: 21, rhobeg: 0.1, rhoend: 1e-6 });
    expect(result.f).toBeLessThan(2e-5);
    expect(["converged", "rounding-errors"]).toContain(result.status);
    // A limit that is reached inside a rescue is honoured, and the best point kept, wherever it falls.
    for (let maxEvaluations = 700; maxEvaluations < 1000; maxEvaluations += 7) {
      const cut = bobyqa(cube, x0, {
        npt: 21,
        rhobeg: 0.1,
        rhoend: 1e-6,
        maxEvaluations,
      });
      expect(cut.evaluations).toBe(maxEvaluations);
      expect(cube(cut.x)).toBe(cut.f);
    }
  });

  it("ends in good order on noise of any size", () => {
    const random = createRandom(31);
    for (let trial = 0; trial < 200; trial++) {
      const noise = 10 ** (-16 * random());
      const n = 1 + Math.floor(4 * random());
      const npt = n + 2 + Math.floor(random() * (((n + 1) * (n + 2)) / 2 - n - 1));
      const result = bobyqa((x) => sphere(x) + noise * random(), new Array(n).fill(1), { npt, rhobeg: 0.3 });
      expect(["converged", "rounding-errors", "no-model-decrease"]).toContain(result.status);
      // A few times the noise, which hides slopes below its size over rho; or the square of rhoend without any.
      expect(result.f).toBeLessThan(10 * noise + 1e-8);
    }
  });

  it("may be called by its own objective", () => {
    const inner = (a: number) => bobyqa((y) => (y[0] - a) ** 2 + a * a, [0], { rhoend: 1e-8 }).f;
    const result = bobyqa((x) => inner(x[0]) + (x[1] - 1) ** 2, [2, 2], { rhoend: 1e-6 });
    expect(result.f).toBeLessThan(1e-10);
  });

  it("stops at maxEvaluations, even inside the first set of points, and keeps the best point", () => {
    for (const maxEvaluations of [1, 3, 5, 20]) {
      let best = Infinity;
      const result = bobyqa(rosenbrock, [-1.2, 1], {
        maxEvaluations,
        onEvaluation: (_x, f) => {
          best = Math.min(best, f);
        },
      });
      expect(result).toMatchObject({ status: "max-evaluations", evaluations: maxEvaluations, f: best });
      expect(rosenbrock(result.x)).toBe(result.f);
    }
  });

  it("stops when a callback returns false or the signal is aborted", () => {
    const byEvaluation = bobyqa(rosenbrock, [-1.2, 1], { onEvaluation: (_x, _f, count) => count < 12 });
    expect(byEvaluation).toMatchObject({ status: "stopped", evaluations: 12 });
    expect(bobyqa(rosenbrock, [-1.2, 1], { onRho: () => false }).status).toBe("stopped");
    const controller = new AbortController();
    const aborted = bobyqa(rosenbrock, [-1.2, 1], {
      signal: controller.signal,
      onEvaluation: (_x, _f, count) => {
        if (count === 9) controller.abort();
      },
    });
    expect(aborted).toMatchObject({ status: "aborted", evaluations: 9, message: BOBYQA_MESSAGES.aborted });
  });

  it("reports each reduction of rho with the best point so far", () => {
    const rhos: number[] = [];
    bobyqa(rosenbrock, [-1.2, 1], {
      rhobeg: 0.2,
      rhoend: 2e-7,
      onRho: (rho, evaluations, f, x) => {
        rhos.push(rho);
        expect(rosenbrock(x)).toBe(f);
        expect(evaluations).toBeGreaterThan(4);
      },
    });
    // Tenths, until the ratio to rhoend is at most 250 and its square root is taken, then rhoend.
    const expected = [0.02, 0.002, 2e-4, 2e-5, Math.sqrt(100) * 2e-7, 2e-7];
    expect(rhos).toHaveLength(expected.length);
    for (const [i, rho] of rhos.entries()) expect(rho / expected[i]).toBeCloseTo(1, 12);
  });

  it("stops early by ftolAbs and ftolRel", () => {
    const full = bobyqa(rosenbrock, [-1.2, 1]);
    const absolute = bobyqa(rosenbrock, [-1.2, 1], { ftolAbs: 1e-3 });
    expect(absolute.status).toBe("ftol-reached");
    expect(absolute.evaluations).toBeLessThan(full.evaluations);
    expect(bobyqa((x) => 1000 + rosenbrock(x), [-1.2, 1], { ftolRel: 1e-6 }).status).toBe("ftol-reached");
  });

  it("keeps every evaluation on request, and only then", () => {
    const { trace, evaluations, f } = bobyqa(rosenbrock, [-1.2, 1], { trace: true });
    expect(trace).toHaveLength(evaluations);
    expect(bobyqa(rosenbrock, [-1.2, 1]).calls).toEqual({ value: evaluations, gradient: 0, hessian: 0 });
    expect(Math.min(...trace!.map((point) => point.f))).toBe(f);
    expect(trace!.every((point) => rosenbrock(point.x) === point.f)).toBe(true);
    expect(bobyqa(rosenbrock, [-1.2, 1]).trace).toBeUndefined();
  });

  it("leaves its arguments alone and returns a fresh x", () => {
    const x0 = Float64Array.of(3, 4);
    const seen = new Set<Float64Array>();
    const result = bobyqa(
      (x) => {
        seen.add(x);
        return sphere(x);
      },
      x0,
      { lower: [1, 1] },
    );
    expect([...x0]).toEqual([3, 4]);
    expect(seen.size).toBe(1); // one buffer, reused
    expect(seen.has(result.x)).toBe(false);
    expect([...result.x]).toEqual([1, 1]);
  });

  it("rejects arguments that no run could honour, with a code and a hint", () => {
    expect(codeOf(() => bobyqa(sphere, [1, NaN]))).toBe("invalid-start");
    for (const nothing of [null, undefined, 3, {}]) {
      expect(codeOf(() => bobyqa(sphere, nothing as unknown as number[]))).toBe("invalid-start");
    }
    expect(codeOf(() => bobyqa(sphere, [1, 2], { lower: [0] }))).toBe("dimension-mismatch");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { lower: [0, NaN] }))).toBe("invalid-bounds");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { lower: 3, upper: 2 }))).toBe("invalid-bounds");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { lower: Infinity }))).toBe("invalid-bounds");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { npt: 3 }))).toBe("invalid-interpolation-points");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { npt: 7 }))).toBe("invalid-interpolation-points");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { npt: 4.5 }))).toBe("invalid-interpolation-points");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { fTarget: NaN }))).toBe("invalid-limit");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { rhobeg: 0 }))).toBe("invalid-radius");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { rhobeg: 1e-3, rhoend: 1e-2 }))).toBe("invalid-radius");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { scale: [1, 0] }))).toBe("invalid-scale");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { ftolAbs: -1 }))).toBe("invalid-tolerance");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { maxEvaluations: 0 }))).toBe("invalid-limit");
    expect(codeOf(() => bobyqa(sphere, [1, 2], { preset: "excel" as "powell" }))).toBe("unknown-preset");
    expect(() => bobyqa(sphere, [1, 2], { npt: 7 })).toThrow(
      "invalid npt: 7; give an integer from 4 to 6 for 2 free variables",
    );
  });

  it("lets errors of the objective pass through", () => {
    expect(() =>
      bobyqa(() => {
        throw new RangeError("mine");
      }, [1]),
    ).toThrow("mine");
  });
});
