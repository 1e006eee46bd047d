/** Tables with the columns of broom.mixed, and what Arrow makes of them. */
import { cake } from "@lmmkit/datasets/cake";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { augment, coefTests, confint, glance, lmm, ranef, rowCount, tidy, toRecords } from "@lmmkit/lmm";
import { tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { edgeModels } from "../support/edge-models";

const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);

describe("tidy", () => {
  it("has fixed effects and variance parameters by default, as broom.mixed names them", () => {
    const table = tidy(model);
    expect(Object.keys(table)).toEqual(["effect", "group", "term", "estimate", "std.error", "statistic"]);
    expect(table.effect).toEqual(["fixed", "fixed", "ran_pars", "ran_pars", "ran_pars", "ran_pars"]);
    expect(table.group).toEqual([null, null, "Subject", "Subject", "Subject", "Residual"]);
    expect(table.term).toEqual([
      "(Intercept)",
      "Days",
      "sd__(Intercept)",
      "sd__Days",
      "cor__(Intercept).Days",
      "sd__Observation",
    ]);
    // lme4 1.1-31: fixef, VarCorr; both sides know θ to about 1e-6.
    const expected = [251.405105, 10.467286, 24.740658, 5.922138, 0.065551, 25.591796];
    table.estimate.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 3);
    });
    expect(Number(table.statistic[5])).toBeNaN();
  });

  it("has tests and intervals when asked", () => {
    const table = tidy(model, { effects: "fixed", ddf: "satterthwaite", confint: true });
    const tests = coefTests(model).rows;
    expect(Object.keys(table).slice(-5)).toEqual(["statistic", "df", "p.value", "conf.low", "conf.high"]);
    expect(Array.from<unknown>(table["p.value"])).toEqual(tests.map((row) => row.pValue));
    const wald = confint(model, { method: "wald", parameters: ["fixed"] }).rows;
    expect(Array.from<unknown>(table["conf.low"])).toEqual(wald.map((row) => row.lower));
    const profile = tidy(model, { effects: "ran_pars", confint: { method: "profile" } });
    // R: confint(m, oldNames = FALSE), rows sd_(Intercept)|Subject, sd_Days|Subject, cor_…, sigma.
    const expected = [14.3815, 3.80116, -0.4815, 22.89827];
    Array.from<unknown>(profile["conf.low"]).forEach((value, i) => {
      expect(Number(value)).toBeCloseTo(expected[i], 2);
    });
  });

  it("has the conditional modes and the coefficients of every level", () => {
    const values = tidy(model, { effects: "ran_vals", confint: { level: 0.9 } });
    const [effects] = ranef(model, { condVar: true });
    expect(rowCount(values)).toBe(36);
    expect(Array.from(values.estimate)).toEqual(Array.from(effects.values));
    expect(values.level.slice(0, 2)).toEqual(["308", "309"]);
    const [first] = toRecords(values);
    expect(first).toMatchObject({ effect: "ran_vals", group: "Subject", level: "308", term: "(Intercept)" });
    expect(Number(first["std.error"]) ** 2).toBeCloseTo(effects.condVar?.[0] ?? 0, 10);
    // ±1.6449 standard deviations.
    expect((Number(first["conf.high"]) - Number(first["conf.low"])) / Number(first["std.error"])).toBeCloseTo(
      3.2897072539,
      8,
    );
    const coefs = tidy(model, { effects: ["ran_coefs"] });
    expect(Number(coefs.estimate[0])).toBe(model.beta[0] + effects.values[0]);
    expect(Object.keys(coefs)).toEqual(["effect", "group", "level", "term", "estimate"]);
  });

  it("refuses an effect that is none", () => {
    expect(() => tidy(model, { effects: "random" as "fixed" })).toThrow(
      'unknown effects: "random"; choose among',
    );
  });
});

describe("glance", () => {
  it("is one row", () => {
    const [row] = toRecords(glance(model));
    expect(Object.keys(row)).toEqual(["nobs", "sigma", "logLik", "AIC", "BIC", "REMLcrit", "df.residual"]);
    expect(row.REMLcrit).toBe(model.criterion);
    const ml = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table, { method: "ML" });
    expect(toRecords(glance(ml))[0].deviance).toBeCloseTo(ml.criterion, 9);
  });
});

describe("augment", () => {
  it("has the table's columns on the rows used, then the diagnostics", () => {
    const { table } = edgeModels["missing rows"];
    const fit = lmm("Reaction ~ Days + (Days | Subject)", table);
    const augmented = augment(fit, table);
    expect(Object.keys(augmented).slice(0, 5)).toEqual(["Reaction", "Days", "Subject", ".fitted", ".resid"]);
    expect(rowCount(augmented)).toBe(fit.nobs);
    expect(augmented.Reaction).toEqual(fit.response);
    expect(augmented.Subject[0]).toBe("308");
    expect(augmented[".fitted"]).toEqual(fit.fitted);
    const own = augment(fit);
    expect(Object.keys(own).slice(0, 3)).toEqual(["Reaction", "Subject", ".fitted"]);
    expect(own.Subject).toEqual(augmented.Subject);
  });

  it("refuses another table", () => {
    expect(() => augment(model, cake.table)).toThrow(
      "wrong length of table: 270; the model was fitted to a table of 180",
    );
  });
});

describe("Arrow", () => {
  it("takes every table as it is", () => {
    const tables = [
      tidy(model, { effects: ["fixed", "ran_pars", "ran_vals"], ddf: "satterthwaite", confint: true }),
      glance(model),
      augment(model, sleepstudy.table),
    ];
    for (const table of tables) {
      const arrow = tableFromIPC(tableToIPC(tableFromArrays(table as Parameters<typeof tableFromArrays>[0])));
      expect(arrow.numRows).toBe(rowCount(table));
      for (const [name, values] of Object.entries(table)) {
        const read = arrow.getChild(name);
        expect(Array.from(read ?? [])).toEqual(Array.from<unknown>(values));
      }
    }
  });
});

describe.each(Object.entries(edgeModels))("a model with %s", (_, { formula, table, options }) => {
  it("has all tables", () => {
    const fit = lmm(formula, table, options);
    const all = tidy(fit, {
      effects: ["fixed", "ran_pars", "ran_vals", "ran_coefs"],
      ddf: "satterthwaite",
      confint: true,
    });
    const estimates = Array.from(all.estimate, Number);
    expect(estimates.slice(0, fit.beta.length)).toEqual(Array.from(fit.beta));
    expect(estimates.every(Number.isFinite)).toBe(true);
    expect(rowCount(augment(fit, table))).toBe(fit.nobs);
    expect(rowCount(glance(fit))).toBe(1);
  });
});
