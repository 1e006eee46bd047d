import { describe, expect, it } from "vitest";
import { OptimError } from "../optim-error";
import { MORE_WILD } from "../test-problems/more-wild.test-support";
import { bobyqa } from "./bobyqa";
import { type NewuoaOptions, newuoa } from "./newuoa";

const rosenbrock = (x: Float64Array) => 100 * (x[1] - x[0] * x[0]) ** 2 + (1 - x[0]) ** 2;

describe("newuoa", () => {
  it("is BOBYQA without bounds, with 2n + 1 points", () => {
    for (const { f, x0, n, rhobeg } of MORE_WILD.slice(6, 16)) {
      const options = { rhobeg, rhoend: 1e-6 };
      expect(newuoa(f, x0, options)).toEqual(bobyqa(f, x0, { ...options, npt: 2 * n + 1 }));
    }
  });

  it("passes options on", () => {
    const result = newuoa(rosenbrock, [-1.2, 1], { npt: 6, rhobeg: 0.5, rhoend: 1e-8, trace: true });
    expect(result).toMatchObject({ status: "converged", npt: 6, rhobeg: 0.5, rhoend: 1e-8 });
    expect(result.trace).toHaveLength(result.evaluations);
    expect(result.f).toBeLessThan(1e-14);
  });

  it("refuses bounds and presets instead of ignoring them", () => {
    for (const wrong of [{ lower: 0 }, { upper: [1, 1] }, { preset: "minqa" }]) {
      expect(() => newuoa(rosenbrock, [0, 0], wrong as NewuoaOptions)).toThrow(OptimError);
    }
  });
});
