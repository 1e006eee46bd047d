import { describe, expect, it } from "vitest";
import { dense, frameOf, group, ones, term } from "../frame.test-support";
import { nestedMachines } from "../machines.test-support";
import { isSingular } from "../model/accessors";
import { randomModel, uniforms } from "../random-model.test-support";
import { fitFrame } from "./fit-frame";
import { fitMany } from "./fit-many";

const n = 80;
const next = uniforms(11);
const codes = Array.from({ length: n }, (_, row) => row % 10);
const x = Array.from({ length: n }, () => next() - 0.5);
const slopes = Array.from({ length: 10 }, () => 6 * (next() - 0.5));
const y = codes.map((code, row) => 1 + (2 + slopes[code]) * x[row] + slopes[(code * 3) % 10] + next());
const g = group("g", codes);

/** The random slope of a covariate in another unit. */
function inUnits(unit: number) {
  const scaled = dense(x.map((value) => value * unit));
  const columns = { "(Intercept)": ones, x: scaled };
  return frameOf({ y, fixed: columns, random: [term(g, columns)] });
}

describe("covariates in extreme units", () => {
  it("are refused by name where their slopes would have no square", () => {
    for (const unit of [1e-139, 1e-100, 1e-76, 1e-66]) {
      expect(() => fitFrame(inUnits(unit))).toThrow(expect.objectContaining({ code: "unusable-scale" }));
    }
  });

  it("give the same fit elsewhere, which is no more singular for it", () => {
    const plain = fitFrame(inUnits(1));
    expect(plain.singular).toBe(false);
    for (const unit of [1e-63, 1e-20, 1e20, 1e60]) {
      const fit = fitFrame(inUnits(unit));
      // REML sees the unit of X: 2 log(unit) more.
      expect(fit.criterion - 2 * Math.log(unit)).toBeCloseTo(plain.criterion, 5);
      expect(fit.sigma / plain.sigma).toBeCloseTo(1, 5);
      expect(fit.converged).toBe(true);
      expect(fit.singular).toBe(false);
      expect(isSingular(fit)).toBe(false);
    }
  });

  it("leave what is singular so", () => {
    const columns = { "(Intercept)": ones, x: dense(x.map((value) => value * 1e30)) };
    const flat = codes.map((code, row) => slopes[code] + x[row] + (row % 7) / 7);
    const fit = fitFrame(
      frameOf({ y: flat, fixed: columns, random: [term(g), term(g, { x: columns.x }, "diag")] }),
    );
    expect(fit.singular).toBe(fit.theta[1] === 0 || fit.theta[0] === 0);
    expect(isSingular(fit)).toBe(fit.singular);
  });
});

describe("what cannot be fitted", () => {
  it("says that a term has no columns", () => {
    const frame = frameOf({ y, fixed: { "(Intercept)": ones }, random: [term(g, {})] });
    expect(() => fitFrame(frame)).toThrow(
      expect.objectContaining({
        code: "no-random-terms",
        message: expect.stringMatching(/empty random-effects term/),
      }),
    );
  });

  it("says that groups determine the response, also where the search was still on its way to σ = 0", () => {
    for (const [levels, size] of [
      [10, 6],
      [12, 8],
      [20, 4],
    ]) {
      const rows = Array.from({ length: levels * size }, (_, row) => row);
      const own = rows.map((row) => Math.floor(row / size));
      const time = { "(Intercept)": ones, time: dense(rows.map((row) => row % size)) };
      const exact = own.map((code, row) => code + (row % size) * code * code);
      const frame = frameOf({ y: exact, fixed: time, random: [term(group("g", own), time)] });
      for (const method of ["REML", "ML"] as const) {
        expect(() => fitFrame(frame, { method })).toThrow(expect.objectContaining({ code: "perfect-fit" }));
      }
    }
  });

  it("says that no weight is positive", () => {
    const frame = frameOf({ y, fixed: { "(Intercept)": ones }, random: [term(g)], weights: y.map(() => 0) });
    expect(() => fitFrame(frame)).toThrow(
      expect.objectContaining({
        code: "no-rows",
        message: expect.stringMatching(/no positive weight: all 80/),
      }),
    );
  });

  it.each([{ maxEvaluations: 0 }, { npt: 99 }, { rhobeg: -1 }])(
    "says which setting of the optimizer it was: %o",
    (optimizer) => {
      expect(() => fitFrame(nestedMachines, { optimizer })).toThrow(
        expect.objectContaining({ name: "LmmError", code: "invalid-option" }),
      );
      const { response } = nestedMachines;
      expect(() => fitMany(nestedMachines, [response?.values ?? []], { optimizer })).toThrow(
        expect.objectContaining({ code: "invalid-option" }),
      );
    },
  );
});

describe("a start that is far off", () => {
  it("leads to the minimum all the same", () => {
    for (const method of ["ML", "REML"] as const) {
      for (const frame of [inUnits(1), randomModel("slope", 7)]) {
        const own = fitFrame(frame, { method });
        const far = fitFrame(frame, { method, start: [1e-8, 1e8, 1e8] });
        expect(far.converged).toBe(true);
        // What a certificate allows.
        expect(far.criterion).toBeLessThan(own.criterion + 2e-6);
      }
    }
  });
});
