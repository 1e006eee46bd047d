/** The model that each bundled data set suggests can be fitted to it, to lme4's REML criterion. */
import { datasets, loadDataset } from "@lmmkit/datasets";
import { lmm } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";

/**
 * `REMLcrit(lmer(example, data))` with lme4's defaults, R 4.2.2, lme4 1.1.31, on lme4's own data.
 * InstEval's example takes seconds and is among the reference models.
 */
const criteria: Readonly<Record<string, number>> = {
  Arabidopsis: 2071.8280495,
  cake: 1638.62145988,
  cbpp: -58.0578718655,
  Dyestuff: 319.654276842,
  Dyestuff2: 161.828277812,
  grouseticks: 874.504323168,
  Pastes: 246.990745853,
  Penicillin: 330.860589,
  sleepstudy: 1743.62827196,
  VerbAgg: 15302.040801,
};

describe("the example of a bundled data set", () => {
  it("is given for every data set", () => {
    const names = datasets.map((info) => info.name).filter((name) => name !== "InstEval");
    expect(names).toEqual(Object.keys(criteria));
  });

  it.each(Object.entries(criteria))("%s fits and reaches lme4's criterion, %d", async (name, criterion) => {
    const { example, table, nrows } = await loadDataset(name);
    const fit = lmm(example, table, { method: "REML" });
    expect(fit.converged).toBe(true);
    expect(fit.nobs).toBe(nrows);
    // Dyestuff2 was made for this.
    expect(fit.singular).toBe(name === "Dyestuff2");
    // The values above have 12 digits; lme4's default optimizer may stop a little early, never below.
    const rounding = 1e-11 * Math.abs(criterion);
    expect(fit.criterion).toBeLessThanOrEqual(criterion + rounding);
    expect(fit.criterion).toBeGreaterThan(criterion - 1e-5);
  });
});
