/**
 * Models beyond the 38: what formulas, contrasts, weights, offsets, ranks and scales can do to a
 * fit, against lme4 (`fixtures/reference/more-models.R`).
 */
import { readFileSync } from "node:fs";
import { modelFrame } from "@lmmkit/formula";
import { fitFrame, modelJson } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { absence, dataFiles } from "../support/data-files";
import { readTable } from "../support/read-table";
import type { ReferenceModel } from "../support/reference";

interface MoreModel extends ReferenceModel {
  readonly nobs: number;
  readonly ngroups: Readonly<Record<string, number>>;
  readonly criterion: number;
  readonly df: number;
  readonly sigma: number;
  readonly theta: readonly number[];
  readonly thetaNames: readonly string[];
  readonly singular: boolean;
  readonly fixedNames: readonly string[];
  readonly beta: readonly number[];
  readonly stdError: readonly number[];
  readonly dropped: readonly string[];
  readonly stdDev: readonly number[];
}

const { models } = JSON.parse(
  readFileSync(new URL("../fixtures/reference/more-models.json", import.meta.url), "utf8"),
) as { models: MoreModel[] };

// Ours and lme4's θ differ by about the square root of the precision of the criterion.
const RELATIVE = 1e-4;

function fit(model: MoreModel) {
  const files = dataFiles(model.data);
  if (files === null) throw new Error(absence(model.data));
  const { contrasts, weights, offset } = model;
  const frame = modelFrame(model.formula, readTable(files), { contrasts, weights, offset });
  return modelJson(fitFrame(frame, { method: model.reml ? "REML" : "ML" }));
}

describe("lmm equals lme4", () => {
  it.each(models.map((model) => [model.id, model.formula, model] as const))("%s: %s", (_, __, model) => {
    const ours = fit(model);
    expect(ours.nobs).toBe(model.nobs);
    expect(Object.entries(ours.groups)).toEqual(Object.entries(model.ngroups));
    expect(ours.thetaNames).toEqual(model.thetaNames);
    expect(ours.fixed.map((effect) => effect.term)).toEqual(model.fixedNames);
    expect(ours.dropped).toEqual(model.dropped);
    expect(ours.df).toBe(model.df);
    expect(ours.converged).toBe(true);
    expect(ours.singular).toBe(model.singular);
    const allowed = 1e-6 * Math.max(1, Math.abs(model.criterion) / 1000);
    expect(ours.criterion).toBeLessThanOrEqual(model.criterion + allowed);
    expect(Math.abs(ours.sigma / model.sigma - 1)).toBeLessThanOrEqual(RELATIVE);
    model.beta.forEach((estimate, j) => {
      const { term, estimate: own, stdError } = ours.fixed[j];
      expect(Math.abs(own - estimate) / model.stdError[j], term).toBeLessThanOrEqual(RELATIVE);
      expect(Math.abs(stdError / model.stdError[j] - 1), term).toBeLessThanOrEqual(RELATIVE);
    });
    const deviations = ours.random.flatMap((term) => term.stdDev);
    expect(deviations).toHaveLength(model.stdDev.length);
    model.stdDev.forEach((value, k) => {
      // Zero on the boundary of a singular fit has no relative error.
      const unit = Math.max(value, 1e-2 * model.sigma);
      expect(Math.abs(deviations[k] - value) / unit, `standard deviation ${k}`).toBeLessThanOrEqual(RELATIVE);
    });
  });
});
