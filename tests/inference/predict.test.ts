/** Predictions against lme4's and, for standard errors, glmmTMB's; options, new levels, edge models. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { coefTests, fitted, lmm, loadModel, predict, saveModel, simulate, varCorr } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { edgeModels } from "../support/edge-models";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";

type Records = Record<string, string | number>[];

interface Reference {
  readonly sleepstudy: {
    readonly rows: Records;
    readonly all: number[];
    readonly none: number[];
    readonly intercepts: number[];
    readonly newAllowed: number[];
    readonly tmbSe: number[];
  };
  readonly penicillin: {
    readonly rows: Records;
    readonly all: number[];
    readonly plates: number[];
    readonly tmbSe: number[];
  };
}

const folder = "../fixtures/reference/inference/";
const read = (path: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8"));
const reference = read(`${folder}predict.json`) as Reference;

const sleep = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
const penicillin = lmm("diameter ~ 1 + (1 | plate) + (1 | sample)", Penicillin.table);

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] / expected[i] - 1), `${actual[i]} for ${expected[i]}`).toBeLessThan(tolerance);
  }
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

describe.each(ids)("%s", (id) => {
  const path = [folder, "../../../shared/reference/inference/"]
    .map((place) => `${place}${id}.json`)
    .find((own) => existsSync(fileURLToPath(new URL(own, import.meta.url))));
  const expected = path === undefined ? null : read(path);
  const files = expected === null ? null : dataFiles(expected.data);
  const why = " (skipped: its data may not be published and ../shared does not have them)";
  it.skipIf(files === null)(`has lme4's predictions${files === null ? why : ""}`, () => {
    if (files === null) return;
    const { formula, reml } = modelById(id);
    const table = readTable(files) as Parameters<typeof lmm>[1];
    const model = lmm(formula, table, { method: reml ? "REML" : "ML" });
    const { length } = expected.predictHead;
    // θ of the two fits agrees to about 1e-6.
    expectNear(predict(model).fit.slice(0, length), expected.predictHead, 1e-6);
    expectNear(
      predict(model, null, { reForm: "none" }).fit.slice(0, length),
      expected.predictPopulationHead,
      1e-6,
    );
    // The same rows as new ones, their response read by nobody.
    const again = predict(model, table, { stdErrors: true });
    expect(again.fit).toEqual(predict(model).fit);
    expect(again.stdError).toEqual(predict(model, null, { stdErrors: true }).stdError);
  });
});

describe("predictions of new rows", () => {
  const { rows, ...expected } = reference.sleepstudy;
  const known = rows.slice(0, 3);

  it("are lme4's, conditional, of the population and of some effects", () => {
    expectNear(predict(sleep, known).fit, expected.all, 1e-6);
    expectNear(predict(sleep, rows, { reForm: "none" }).fit, expected.none, 1e-9);
    expectNear(predict(sleep, known, { reForm: "~ (1 | Subject)" }).fit, expected.intercepts, 1e-6);
    expectNear(predict(sleep, rows, { newLevels: "zero" }).fit, expected.newAllowed, 1e-6);
    expectNear(predict(penicillin, reference.penicillin.rows).fit, reference.penicillin.all, 1e-6);
    for (const reForm of ["plate", ["plate"], "~ (1 | plate)"]) {
      expectNear(
        predict(penicillin, reference.penicillin.rows, { reForm }).fit,
        reference.penicillin.plates,
        1e-6,
      );
    }
  });

  it("have glmmTMB's standard errors when the uncertainty of theta counts", () => {
    // glmmTMB's θ and its Hessian by finite differences of the gradient are good to about 1e-5.
    const options = { stdErrors: true, uncertaintyOfTheta: true };
    expectNear(predict(sleep, known, options).stdError ?? [], expected.tmbSe, 1e-4);
    expectNear(
      predict(penicillin, reference.penicillin.rows, options).stdError ?? [],
      reference.penicillin.tmbSe,
      1e-4,
    );
    const plain = predict(sleep, known, { stdErrors: true }).stdError ?? [];
    expect(plain[2]).toBeLessThan(expected.tmbSe[2]);
  });

  it("of the population need neither groups nor a response", () => {
    const { fit, lower, upper, df, stdError } = predict(
      sleep,
      { Days: [0, 1] },
      { reForm: "none", interval: "mean" },
    );
    const [intercept] = coefTests(sleep).rows;
    // t(0.975) on 17 degrees of freedom, from tables.
    expect(((upper?.[0] ?? 0) - fit[0]) / (stdError?.[0] ?? 0)).toBeCloseTo(2.10982, 4);
    expect(fit[0]).toBeCloseTo(intercept.estimate, 10);
    expect(stdError?.[0]).toBeCloseTo(intercept.stdError, 10);
    expect(df?.[0]).toBeCloseTo(intercept.df, 8);
    expect((upper?.[0] ?? 0) - fit[0]).toBeCloseTo(fit[0] - (lower?.[0] ?? 0), 10);
    const kr = predict(sleep, { Days: [0] }, { reForm: "none", interval: "mean", ddf: "kenward-roger" });
    expect(kr.df?.[0]).toBeCloseTo(coefTests(sleep, { ddf: "kenward-roger" }).rows[0].df, 8);
  });

  it("have intervals that widen with what they cover", () => {
    const options = { reForm: "none", ddf: "asymptotic" } as const;
    const at = (interval: "mean" | "new-level" | "new-observation") =>
      predict(sleep, { Days: [0, 5] }, { ...options, interval }).stdError ?? [];
    const [{ cov }] = varCorr(sleep).terms;
    const own = cov[0][0] + 10 * cov[0][1] + 25 * cov[1][1];
    expect(at("new-level")[0] ** 2 - at("mean")[0] ** 2).toBeCloseTo(cov[0][0], 8);
    expect(at("new-level")[1] ** 2 - at("mean")[1] ** 2).toBeCloseTo(own, 8);
    expect(at("new-observation")[1] ** 2 - at("new-level")[1] ** 2).toBeCloseTo(sleep.sigma ** 2, 8);
    const weighted = predict(sleep, { Days: [5] }, { ...options, interval: "new-observation", weights: [4] });
    const narrower = (weighted.stdError?.[0] ?? 0) ** 2;
    expect(at("new-observation")[1] ** 2 - narrower).toBeCloseTo(0.75 * sleep.sigma ** 2, 8);
  });

  it("of a new level are those of the population, with its variance", () => {
    const fresh = predict(sleep, rows.slice(3), { newLevels: "zero", interval: "new-level" });
    const population = predict(sleep, rows.slice(3), { reForm: "none", interval: "new-level" });
    expect(fresh.fit[0]).toBeCloseTo(population.fit[0], 10);
    expect(fresh.stdError?.[0]).toBeCloseTo(population.stdError?.[0] ?? 0, 8);
    expect(fresh.newLevels).toEqual({ Subject: ["new"] });
    // Degrees of freedom of a variance that is mostly between subjects.
    expect(fresh.df?.[0]).toBeGreaterThan(10);
    expect(fresh.df?.[0]).toBeLessThan(25);
  });

  it("draw one effect for each new level, by seed", () => {
    const many = { Days: [0, 0, 0, 5], Subject: ["new", "308", "newer", "new"] };
    const options = { newLevels: "drawn", seed: 4 } as const;
    const { fit } = predict(sleep, many, options);
    expect(predict(sleep, many, options).fit).toEqual(fit);
    expect(predict(sleep, many, { ...options, seed: 5 }).fit[0]).not.toBe(fit[0]);
    expect(fit[1]).toBe(predict(sleep, { Days: [0], Subject: ["308"] }).fit[0]);
    expect(fit[2]).not.toBe(fit[0]);
    // Drawn deviations have the variance of the model: 400 levels pin it down to about 7 %.
    const levels = Array.from({ length: 400 }, (_, i) => `s${i}`);
    const draws = predict(sleep, { Days: levels.map(() => 0), Subject: levels }, options).fit;
    const square = draws.reduce((sum, value) => sum + (value - sleep.beta[0]) ** 2, 0) / 400;
    expect(Math.abs(square / varCorr(sleep).terms[0].cov[0][0] - 1)).toBeLessThan(0.25);
  });

  it("keep the places of missing rows, leave them out, or refuse", () => {
    const gaps = { Days: [0, null, 2], Subject: ["308", "308", "309"] };
    const { fit, rows: kept } = predict(sleep, gaps);
    expect(Array.from(fit, Number.isNaN)).toEqual([false, true, false]);
    expect(kept).toBeNull();
    const left = predict(sleep, gaps, { naAction: "omit", interval: "mean" });
    expect(left.fit).toHaveLength(2);
    expect(left.lower).toHaveLength(2);
    expect(Array.from(left.rows ?? [])).toEqual([0, 2]);
    expect(() => predict(sleep, gaps, { naAction: "fail" })).toThrowError("missing");
  });

  it("ask for the offset that was given as numbers", () => {
    const offset = Float64Array.from(sleepstudy.table.Days, (day) => 2 * day);
    const model = lmm("Reaction ~ Days + (1 | Subject)", sleepstudy.table, { offset });
    expect(() => predict(model, { Days: [1], Subject: ["308"] })).toThrowError("missing offset");
    const zero = predict(model, { Days: [1], Subject: ["308"] }, { offset: null }).fit[0];
    expect(predict(model, { Days: [1], Subject: ["308"] }, { offset: [7] }).fit[0]).toBeCloseTo(zero + 7, 10);
    const named = lmm("Reaction ~ Days + offset(2 * Days) + (1 | Subject)", sleepstudy.table);
    expectNear(predict(named, sleepstudy.table).fit, fitted(named), 1e-12);
  });

  it("work on a fit saved without its data", () => {
    const model = loadModel(JSON.stringify(saveModel(sleep, { data: false })));
    const options = { interval: "new-observation" } as const;
    expect(predict(model, known, options)).toEqual(predict(sleep, known, options));
    expect(() => predict(model)).toThrowError("saved without data");
  });

  it("are refused where they make no sense", () => {
    expect(() => predict(sleep, rows)).toThrowError('unknown level: "new"');
    expect(() => predict(sleep, rows, { interval: "new-observation" })).toThrowError('unknown level: "new"');
    expect(() => predict(sleep, rows, { newLevels: "drawn", stdErrors: true })).toThrowError("contradictory");
    expect(() => predict(sleep, known, { interval: "mean", ddf: "kenward-roger" })).toThrowError(
      "contradictory",
    );
    expect(() => predict(sleep, known, { reForm: "School" })).toThrowError(
      'unknown random-effects term: "School"',
    );
    expect(() => predict(sleep, known, { reForm: "~ Days" })).toThrowError('no random effects: "~ Days"');
    expect(predict(sleep, known, { reForm: "~ 0" })).toEqual(predict(sleep, known, { reForm: "none" }));
    const simulated = (reForm: string) => simulate(sleep, { reForm, seed: 3 }).responses;
    expect(simulated("~ (Days | Subject)")).toEqual(simulated("all"));
    expect(simulated("~ 0")).toEqual(simulated("none"));
    expect(() => simulated("~ Days")).toThrowError('no random effects: "~ Days"');
    expect(() => simulated("~ (1 | Subject)")).toThrowError('part of a term: "~ (1 | Subject)"');
    expect(() => predict(sleep, known, { reForm: "~ (Hours | Subject)" })).toThrowError(
      "unknown random effect",
    );
    expect(() => predict(sleep, known, { level: 95 })).toThrowError("unusable level: 95");
    expect(() => predict(sleep, known, { interval: "prediction" as "mean" })).toThrowError(
      "unknown interval",
    );
  });
});

describe.each(Object.entries(edgeModels))("predictions of %s", (_, { formula, table, options }) => {
  const model = lmm(formula, table, options ?? {});

  it("at its own rows are its fitted values, given as new rows too", () => {
    expectNear(predict(model).fit, fitted(model), 1e-12);
    // Without a response, rows that lack one are predicted too.
    const { fit } = predict(model, table);
    const own = model.rows === null ? fit : Float64Array.from(model.rows, (r) => fit[r]);
    expectNear(own, fitted(model), 1e-9);
    expect(fit.every(Number.isFinite)).toBe(true);
  });

  it("have finite standard errors of every kind", () => {
    for (const reForm of ["all", "none"]) {
      for (const interval of ["mean", "new-level", "new-observation"] as const) {
        const { stdError, lower, upper, df } = predict(model, null, { reForm, interval });
        expect(stdError?.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
        expect(lower?.every((value, r) => value < (upper?.[r] ?? value))).toBe(true);
        expect(df?.every((value) => value > 1)).toBe(true);
        const more = predict(model, null, { reForm, interval, uncertaintyOfTheta: true, ddf: "asymptotic" });
        expect(more.stdError?.every((value, r) => value >= (stdError?.[r] ?? 0) * (1 - 1e-12))).toBe(true);
      }
    }
  });
});
