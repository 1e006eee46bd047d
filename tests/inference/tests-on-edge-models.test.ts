/** Every test of terms, effects and variances on models that are unusual in one way: right, or refused by name. */
import { Dyestuff2 } from "@lmmkit/datasets/Dyestuff2";
import {
  anova,
  bootstrapTest,
  coefTests,
  compareModels,
  contest,
  contrast,
  drop1,
  emmeans,
  emtrends,
  InferenceError,
  jointCovariance,
  type LinearMixedModel,
  lmm,
  loadModel,
  ranova,
  restrictedLrt,
  saveModel,
  step,
  varianceParameters,
} from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { edgeModels } from "../support/edge-models";

const ddfs = ["satterthwaite", "kenward-roger", "asymptotic"] as const;

function isProbability(value: number): void {
  expect(value).toBeGreaterThanOrEqual(0);
  expect(value).toBeLessThanOrEqual(1);
}

/** Numeric columns of the fixed effects that are no levels, and factors. */
function columnsOf(model: LinearMixedModel) {
  const variables = model.frame.schema.grid?.variables ?? [];
  return {
    numbers: variables.flatMap((v) => (v.kind === "numeric" && !v.discrete ? [v.name] : [])),
    factors: variables.flatMap((v) => (v.kind === "factor" ? [v.name] : [])),
  };
}

describe.each(Object.entries(edgeModels))("%s", (_, { formula, table, options }) => {
  const model = lmm(formula, table, options ?? {});
  const p = model.beta.length;

  it.each(ddfs)("fixed effects: t and F tests agree and are finite (%s)", (ddf) => {
    const { rows } = coefTests(model, { ddf });
    expect(rows).toHaveLength(p);
    rows.forEach((row, j) => {
      isProbability(row.pValue);
      expect(row.df).toBeGreaterThan(0);
      const own = contest(model, [model.fixedNames.map((_name, i) => (i === j ? 1 : 0))], { ddf });
      expect(own.fValue / row.tValue ** 2).toBeCloseTo(1, 8);
    });
    for (const type of ["I", "II", "III"] as const) {
      const { rows: terms } = anova(model, { type, ddf });
      expect(terms.map(({ term }) => term)).toEqual(model.frame.fixed.termLabels);
      for (const { numDf, fValue, pValue } of terms) {
        // What a dropped column leaves untestable has no degrees of freedom, and says NaN.
        if (numDf === 0) expect(fValue).toBeNaN();
        else isProbability(pValue);
      }
    }
  });

  it("variance parameters: errors where there is something to err about", () => {
    const { covariance, diagnostics } = jointCovariance(model);
    expect(covariance).toHaveLength(model.theta.length + 1);
    covariance.forEach((row, i) => {
      expect(row[i]).toBeGreaterThanOrEqual(0);
      row.forEach((value, j) => {
        expect(value).toBeCloseTo(covariance[j][i], 12);
      });
    });
    if (model.singular) expect(diagnostics.join()).toMatch(/singular fit/);
    const { parameters } = varianceParameters(model);
    for (const { estimate, stdError, kind } of parameters) {
      if (stdError === null) expect(model.singular).toBe(true);
      else expect(stdError).toBeGreaterThan(0);
      if (kind === "stdDev") expect(estimate).toBeGreaterThanOrEqual(0);
    }
  });

  it("deletions: F and likelihood ratios of the same terms, on the same rows", () => {
    const f = drop1(model);
    const lrt = drop1(model, { test: "lrt" });
    expect(lrt.rows.map(({ term }) => term)).toEqual(f.rows.map(({ term }) => term));
    lrt.rows.forEach((row, i) => {
      if (row.df === 0) {
        // A term that lies within the others cannot be tested.
        expect(row.pValue).toBeNaN();
        expect(f.rows[i].df).toBe(0);
        return;
      }
      expect(row.df).toBe(f.rows[i].df);
      isProbability(row.pValue);
      const direct = lmm(row.formula, table, { ...options, method: "ML" });
      const full = lmm(formula, table, { ...options, method: "ML" });
      expect(direct.nobs).toBe(model.nobs);
      expect(row.statistic).toBeCloseTo(direct.criterion - full.criterion, 5);
    });
  });

  it("random effects: deletions, restricted likelihood ratios, bootstrap", () => {
    const { rows, method } = ranova(model, { draws: 200 });
    expect(rows.length).toBeGreaterThan(0);
    expect(method).toBe(model.method);
    for (const { chiSquare, pValue, boundary, df } of rows) {
      expect(chiSquare).toBeGreaterThanOrEqual(0);
      expect(df).toBeGreaterThan(0);
      isProbability(pValue);
      if (boundary !== null)
        expect(boundary.pValue).toBeLessThanOrEqual(pValue + 4 * (boundary.simulation?.stdError ?? 0));
    }
    const scalar = model.design.terms.find(({ columns }) => columns.length === 1);
    if (scalar !== undefined) {
      const test = restrictedLrt(model, { term: scalar.name, nsim: 500 });
      isProbability(test.pValue);
      if (model.method === "REML") {
        const row = rows[model.frame.random.length === 1 ? 0 : scalar.frameIndex];
        expect(test.statistic).toBeCloseTo(row.chiSquare, 5);
      }
    }
    const [reduced] = rows;
    if (/\|/.test(reduced.formula)) {
      const smaller = lmm(reduced.formula, table, options ?? {});
      const { models } = compareModels([smaller, model], { refit: false });
      expect(models[1].chiSquare).toBeCloseTo(reduced.chiSquare, 5);
      isProbability(bootstrapTest(smaller, model, { nsim: 3 }).pValue);
    }
  });

  it("backward elimination ends with a model that nothing more leaves", () => {
    const { model: left, steps } = step(model);
    expect(steps[steps.length - 1].removed).toBeNull();
    expect(left.nobs).toBe(model.nobs);
    for (const { pValue } of drop1(left).rows) expect(pValue).toBeLessThanOrEqual(0.05);
  });

  it("means, slopes and contrasts, with rows and without", () => {
    const saved = loadModel(JSON.stringify(saveModel(model, { data: false })));
    const { numbers, factors } = columnsOf(model);
    for (const own of [model, saved]) {
      for (const ddf of ddfs) {
        const grand = emmeans(own, [], { ddf });
        const [{ estimate, stdError, lower, upper }] = grand.means;
        expect(stdError).toBeGreaterThan(0);
        expect(lower).toBeLessThan(estimate);
        expect(upper).toBeGreaterThan(estimate);
        expect(grand.means[0].estimate).toBe(emmeans(model, [], { ddf }).means[0].estimate);
      }
      for (const factor of factors) {
        const means = emmeans(own, factor);
        for (const { pValue } of contrast(own, means, "trt.vs.ctrl").rows) isProbability(pValue);
      }
      for (const name of numbers) {
        const { means } = emtrends(own, name);
        expect(means).toHaveLength(1);
        // With twice = 2 Days + 1 no slope of either alone is known.
        if (own.dropped.length > 0) expect(means[0].estimate).toBeNaN();
        // Along a column of the offset alone the slope is known, up to the rounding of a difference.
        else if (name === "extra") {
          expect(means[0].estimate).toBeCloseTo(1, 10);
          expect(means[0].stdError).toBe(0);
        } else expect(means[0].stdError).toBeGreaterThan(0);
      }
    }
  });
});

describe("what there is nothing to test of", () => {
  it("an intercept alone has no terms", () => {
    const model = lmm("Yield ~ 1 + (1 | Batch)", Dyestuff2.table);
    expect(anova(model).rows).toEqual([]);
    expect(drop1(model).rows).toEqual([]);
    expect(() => emmeans(model, "Batch")).toThrow(InferenceError);
  });

  it("no fixed effects at all: tables are empty, means are zero or refused", () => {
    const table = { ...Dyestuff2.table, Yield: Array.from(Dyestuff2.table.Yield, (value) => value - 5) };
    const model = lmm("Yield ~ 0 + (1 | Batch)", table);
    for (const ddf of ddfs) expect(coefTests(model, { ddf }).rows).toEqual([]);
    expect(anova(model).rows).toEqual([]);
    expect(drop1(model, { test: "lrt" }).rows).toEqual([]);
    expect(jointCovariance(model).covariance).toHaveLength(2);
    expect(ranova(model).rows).toHaveLength(1);
    expect(() => contest(model, [])).toThrow(/^empty contrast/);
  });
});
