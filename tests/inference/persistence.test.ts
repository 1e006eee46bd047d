/** A fit that was saved and loaded again answers every question with the same bits. */
import { readFileSync } from "node:fs";
import { InstEval } from "@lmmkit/datasets/InstEval";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import {
  aic,
  anova,
  builtInStructures,
  type CovarianceStructure,
  coef,
  coefTests,
  compareModels,
  contest,
  deviance,
  emmeans,
  fitted,
  formatSummary,
  getME,
  hasRows,
  isSingular,
  jointCovariance,
  type LinearMixedModel,
  lmm,
  loadModel,
  modelJson,
  ranef,
  residuals,
  saveModel,
  varCorr,
  varianceParameters,
  vcov,
} from "@lmmkit/lmm";
import Ajv2020 from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { edgeModels } from "../support/edge-models";

/** What a question is answered with: a value, or the message of a refusal. */
function answer(question: () => unknown): unknown {
  try {
    return question();
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const schema = new URL("../../packages/lmm/schema/saved-model-1.schema.json", import.meta.url);
const isSavedModel = new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(schema, "utf8")));

/** Questions that need no row. */
const withoutRows: Readonly<Record<string, (model: LinearMixedModel) => unknown>> = {
  "the summary": (model) => formatSummary(model, { ddf: "satterthwaite" }),
  "JSON of the command line": (model) => modelJson(model, { ddf: "satterthwaite" }),
  "random effects": (model) => ranef(model, { condVar: true }),
  coefficients: coef,
  "variance components": varCorr,
  "their standard errors": varianceParameters,
  "their joint covariance": jointCovariance,
  vcov,
  "information criteria": (model) => [aic(model), deviance(model), isSingular(model)],
  "t tests": (model) => coefTests(model, { ddf: "satterthwaite" }),
  "t tests by Kenward and Roger": (model) => coefTests(model, { ddf: "kenward-roger" }),
  "analysis of variance, type I": (model) => anova(model, { type: "I" }),
  "analysis of variance, type II": (model) => anova(model, { type: "II" }),
  "analysis of variance, type III": (model) => anova(model, { type: "III" }),
  "marginal means": (model) => emmeans(model, Object.keys(model.frame.schema.factors)),
  "a contrast": (model) => contest(model, [model.beta.map((_, j) => j + 1)]),
};

/** Questions to the rows. */
const ofRows: Readonly<Record<string, (model: LinearMixedModel) => unknown>> = {
  "fitted values": fitted,
  residuals: (model) => residuals(model, "scaled"),
  rows: ({ response, weights, offset, rows }) => ({ response, weights, offset, rows }),
};

describe.each(Object.entries(edgeModels))("a model with %s", (_, { formula, table, options }) => {
  const model = lmm(formula, table, options);
  const whole = loadModel(JSON.stringify(saveModel(model)));
  const light = loadModel(JSON.stringify(saveModel(model, { data: false })));

  it("comes back from its text as it was", () => {
    // toEqual tells 0 from −0 and takes NaN for NaN.
    expect(whole).toEqual(model);
    expect(hasRows(whole.frame)).toBe(true);
    expect(hasRows(light.frame)).toBe(false);
  });

  it("is saved as the published schema has it", () => {
    for (const data of [true, false]) {
      const valid = isSavedModel(JSON.parse(JSON.stringify(saveModel(model, { data }))));
      expect(isSavedModel.errors).toBeNull();
      expect(valid).toBe(true);
    }
  });

  it("is saved the same way a second time", () => {
    expect(JSON.stringify(saveModel(whole))).toBe(JSON.stringify(saveModel(model)));
    expect(JSON.stringify(saveModel(light, { data: false }))).toBe(
      JSON.stringify(saveModel(model, { data: false })),
    );
  });

  it.each(Object.entries(withoutRows))("answers for %s, with data and without", (_name, question) => {
    const before = answer(() => question(model));
    expect(answer(() => question(whole))).toEqual(before);
    expect(answer(() => question(light))).toEqual(before);
  });

  it.each(Object.entries(ofRows))("has %s with data, and says so without", (_name, question) => {
    expect(question(whole)).toEqual(question(model));
    expect(() => question(light)).toThrowError(
      expect.objectContaining({ name: "SavedModelError", code: "saved-without-data" }),
    );
  });

  it("is compared with another by likelihood", () => {
    const other = lmm(formula, table, { ...options, method: "ML" });
    expect(answer(() => compareModels([whole, other]))).toEqual(answer(() => compareModels([model, other])));
  });
});

describe("InstEval, 73,421 rows and 4,128 groups", () => {
  const model = lmm("y ~ 1 + (1 | s) + (1 | d) + (1 | dept:service)", InstEval.table);

  it("is saved without data in less than 2 MB, and with data in less than 6", () => {
    const light = JSON.stringify(saveModel(model, { data: false }));
    const whole = JSON.stringify(saveModel(model));
    expect(light.length).toBeLessThan(2e6);
    expect(whole.length).toBeLessThan(6e6);
    expect(formatSummary(loadModel(light))).toBe(formatSummary(model));
    expect(fitted(loadModel(whole))).toEqual(model.fitted);
  });
});

describe("covariance structures", () => {
  it.each(["cs", "homcs", "ar1", "hetar1", "homdiag", "diag"])("%s comes back by its name", (structure) => {
    const model = lmm(`Reaction ~ Days + ${structure}(Days | Subject)`, sleepstudy.table);
    for (const data of [true, false]) {
      const loaded = loadModel(JSON.stringify(saveModel(model, { data })));
      expect(loaded.design).toEqual(model.design);
      expect(formatSummary(loaded)).toBe(formatSummary(model));
    }
  });

  it("of the user's own are given again", () => {
    const own = { ...(builtInStructures.get("cs") as CovarianceStructure), name: "mine" };
    const structures = { mine: own };
    const model = lmm("Reaction ~ Days + mine(Days | Subject)", sleepstudy.table, { structures });
    const text = JSON.stringify(saveModel(model));
    expect(() => loadModel(text)).toThrow('unknown covariance structure: "mine"');
    expect(formatSummary(loadModel(text, { structures }))).toBe(formatSummary(model));
  });
});

describe("files of version 1, written on 2026-11-22", () => {
  const file = new URL("../fixtures/saved-model-1.json", import.meta.url);
  const saved = JSON.parse(readFileSync(file, "utf8"));

  it.each(["withData", "withoutData"])("are loaded still: %s", (kind) => {
    const model = loadModel(saved[kind].saved);
    expect(formatSummary(model, { ddf: "satterthwaite" })).toBe(saved[kind].summary);
    expect(hasRows(model.frame)).toBe(kind === "withData");
    // Evaluated again from what the file holds, not read from it.
    expect(getME(model, "devfun")(model.theta)).toBeCloseTo(model.criterion, 9);
  });
});
