import { readFileSync } from "node:fs";
import {
  anova,
  coefTests,
  formatSummary,
  lmm,
  loadModel,
  modelJson,
  ranef,
  saveModel,
  varCorr,
  varianceParameters,
  vcov,
} from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";

type Column = number[] | { levels: string[]; codes: number[] };
const references: Record<string, { data: Record<string, Column> }> = JSON.parse(
  readFileSync(new URL("../fixtures/reference/structures/structures.json", import.meta.url), "utf8"),
);

function table(id: string): Record<string, (number | string)[]> {
  return Object.fromEntries(
    Object.entries(references[id].data).map(([name, column]) => [
      name,
      Array.isArray(column) ? column : column.codes.map((code) => `${code} ${column.levels[code]}`),
    ]),
  );
}

const machines = table("machines-cs-REML");
const sleepstudy = table("sleepstudy-cs-REML");
const series = table("series-ar1-crossed-REML");

describe("inference on covariance structures", () => {
  it("is that of the same model written with free entries", () => {
    // Two effects in compound symmetry or autoregression are any two effects.
    const us = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy);
    for (const structure of ["cs", "hetar1"]) {
      const fit = lmm(`Reaction ~ Days + ${structure}(Days | Subject)`, sleepstudy);
      expect(fit.criterion).toBeCloseTo(us.criterion, 9);
      same(fit, us);
    }
  });

  it("is that of the nested model, for one variance and one correlation", () => {
    // Var = a²(I − J/3) + b²J/3 is a variance of workers and one of machines within workers.
    const nested = lmm("score ~ Machine + (1 | Worker/Machine)", machines);
    const fit = lmm("score ~ Machine + homcs(0 + Machine | Worker)", machines);
    expect(fit.criterion).toBeCloseTo(nested.criterion, 9);
    same(fit, nested);
    const one = lmm("score ~ Machine + (1 | Worker:Machine)", machines);
    const diagonal = lmm("score ~ Machine + homdiag(0 + Machine | Worker)", machines);
    expect(diagonal.criterion).toBeCloseTo(one.criterion, 9);
    same(diagonal, one);
  });

  it("refuses Kenward and Roger's method by name where the structure is not linear", () => {
    for (const structure of ["cs", "ar1"]) {
      const fit = lmm(`score ~ Machine + ${structure}(0 + Machine | Worker)`, machines);
      expect(() => coefTests(fit, { ddf: "kenward-roger" })).toThrow(/nonlinear covariance structure/);
      expect(coefTests(fit).rows.every(({ df }) => df > 1 && df < 54)).toBe(true);
    }
  });

  it("shows standard deviations and correlations, with standard errors", () => {
    const fit = lmm("y ~ x + ar1(0 + time | id) + (1 | h)", series);
    const [ids] = varCorr(fit).terms;
    expect(new Set(ids.stdDev.map((value) => value.toPrecision(12))).size).toBe(1);
    expect(ids.corr[2][0]).toBeCloseTo(ids.corr[1][0] ** 2, 12);
    const { parameters } = varianceParameters(fit);
    const own = parameters.filter(({ term, kind }) => term === "id" && kind === "stdDev");
    // One parameter behind all of them: one standard error.
    expect(new Set(own.map(({ stdError }) => stdError?.toPrecision(9))).size).toBe(1);
    const neighbours = parameters.find(({ term, kind }) => term === "id" && kind === "correlation");
    expect(neighbours?.stdError).toBeGreaterThan(0.01);
    expect(neighbours?.stdError).toBeLessThan(0.3);
    const text = formatSummary(fit);
    expect(text).toContain(ids.corr[1][0].toFixed(2));
    expect(modelJson(fit).thetaNames.slice(0, 2)).toEqual(["id.sd", "id.angle"]);
    // Conditional variances are positive and below those of the effects.
    const [effects] = ranef(fit, { condVar: true });
    const k = effects.columns.length;
    const variances = Array.from({ length: k }, (_, i) => effects.condVar?.[i * (k + 1)] ?? 0);
    for (const value of variances) {
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(ids.stdDev[0] ** 2);
    }
  });

  it("is the same after saving and loading", () => {
    const fit = lmm("y ~ x + ar1(0 + time | id) + (1 | h)", series);
    for (const data of [true, false]) {
      const loaded = loadModel(JSON.stringify(saveModel(fit, { data })));
      expect(formatSummary(loaded, { ddf: "satterthwaite" })).toBe(
        formatSummary(fit, { ddf: "satterthwaite" }),
      );
    }
  });
});

/** Everything that does not depend on how θ is written; estimates differ by the root of what criteria do. */
function same(a: ReturnType<typeof lmm>, b: ReturnType<typeof lmm>): void {
  expect(a.sigma).toBeCloseTo(b.sigma, 4);
  vcov(a).forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value / vcov(b)[i][j]).toBeCloseTo(1, 4);
    });
  });
  for (const ddf of ["satterthwaite", "kenward-roger"] as const) {
    const [left, right] = [anova(a, { ddf }).rows, anova(b, { ddf }).rows];
    left.forEach(({ denDf, fValue }, i) => {
      expect(denDf / right[i].denDf).toBeCloseTo(1, 4);
      expect(fValue / right[i].fValue).toBeCloseTo(1, 4);
    });
  }
}
