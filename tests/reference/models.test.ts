/** The 38 reference models through the command line, against lme4's polished fits. */
import { afterAll, describe, expect, it } from "vitest";
import { dataFiles, titleFor } from "../support/data-files";
import type { JsonFit } from "../support/json-fit";
import { type ExpectedFit, expectedFit, many, models, type ReferenceModel } from "../support/reference";
import { runLmm } from "../support/run-lmm";

const lowered: string[] = [];

afterAll(() => {
  // lme4's values are themselves optimizer output; ours may be lower.
  if (lowered.length > 0) console.info(`criterion below lme4's:\n${lowered.join("\n")}`);
});

function fitArguments(model: ReferenceModel, csv: string, schema: string): string[] {
  const args = ["fit", model.formula, csv, "--schema", schema, "--json", "--quiet"];
  if (!model.reml) args.push("--ml");
  for (const [column, name] of Object.entries(model.contrasts ?? {}))
    args.push("--contrasts", `${column}=${name}`);
  if (model.weights !== undefined) args.push("--weights", model.weights);
  if (model.offset !== undefined) args.push("--offset", model.offset);
  return args;
}

describe("lmm fit reproduces lme4", () => {
  for (const model of models) {
    const files = dataFiles(model.data);
    it.skipIf(files === null)(titleFor(`${model.id}: ${model.formula}`, model.data), async () => {
      const expected = expectedFit(model.id);
      if (files === null || expected === null) throw new Error(`no reference fit for ${model.id}`);
      const run = await runLmm(fitArguments(model, files.csv, files.schema));
      expect(run, run.stderr).toMatchObject({ status: 0 });
      expectFit(JSON.parse(run.stdout) as JsonFit, expected);
    });
  }
});

function expectFit(fit: JsonFit, expected: ExpectedFit): void {
  expectNames(fit, expected);
  expectCriterion(fit, expected);
  expectFixedEffects(fit, expected);
  expectVarianceComponents(fit, expected);
}

function expectNames(fit: JsonFit, expected: ExpectedFit): void {
  expect(fit.method).toBe(expected.method);
  expect(fit.nobs).toBe(expected.nobs);
  // As lists: the order of groups, most levels first, is part of what is compared.
  expect(Object.entries(fit.groups)).toEqual(Object.entries(expected.ngroups));
  expect(fit.thetaNames).toEqual(many(expected.thetaNames));
  expect(fit.fixed.map((effect) => effect.term)).toEqual(expected.fixed.map((effect) => effect.term));
  expect(fit.random.map(({ group, terms }) => [group, terms])).toEqual(
    expected.random.map(({ group, terms }) => [group, many(terms)]),
  );
  expect(fit.dropped).toEqual([]);
  expect(fit.converged).toBe(true);
  expect(fit.singular).toBe(expected.singular);
}

/** How far above lme4's criterion ours may be: 1e-6, or 1e-9 of it where it is large. */
function margin(criterion: number): number {
  return 1e-6 * Math.max(1, Math.abs(criterion) / 1000);
}

function expectCriterion(fit: JsonFit, expected: ExpectedFit): void {
  const allowed = margin(expected.criterion);
  expect(fit.criterion).toBeLessThanOrEqual(expected.criterion + allowed);
  if (fit.criterion < expected.criterion - allowed) {
    lowered.push(`  ${expected.id}: ${fit.criterion} < ${expected.criterion}`);
  }
  expect(fit.df).toBe(expected.df);
  // Information criteria are the criterion and known numbers, so they differ from lme4's as it does.
  const difference = fit.criterion - expected.criterion;
  const rounding = 1e-12 * Math.abs(expected.criterion);
  expect(Math.abs(fit.logLik - (expected.logLik - difference / 2))).toBeLessThanOrEqual(rounding);
  expect(Math.abs(fit.AIC - (expected.AIC + difference))).toBeLessThanOrEqual(rounding);
  expect(Math.abs(fit.BIC - (expected.BIC + difference))).toBeLessThanOrEqual(rounding);
}

// θ at an optimum is known to about the square root of the criterion's precision, and lme4's by
// an optimizer of its own: estimates are compared on the scale of what they are used for.
const STANDARD_ERRORS = 1e-4;
const RELATIVE = 1e-4;

function expectFixedEffects(fit: JsonFit, expected: ExpectedFit): void {
  const p = expected.fixed.length;
  expected.fixed.forEach(({ term, estimate, stdError, tValue }, j) => {
    const ours = fit.fixed[j];
    expect(Math.abs(ours.estimate - estimate) / stdError, term).toBeLessThanOrEqual(STANDARD_ERRORS);
    expect(Math.abs(ours.stdError / stdError - 1), term).toBeLessThanOrEqual(RELATIVE);
    expect(ours.tValue, term).toBe(ours.estimate / ours.stdError);
    // t inherits both errors above.
    expect(Math.abs(ours.tValue - tValue), term).toBeLessThanOrEqual(
      STANDARD_ERRORS + RELATIVE * Math.abs(tValue),
    );
  });
  const vcov = many(expected.vcov);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) {
      const scale = expected.fixed[i].stdError * expected.fixed[j].stdError;
      // Twice the relative error of a standard error.
      expect(Math.abs(fit.vcov[i][j] - vcov[i + p * j]) / scale).toBeLessThanOrEqual(2 * RELATIVE);
    }
  }
}

function expectVarianceComponents(fit: JsonFit, expected: ExpectedFit): void {
  expect(Math.abs(fit.sigma / expected.sigma - 1)).toBeLessThanOrEqual(RELATIVE);
  expected.random.forEach(({ group, stdDev, corr }, t) => {
    const ours = fit.random[t];
    const deviations = many(stdDev);
    deviations.forEach((value, k) => {
      // A standard deviation of 0 has no relative error: 1e-6 σ is what can be asked of it.
      const allowed = Math.max(RELATIVE * value, 1e-6 * expected.sigma);
      expect(Math.abs(ours.stdDev[k] - value), `${group} ${k}`).toBeLessThanOrEqual(allowed);
    });
    let next = 0;
    const correlations = many(corr);
    for (let j = 0; j < deviations.length; j++) {
      expect(ours.corr[j][j]).toBe(1);
      for (let i = j + 1; i < deviations.length; i++) {
        // A correlation is a ratio of three numbers that are each known to 1e-4.
        expect(Math.abs(ours.corr[i][j] - correlations[next]), `${group} ${i},${j}`).toBeLessThanOrEqual(
          3 * RELATIVE,
        );
        expect(ours.corr[j][i]).toBe(ours.corr[i][j]);
        next++;
      }
    }
  });
}
