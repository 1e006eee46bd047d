/** R², intraclass correlations, variance inflation, principal components, tests of assumptions, simulated residuals. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import {
  fixedCondition,
  homoscedasticity,
  icc,
  lmm,
  normality,
  r2,
  rePCA,
  residuals,
  shapiroWilk,
  simulate,
  simulationResiduals,
  varCorr,
  vif,
} from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { edgeModels } from "../support/edge-models";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";

interface Reference {
  readonly models: readonly {
    readonly id: string;
    readonly marginal: number;
    readonly conditional: number;
    readonly iccAdjusted: number;
    readonly iccConditional: number;
    readonly vif: number[][] | Record<string, never>;
    readonly shapiroW: number;
    readonly shapiroP: number;
    readonly bpStat: number;
    readonly bpP: number;
  }[];
  readonly levene: Record<"sleepstudy" | "machines", { f: number; df: number[]; p: number }>;
  readonly vectors: readonly { values: number[]; w: number; p: number }[];
}

const folder = "../fixtures/reference/inference/";
const read = (path: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8"));
const reference = read(`${folder}diagnostics.json`) as Reference;

function fit(id: string) {
  const { data, formula, reml } = modelById(id);
  const files = dataFiles(data);
  if (files === null) throw new Error(`no data for ${id}`);
  return lmm(formula, readTable(files) as Parameters<typeof lmm>[1], { method: reml ? "REML" : "ML" });
}

function near(actual: number | undefined, expected: number, tolerance: number): void {
  expect(Math.abs((actual ?? Number.NaN) - expected), `${actual} for ${expected}`).toBeLessThan(
    tolerance * Math.max(1, Math.abs(expected)),
  );
}

describe.each(reference.models)("$id", (expected) => {
  const model = fit(expected.id);

  it("has the R² and intraclass correlations of the formulas of Nakagawa, Johnson & Schielzeth", () => {
    // θ of the two fits agrees to about 1e-6.
    near(r2(model).marginal, expected.marginal, 1e-6);
    near(r2(model).conditional, expected.conditional, 1e-6);
    near(icc(model).adjusted, expected.iccAdjusted, 1e-6);
    near(icc(model).conditional, expected.iccConditional, 1e-6);
    const shares = Object.values(icc(model).byGroup).reduce((sum, share) => sum + share, 0);
    expect(shares).toBeCloseTo(icc(model).adjusted, 12);
  });

  it("has R's tests of residuals", () => {
    const [own] = normality(model, "response");
    near(own.shapiroWilk?.statistic, expected.shapiroW, 1e-6);
    near(Math.log(own.shapiroWilk?.pValue ?? 0), Math.log(expected.shapiroP), 1e-4);
    const { breuschPagan } = homoscedasticity(model);
    near(breuschPagan.statistic, expected.bpStat, 1e-5);
    near(breuschPagan.pValue, expected.bpP, 1e-5);
  });

  it("has car's generalized variance inflation factors", () => {
    if (!Array.isArray(expected.vif)) {
      expect(() => vif(model)).toThrowError("too few terms");
      return;
    }
    const rows = vif(model);
    expected.vif.forEach(([gvif, df, scaled], i) => {
      near(rows[i].gvif, gvif, 1e-8);
      expect(rows[i].df).toBe(df);
      near(rows[i].scaled, scaled, 1e-8);
    });
  });
});

describe("principal components of random effects", () => {
  const ids = ["chickweight-reml", "exam-slope-ml", "machines-nested-reml", "orthodont-reml", "oats-reml"];
  const more = ["sleepstudy-slope-reml", "sleepstudy-uncorrelated-reml", "cake-reml", "pastes-nested-reml"];
  it.each([...ids, ...more])("are lme4's: %s", (id) => {
    const path = `${folder}${id}.json`;
    expect(existsSync(fileURLToPath(new URL(path, import.meta.url)))).toBe(true);
    const expected = read(path).rePCA as Record<string, number | number[]>;
    const own = rePCA(fit(id));
    expect(own.map(({ group }) => group).sort()).toEqual(Object.keys(expected).sort());
    for (const { group, stdDev, proportion, cumulative } of own) {
      [expected[group]].flat().forEach((value, i) => {
        // lme4's θ is within about 1e-5 of its limit here.
        near(stdDev[i], value, 2e-5);
      });
      expect(proportion.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      expect(cumulative[cumulative.length - 1]).toBeCloseTo(1, 12);
    }
  });

  it("give the covariance back", () => {
    const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
    const [{ stdDev, rotation }] = rePCA(model);
    const [{ cov }] = varCorr(model).terms;
    for (const i of [0, 1]) {
      for (const j of [0, 1]) {
        const sum = [0, 1].reduce(
          (s, m) => s + rotation[2 * m + i] * rotation[2 * m + j] * stdDev[m] ** 2,
          0,
        );
        expect(sum * model.sigma ** 2).toBeCloseTo(cov[i][j], 9);
      }
    }
  });
});

describe("tests of assumptions", () => {
  it("have Levene's F of car", () => {
    const sleep = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
    const [bySubject] = homoscedasticity(sleep).levene;
    const { f, df, p } = reference.levene.sleepstudy;
    near(bySubject.fValue, f, 1e-5);
    expect([bySubject.numDf, bySubject.denDf]).toEqual(df);
    near(bySubject.pValue, p, 1e-5);
    const files = dataFiles("nlme-Machines");
    if (files === null) throw new Error("no data");
    const table = readTable(files);
    const machines = lmm("score ~ Machine + (Machine | Worker)", table as Parameters<typeof lmm>[1]);
    const column = table.Machine;
    if (!("codes" in column)) throw new Error("Machine is no factor");
    const labels = Array.from(column.codes, (code) => column.levels[code]);
    const [byMachine] = homoscedasticity(machines, [{ name: "Machine", labels }]).levene;
    near(byMachine.fValue, reference.levene.machines.f, 1e-4);
    expect([byMachine.numDf, byMachine.denDf]).toEqual(reference.levene.machines.df);
  });

  it.each(reference.vectors.map((vector, i) => [i, vector] as const))(
    "have R's W of vector %i",
    (_, vector) => {
      const test = shapiroWilk(vector.values);
      // R's normal quantiles in W are short-cut formulas in old versions, so not more digits than this.
      near(test?.statistic, vector.w, 1e-7);
      near(test?.pValue, vector.p, 1e-6);
    },
  );

  it("have no W of too few or equal numbers", () => {
    expect(shapiroWilk([1, 2])).toBeNull();
    expect(shapiroWilk([3, 3, 3, 3])).toBeNull();
  });
});

describe("conditioning of the fixed effects", () => {
  it("is that of an orthogonal basis where there is one", () => {
    const { table } = sleepstudy;
    const days = table.Days.map((day) => day - 4.5);
    const centred = lmm("Reaction ~ days + (1 | Subject)", { ...table, days });
    expect(fixedCondition(centred).condition).toBeCloseTo(1, 10);
    // Of columns 1 and 0 … 9: cos = 45/√(10·285), condition √((1 + cos)/(1 − cos)).
    const cos = 45 / Math.sqrt(2850);
    const plain = lmm("Reaction ~ Days + (1 | Subject)", table);
    expect(fixedCondition(plain).condition).toBeCloseTo(Math.sqrt((1 + cos) / (1 - cos)), 10);
  });
});

describe("simulated residuals", () => {
  const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);

  it("are the same for the same seed, between 0 and 1, one per row", () => {
    const one = simulationResiduals(model, { nsim: 99, seed: 3 });
    expect(simulationResiduals(model, { nsim: 99, seed: 3 })).toEqual(one);
    expect(simulationResiduals(model, { nsim: 99, seed: 4 }).residuals).not.toEqual(one.residuals);
    expect(one.residuals).toHaveLength(180);
    expect(one.residuals.every((value) => value > 0 && value < 1)).toBe(true);
    // Ranks of the same thing as scaled residuals, when random effects stay as they are.
    const conditional = simulationResiduals(model, { nsim: 999, reForm: "all" }).residuals;
    const scaled = residuals(model, "scaled");
    scaled.forEach((value, r) => {
      if (value > 2) expect(conditional[r]).toBeGreaterThan(0.95);
      if (value < -2) expect(conditional[r]).toBeLessThan(0.05);
    });
  });

  it("find p-values that are uniform when the response is the model's own", () => {
    // With the parameters known, observed and simulated responses are exchangeable: 200 p-values have a mean of
    // 1/2 ± 0.02, and 20 ± 4.2 of them are below 0.1.
    const { responses } = simulate(model, { nsim: 200, seed: 77 });
    const tests = responses.map((response, i) => {
      const again = simulationResiduals({ ...model, response }, { nsim: 39, seed: 1000 + i });
      return [again.uniformity.pValue, again.dispersion.pValue];
    });
    for (const k of [0, 1]) {
      const mean = tests.reduce((sum, p) => sum + p[k] / 200, 0);
      expect(Math.abs(mean - 0.51)).toBeLessThan(0.08);
      const small = tests.filter((p) => p[k] <= 0.1).length;
      expect(small).toBeGreaterThan(4);
      expect(small).toBeLessThan(36);
    }
  });

  it("see what is wrong with a model", () => {
    const noise = residuals(model, "response");
    const wide = model.response.map((y, r) => y + 2 * noise[r]);
    const tested = simulationResiduals({ ...model, response: wide }, { nsim: 99, reForm: "all" });
    expect(tested.dispersion.pValue).toBeLessThan(0.03);
    expect(tested.dispersion.statistic).toBeGreaterThan(2 * tested.dispersion.expected);
    expect(tested.outliers.statistic).toBeGreaterThan(tested.outliers.expected);
    const shifted = simulationResiduals(
      { ...model, response: model.response.map((y) => y + 60) },
      { nsim: 99 },
    );
    expect(shifted.uniformity.pValue).toBeLessThan(0.03);
  });

  it("refuse what they cannot do", () => {
    expect(() => simulationResiduals(model, { nsim: 5 })).toThrowError("unusable nsim: 5");
    expect(() => simulationResiduals(model, { nsim: 1e6 })).toThrowError("too large question");
  });
});

describe.each(Object.entries(edgeModels))("checks of %s", (_, { formula, table, options }) => {
  const model = lmm(formula, table, options ?? {});

  it("are finite or named", () => {
    const { marginal, conditional, parts } = r2(model);
    expect(marginal).toBeGreaterThanOrEqual(0);
    expect(conditional).toBeGreaterThanOrEqual(marginal);
    expect(conditional).toBeLessThan(1);
    expect(parts.random.map(({ name }) => name)).toEqual(model.terms.map(({ name }) => name));
    expect(icc(model).adjusted).toBeGreaterThanOrEqual(0);
    for (const { n, shapiroWilk: w, skewness } of normality(model)) {
      expect(n).toBeGreaterThan(2);
      if (w !== null) expect(w.pValue).toBeGreaterThan(0);
      // Random effects that are all zero have no shape.
      expect(Number.isFinite(skewness) || model.singular).toBe(true);
    }
    for (const { fValue, pValue } of homoscedasticity(model).levene) {
      expect(fValue).toBeGreaterThan(0);
      expect(pValue).toBeLessThan(1);
    }
    expect(fixedCondition(model).condition).toBeGreaterThanOrEqual(1);
    const { residuals: simulated } = simulationResiduals(model, { nsim: 19 });
    expect(simulated.every((value) => value > 0 && value < 1)).toBe(true);
  });
});
