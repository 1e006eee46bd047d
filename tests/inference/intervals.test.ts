/** Profile, Wald and bootstrap intervals against lme4's, and on fits that are unusual in one way. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import {
  bootstrap,
  bootstrapInterval,
  confint,
  formatConfint,
  type LinearMixedModel,
  lmm,
  loadModel,
  PlsWorkspace,
  profile,
  SavedModelError,
  saveModel,
  simulate,
} from "@lmmkit/lmm";
import { bobyqa } from "@lmmkit/optim";
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { edgeModels } from "../support/edge-models";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";

interface Limits {
  readonly term: string;
  readonly "2.5 %"?: number;
  readonly "97.5 %"?: number;
}

interface Reference {
  readonly id: string;
  readonly data: string;
  readonly confintWald: readonly Limits[];
  /** null where lme4's took too long or stopped. */
  readonly confintProfile: readonly Limits[] | null;
}

const ids = [
  "cake-reml",
  "chickweight-reml",
  "classroom-ml",
  "exam-slope-ml",
  "machines-nested-reml",
  "npk-reml",
  "oats-reml",
  "orthodont-reml",
  "pastes-nested-reml",
  "penicillin-reml",
  "ratpup-reml",
  "sleepstudy-slope-reml",
  "sleepstudy-uncorrelated-reml",
];

/** Share of an interval's width. lme4 reads its limits from splines through points half a unit of ζ apart. */
const SHARE = 1e-3;

function reference(id: string): Reference | null {
  const path = ["../fixtures/reference/inference/", "../../../shared/reference/inference/"]
    .map((folder) => fileURLToPath(new URL(`${folder}${id}.json`, import.meta.url)))
    .find(existsSync);
  return path === undefined ? null : JSON.parse(readFileSync(path, "utf8"));
}

function fit(id: string): LinearMixedModel {
  const { data, formula, reml, contrasts } = modelById(id);
  const files = dataFiles(data);
  if (files === null) throw new Error(`no data for ${id}`);
  return lmm(formula, readTable(files) as Parameters<typeof lmm>[1], {
    method: reml ? "REML" : "ML",
    ...(contrasts === undefined ? {} : { contrasts }),
  });
}

/** What −2 log-likelihood rises above `deviance` with σ held, by a search without derivatives. */
function riseAtSigma(model: LinearMixedModel, deviance: number, sigma: number): number {
  const workspace = new PlsWorkspace(model.design, model.products);
  const f = (theta: ArrayLike<number>): number => {
    if (!workspace.evaluate(theta)) return Number.POSITIVE_INFINITY;
    const { logDetL2, pwrss, products } = workspace;
    return logDetL2 + products.nobs * Math.log(2 * Math.PI * sigma * sigma) + pwrss / (sigma * sigma);
  };
  const lowest = [model.theta, model.design.theta0].map(
    (start) => bobyqa(f, start, { rhobeg: 0.2, rhoend: 1e-9 }).f,
  );
  return Math.min(...lowest) - deviance;
}

describe.each(ids)("%s", (id) => {
  const expected = reference(id);
  const absent = expected === null || dataFiles(expected.data) === null;
  const title = (text: string) =>
    absent ? `${text} (skipped: its data may not be published and ../shared does not have them)` : text;

  it.skipIf(absent)(title("has lme4's profile and Wald intervals"), () => {
    if (expected === null) return;
    const model = fit(id);
    const { rows, diagnostics } = confint(model);
    expect(diagnostics).toEqual([]);
    if (expected.confintProfile !== null) {
      expect(rows.map(({ name }) => name)).toEqual(expected.confintProfile.map(({ term }) => term));
    }
    expected.confintProfile?.forEach((row, i) => {
      const { name, lower, upper } = rows[i];
      // Where lme4 loses its way; see below.
      if (id === "orthodont-reml" && name === "sigma") return;
      const width = upper - lower;
      expect(Math.abs(lower - (row["2.5 %"] ?? Number.NaN)) / width, `${name} ${lower}`).toBeLessThan(SHARE);
      expect(Math.abs(upper - (row["97.5 %"] ?? Number.NaN)) / width, `${name} ${upper}`).toBeLessThan(SHARE);
    });
    const wald = confint(model, { method: "wald", ddf: "asymptotic", variance: "none" }).rows;
    expected.confintWald.forEach((row, i) => {
      if (row["2.5 %"] === undefined) {
        expect(wald[i].lower).toBeNaN();
        return;
      }
      // Estimates and standard errors agree to about 1e-6 of an error.
      const width = wald[i].upper - wald[i].lower;
      expect(Math.abs(wald[i].lower - row["2.5 %"]) / width, row.term).toBeLessThan(1e-5);
      expect(Math.abs(wald[i].upper - (row["97.5 %"] ?? 0)) / width, row.term).toBeLessThan(1e-5);
    });
  });
});

describe("the profile of sigma in Orthodont", () => {
  const expected = reference("orthodont-reml");
  const absent = expected === null || dataFiles(expected.data) === null;

  it.skipIf(absent)("ends where a direct search says, lme4's does not", () => {
    const model = fit("orthodont-reml");
    const traced = profile(model, { parameters: ["sigma"] });
    const [{ lower, upper }] = traced.parameters;
    // χ² of 95 % on one degree of freedom; BOBYQA's minimum is good to about 1e-8.
    expect(riseAtSigma(model, traced.deviance, lower)).toBeCloseTo(3.841458820694124, 6);
    expect(riseAtSigma(model, traced.deviance, upper)).toBeCloseTo(3.841458820694124, 6);
    const theirs = expected?.confintProfile?.find(({ term }) => term === "sigma");
    expect(theirs?.["97.5 %"]).toBeUndefined();
    expect(riseAtSigma(model, traced.deviance, theirs?.["2.5 %"] ?? 0)).toBeLessThan(1);
  });
});

describe.each(Object.entries(edgeModels))("with %s", (name, { formula, table, options }) => {
  const model = lmm(formula, table, options);

  it("profiles, Wald and bootstrap intervals hold their estimates", () => {
    const profiled = confint(model, { profile: profile(model) });
    expect(profiled.diagnostics).toEqual([]);
    const boot = bootstrap(model, { nsim: 20, seed: 1 });
    expect(boot.failures).toEqual([]);
    const wald = confint(model, { method: "wald" });
    const drawn = confint(model, { method: "boot", boot });
    profiled.rows.forEach((row, i) => {
      expect(row.lower, row.name).toBeLessThanOrEqual(row.upper);
      if (row.kind === "fixed") {
        const centre = (row.lower + row.upper) / 2;
        // Of ML and REML, t and χ²: of one size and about one place.
        const ratio = (wald.rows[i].upper - wald.rows[i].lower) / (row.upper - row.lower);
        expect(ratio > 0.8 && ratio < 1.6, `${row.name} ${ratio}`).toBe(true);
        expect(Math.abs(centre - row.estimate)).toBeLessThan(0.1 * (row.upper - row.lower));
      }
      if (row.kind === "stdDev") expect(row.lower).toBeGreaterThanOrEqual(0);
      if (row.kind === "correlation") expect(row.lower >= -1 && row.upper <= 1).toBe(true);
      expect(drawn.rows[i].lower, row.name).toBeLessThanOrEqual(drawn.rows[i].upper);
    });
    if (name === "a singular fit") {
      expect(profiled.rows[0]).toMatchObject({ estimate: 0, lower: 0 });
      expect(wald.rows[0].lower).toBeNaN();
    }
    expect(formatConfint(profiled).split("\n")).toHaveLength(profiled.rows.length + 1);
  });

  it("simulated responses have the length and the centre of the fit", () => {
    const { responses, rows } = simulate(model, { nsim: 200, seed: 2 });
    expect(rows).toEqual(model.rows);
    const mean = responses[0].map((_, r) => responses.reduce((sum, y) => sum + y[r], 0) / responses.length);
    const fixed = simulate(model, { parameters: { sigma: 0 } }).responses[0];
    // The mean over all rows of 200 responses: within six of its own standard errors.
    const means = responses.map((y) => y.reduce((sum, value) => sum + value, 0) / y.length);
    const centre = fixed.reduce((sum, value) => sum + value, 0) / fixed.length;
    const { lower, upper } = bootstrapInterval(centre, Float64Array.from(means), 0.95, "normal");
    const error = (upper - lower) / (2 * 1.96) / Math.sqrt(200);
    expect(Math.abs(mean.reduce((sum, value) => sum + value, 0) / mean.length - centre)).toBeLessThan(
      6 * error,
    );
  });
});

interface MoreIntervals {
  readonly models: readonly {
    readonly model: string;
    readonly names: readonly string[];
    readonly lower: readonly number[];
    readonly upper: readonly number[];
  }[];
}

const more: MoreIntervals = JSON.parse(
  readFileSync(new URL("../fixtures/reference/inference/more-intervals.json", import.meta.url), "utf8"),
);

describe.each(more.models)("with $model", ({ model: name, names, lower, upper }) => {
  const { formula, table, options } = edgeModels[name];
  const model = lmm(formula, table, options);

  it("lme4 has the same profile intervals", () => {
    const { rows } = confint(model);
    expect(rows.map((row) => row.name)).toEqual(names);
    rows.forEach((row, i) => {
      // Those of fixed effects of weighted fits; see below.
      if (name === "weights" && row.kind === "fixed") return;
      const width = row.upper - row.lower;
      expect(Math.abs(row.lower - lower[i]) / width, row.name).toBeLessThan(SHARE);
      expect(Math.abs(row.upper - upper[i]) / width, row.name).toBeLessThan(SHARE);
    });
  });
});

describe("profile intervals of the fixed effects of a weighted fit", () => {
  it("are where the deviance of a fit with the effect held says, lme4's are not", () => {
    const { formula, table, options } = edgeModels.weights;
    const model = lmm(formula, table, options);
    const { deviance, parameters } = profile(model, { parameters: ["Days"] });
    const days = sleepstudy.table.Days;
    const rise = (slope: number) =>
      lmm(
        "Reaction ~ 1 + offset(held) + (1 | Subject)",
        { ...sleepstudy.table, held: days.map((day) => slope * day) },
        { ...options, method: "ML" },
      ).criterion - deviance;
    expect(rise(parameters[0].lower)).toBeCloseTo(3.841458820694124, 6);
    expect(rise(parameters[0].upper)).toBeCloseTo(3.841458820694124, 6);
    const theirs = more.models.find(({ model: name }) => name === "weights");
    expect(rise(theirs?.lower[3] ?? 0)).toBeLessThan(0.1);
  });
});

describe("the bootstrap of sleepstudy", () => {
  const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
  const NSIM = 1000;
  // R 4.2.2, lme4 1.1-31: m <- lmer(Reaction ~ Days + (Days | Subject), sleepstudy); bootMer(m, function(fit)
  // c(as.data.frame(VarCorr(fit))$sdcor, fixef(fit)), nsim = 1000, seed = 1, type = , use.u = ); colMeans and sd of t.
  const names = [
    "sd_(Intercept)|Subject",
    "sd_Days|Subject",
    "cor_Days.(Intercept)|Subject",
    "sigma",
    "(Intercept)",
    "Days",
  ];
  const theirs = [
    {
      type: "parametric",
      useU: false,
      mean: [24.136223, 5.78525, 0.124599, 25.608977, 251.248078, 10.510274],
      sd: [6.026918, 1.272507, 0.352853, 1.445843, 6.791852, 1.541501],
    },
    {
      type: "parametric",
      useU: true,
      mean: [21.267457, 5.446165, 0.32123, 25.635984, 251.373269, 10.473904],
      sd: [4.127225, 0.74067, 0.292636, 1.473439, 3.49312, 0.648178],
    },
    {
      type: "semiparametric",
      useU: true,
      mean: [21.399402, 5.425399, 0.321041, 23.306195, 251.18851, 10.478887],
      sd: [3.770083, 0.693166, 0.269769, 2.768319, 3.281989, 0.597562],
    },
  ] as const;

  it.each(theirs)(
    "has the means and standard errors of lme4's bootMer: $type, useU $useU",
    ({ type, useU, mean, sd }) => {
      const drawn = bootstrap(model, { nsim: NSIM, seed: 7, type, useU });
      names.forEach((name, i) => {
        const values = Array.from(drawn.replicates[drawn.names.indexOf(name)]).filter(Number.isFinite);
        const own = values.reduce((sum, value) => sum + value, 0) / values.length;
        const spread = Math.sqrt(
          values.reduce((sum, value) => sum + (value - own) ** 2, 0) / (values.length - 1),
        );
        // Both sides are simulated: 4.5 standard errors of a difference; those of a spread for kurtosis up to 5.
        expect(Math.abs(own - mean[i]), name).toBeLessThan(4.5 * sd[i] * Math.sqrt(2 / NSIM));
        expect(Math.abs(spread / sd[i] - 1), name).toBeLessThan(4.5 * Math.sqrt(2 / NSIM));
      });
    },
  );

  it("needs the rows, a profile and simulation for new rows do not", () => {
    const saved = JSON.stringify(saveModel(model, { data: false }));
    const loaded = loadModel(saved);
    expect(profile(loaded)).toEqual(profile(model));
    expect(confint(loaded, { method: "wald" }).rows).toEqual(confint(model, { method: "wald" }).rows);
    const newData = { Days: [0, 3], Subject: ["308", "372"] };
    expect(simulate(loaded, { newData, seed: 3 })).toEqual(simulate(model, { newData, seed: 3 }));
    expect(() => simulate(loaded)).toThrow(SavedModelError);
    expect(() => bootstrap(loaded, { nsim: 2 })).toThrow(SavedModelError);
  });
});
