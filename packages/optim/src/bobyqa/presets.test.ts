import { describe, expect, it } from "vitest";
import { bobyqa } from "./bobyqa";
import { nloptInitialStep, presetOptions } from "./presets";

describe("presets", () => {
  const bounds = { lower: [0, -Infinity, 0], upper: [Infinity, Infinity, Infinity] };

  it("give minqa's defaults: n + 2 points and radii from the start", () => {
    const options = presetOptions("minqa", [1, 0, 1], bounds);
    expect(options).toMatchObject({ npt: 5, rhobeg: 0.2, maxEvaluations: 10_000 });
    expect(options.rhoend).toBeCloseTo(2e-7, 20);
    expect(presetOptions("minqa", [1], { lower: [0], upper: [Infinity] }).npt).toBe(3);
    expect(presetOptions("minqa", [50], { lower: [0], upper: [Infinity] }).rhobeg).toBe(0.95);
  });

  it("give NLopt's first steps: towards a bound, towards zero without one, 1 at zero", () => {
    expect(nloptInitialStep(1, 0, Infinity)).toBe(0.75);
    expect(nloptInitialStep(-2, -Infinity, Infinity)).toBe(2);
    expect(nloptInitialStep(2, -Infinity, Infinity)).toBe(-2);
    expect(nloptInitialStep(0, -Infinity, Infinity)).toBe(1);
    expect(nloptInitialStep(1, 0, 10)).toBe(0.75);
    expect(nloptInitialStep(5, 0, 8)).toBe(2);
    expect(presetOptions("nlopt", [1, 0, 1], bounds)).toMatchObject({ npt: 7, rhobeg: 1 });
  });

  it("fill in what the caller does not give", () => {
    const f = (x: Float64Array) => (x[0] - 1) ** 2 + (x[1] - 2) ** 2;
    expect(bobyqa(f, [1, 1], { preset: "minqa" })).toMatchObject({ npt: 4, rhobeg: 0.2 });
    expect(bobyqa(f, [1, 1], { preset: "minqa", npt: 5 })).toMatchObject({ npt: 5, rhobeg: 0.2 });
    expect(bobyqa(f, [0, 0], { preset: "nlopt" }).f).toBeLessThan(1e-8);
  });
});
