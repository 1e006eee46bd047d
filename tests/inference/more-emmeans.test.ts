/** Marginal means, slopes and contrasts with all their options against R's emmeans. */
import { readFileSync } from "node:fs";
import { cake } from "@lmmkit/datasets/cake";
import {
  type Adjustment,
  type CellWeights,
  type ContrastMethod,
  type Contrasts,
  contrast,
  type EmmeansOptions,
  emmeans,
  emtrends,
  interactionContrast,
  type LinearMixedModel,
  lmm,
  type MarginalMeans,
  pairwise,
} from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";

type RColumn =
  | readonly (number | string | boolean)[]
  | { levels: string[]; codes: number[]; ordered: boolean };

interface ReferenceModel {
  readonly formula: string;
  readonly weights: string | null;
  readonly offset: string | null;
  readonly ddf: "satterthwaite" | "kenward-roger" | "asymptotic";
  readonly data: Record<string, RColumn>;
  readonly results: Record<string, Record<string, number | string | null>[]>;
}

/** Generator: more-emmeans.R. */
const reference: { models: Record<string, ReferenceModel> } = JSON.parse(
  readFileSync(new URL("../fixtures/reference/inference/more-emmeans.json", import.meta.url), "utf8"),
);

/** Both sides know θ to about 1e-6, and lmerTest's degrees of freedom come from finite differences. */
const TOLERANCE = 1e-5;
/** R's emtrends takes a forward difference over a thousandth of the range: on curves it is off by about that share. */
const SLOPE = 1e-2;

function fit(id: string): LinearMixedModel {
  const { formula, data, weights, offset } = reference.models[id];
  const table = Object.fromEntries(
    Object.entries(data).map(([name, column]) => [
      name,
      "codes" in column ? { ...column, kind: "factor", codes: Int32Array.from(column.codes) } : column,
    ]),
  );
  return lmm(formula, table as Parameters<typeof lmm>[1], {
    ...(weights === null ? {} : { weights }),
    ...(offset === null ? {} : { offset }),
  });
}

const models = new Map<string, LinearMixedModel>();

function modelOf(id: string): LinearMixedModel {
  let model = models.get(id);
  if (model === undefined) {
    model = fit(id);
    models.set(id, model);
  }
  return model;
}

/** One of R's numbers, by the names that it may have; null for NA. */
function pick(row: Record<string, number | string | null>, ...names: string[]): number | null | undefined {
  for (const name of names) if (name in row) return row[name] as number | null;
  return undefined;
}

function expectClose(
  actual: number,
  wanted: number | null | undefined,
  scale: number,
  what: string,
  limit: number,
) {
  if (wanted === undefined) return;
  if (wanted === null) {
    expect(Number.isFinite(actual), `${what}: ${actual} for NA`).toBe(false);
    return;
  }
  const off = Math.abs(actual - wanted) / Math.abs(scale);
  expect(off, `${what}: ${actual} for ${wanted}`).toBeLessThan(limit);
}

function check(id: string, key: string, ours: MarginalMeans | Contrasts, limit = TOLERANCE): void {
  const wanted = reference.models[id].results[key];
  const rows = "means" in ours ? ours.means : ours.rows;
  expect(rows).toHaveLength(wanted.length);
  wanted.forEach((row, i) => {
    const mine = rows[i];
    const what = (name: string) => `${id} ${key} ${i} ${name}`;
    const trend = Object.keys(row).find((name) => name.endsWith(".trend")) ?? "";
    const estimate = pick(row, "emmean", "estimate", "response", "ratio", trend);
    const scale = (pick(row, "SE") as number | null) ?? 1;
    expectClose(mine.estimate, estimate, scale, what("estimate"), limit);
    expectClose(mine.stdError, pick(row, "SE"), scale, what("SE"), limit);
    const df = pick(row, "df");
    expectClose(mine.df, df, df ?? 1, what("df"), limit);
    expectClose(mine.lower, pick(row, "lower.CL", "asymp.LCL"), scale, what("lower"), limit);
    expectClose(mine.upper, pick(row, "upper.CL", "asymp.UCL"), scale, what("upper"), limit);
    if ("tValue" in mine) {
      const p = pick(row, "p.value");
      // A p-value moves with its statistic, the more the smaller it is.
      const share = p === null || p === undefined ? 1 : p * Math.max(1, -Math.log(p)) * 10;
      expectClose(mine.pValue, p, share, what("p"), limit);
      if (typeof row.contrast === "string")
        expect(mine.term.replace(/\s/g, "")).toBe(row.contrast.replace(/\s/g, ""));
    }
  });
}

const means = (id: string, factors: string | string[], options: EmmeansOptions = {}) =>
  emmeans(modelOf(id), factors, { ddf: reference.models[id].ddf, ...options });

const slopes = (id: string, variable: string, factors: string | string[], options: EmmeansOptions = {}) =>
  emtrends(modelOf(id), variable, factors, { ddf: reference.models[id].ddf, ...options });

describe("families of contrasts and adjustments", () => {
  const id = "oats-families";
  const own = (factor: string, method: ContrastMethod, options: Parameters<typeof contrast>[3] = {}) =>
    contrast(modelOf(id), means(id, factor), method, options);

  it.each([
    ["revpairwise", "Variety", "revpairwise", undefined],
    ["ctrl", "Variety", "trt.vs.ctrl", "none"],
    ["ctrlk", "N", "trt.vs.ctrlk", "none"],
    ["consec", "N", "consec", "none"],
    ["meanchg", "N", "mean_chg", "none"],
    ["eff", "N", "eff", undefined],
    ["deleff", "N", "del.eff", undefined],
    ["poly", "N", "poly", undefined],
    ["identity", "N", "identity", undefined],
    ["scheffe", "N", "pairwise", "scheffe"],
    ["bonferroni", "N", "pairwise", "bonferroni"],
    ["sidak", "N", "pairwise", "sidak"],
    ["holm", "N", "pairwise", "holm"],
    ["fdr", "N", "pairwise", "fdr"],
    ["tukeyCi", "N", "pairwise", undefined],
    ["scheffeCi", "N", "pairwise", "scheffe"],
    ["sidakCi", "N", "pairwise", "sidak"],
    ["holmCi", "N", "pairwise", "holm"],
  ] as const)("%s", (key, factor, method, adjust) => {
    check(id, key, own(factor, method, adjust === undefined ? {} : { adjust }));
  });

  it("has one's own coefficients, families by a factor, interactions, levels of confidence", () => {
    check(id, "custom", own("N", { a: [1, 0, 0, -1], b: [0.5, 0.5, -1, 0] }));
    check(id, "by", pairwise(modelOf(id), means(id, "N", { by: "Variety" })));
    check(id, "by", contrast(modelOf(id), means(id, ["N", "Variety"]), "pairwise", { by: "Variety" }));
    const both = means(id, ["N", "Variety"]);
    check(id, "interaction", interactionContrast(modelOf(id), both, { N: "poly", Variety: "pairwise" }));
    check(
      id,
      "interactionConsec",
      interactionContrast(modelOf(id), both, { N: "consec", Variety: "consec" }),
    );
    check(id, "level", means(id, "N", { level: 0.9 }));
  });

  it.each(["sidak", "tukey"] as Adjustment[])("adjusts the intervals of means: %s", (adjust) => {
    check(id, adjust === "sidak" ? "meansSidak" : "meansTukey", means(id, "N", { adjust }));
  });
});

describe("weights of what is averaged over", () => {
  it.each(["equal", "proportional", "outer", "cells", "flat"] as CellWeights[])("%s", (weights) => {
    check("oats-weights", weights, means("oats-weights", "Variety", { weights }));
    if (weights === "equal" || weights === "proportional" || weights === "cells") {
      check("oats-prior-weights", weights, means("oats-prior-weights", "Variety", { weights }));
    }
    if (weights === "outer" || weights === "cells") {
      check("warpbreaks", weights, means("warpbreaks", "wool", { weights }));
    }
  });

  it("reach the contrasts", () => {
    check(
      "oats-weights",
      "pairs",
      pairwise(modelOf("oats-weights"), means("oats-weights", "N", { weights: "cells" })),
    );
  });
});

describe("offsets", () => {
  it("of the formula and beside it are held at their means", () => {
    check("oats-offset-formula", "means", means("oats-offset-formula", "Variety"));
    check("oats-offset-argument", "means", means("oats-offset-argument", "Variety"));
    const id = "oats-offset-argument";
    check(id, "pairs", pairwise(modelOf(id), means(id, "Variety")));
  });

  it("can be set", () => {
    const [at0, at3] = [0, 3].map((offset) => means("oats-offset-formula", "Variety", { offset }).means);
    at0.forEach(({ estimate, offset }, i) => {
      expect(offset).toBe(0);
      expect(at3[i].estimate - estimate).toBeCloseTo(3, 12);
    });
  });
});

describe("transformed covariates", () => {
  it("are evaluated at the mean of what they are made of, or where they are told", () => {
    const id = "oats-poly";
    check(id, "means", means(id, "Variety"));
    check(id, "at", means(id, ["Variety", "nitro"], { at: { nitro: [0, 0.3] } }));
    check(id, "averaged", means(id, "Variety", { at: { nitro: [0.1, 0.5] } }));
    check("chick-splines", "means", means("chick-splines", "Diet"));
    check("sleepstudy", "mean", means("sleepstudy", []));
    check("sleepstudy", "at", means("sleepstudy", "Days", { at: { Days: [0, 5, 9] } }));
  });

  it("that factor() makes levels, logicals and numbers of two values count as factors", () => {
    const id = "oats-factor-call";
    check(id, "nitro", means(id, "nitro"));
    check(id, "variety", means(id, "Variety"));
    check(id, "pairs", pairwise(modelOf(id), means(id, "nitro")));
    check("cake-ordered", "two", means("cake-ordered", "two"));
    check("cake-ordered", "recipe", means("cake-ordered", "recipe"));
    check("cake-ordered", "temperature", means("cake-ordered", "temperature"));
    check(
      "cake-ordered",
      "poly",
      contrast(modelOf("cake-ordered"), means("cake-ordered", "temperature"), "poly"),
    );
    check("cake-logical", "flag", means("cake-logical", "flag"));
    check("cake-logical", "recipe", means("cake-logical", "recipe", { weights: "proportional" }));
  });
});

describe("slopes", () => {
  it("of straight lines", () => {
    const id = "chick-slopes";
    const own = slopes(id, "Time", "Diet");
    check(id, "slopes", own);
    check(id, "pairs", pairwise(modelOf(id), own));
    check(id, "late", means(id, "Diet", { at: { Time: 21 } }));
    // The derivative of Time with respect to itself, from extrapolated differences.
    expect(own.means[0].contrast[1]).toBeCloseTo(1, 12);
  });

  it("of curves, as far as R's differences know them", () => {
    check("oats-poly", "slopes", slopes("oats-poly", "nitro", "Variety"), SLOPE);
    const at = { nitro: [0.1, 0.4] };
    check("oats-poly", "slopesAt", slopes("oats-poly", "nitro", ["Variety", "nitro"], { at }), SLOPE);
    check("chick-splines", "slopes", slopes("chick-splines", "Time", "Diet"), SLOPE);
    check("sleepstudy", "slope", slopes("sleepstudy", "Days", []), SLOPE);
    // Its numbers are those differences: from means at both ends they come out to all digits.
    const differences = (id: string, variable: string, factor: string[]) => {
      const known = modelOf(id).frame.schema.grid?.variables.find(({ name }) => name === variable);
      if (known === undefined || known.kind === "factor") throw new Error(`no number ${variable}`);
      const step = 1e-3 * (known.max - known.min);
      const at = [known.mean, known.mean + step].map(
        (x) => means(id, factor, { at: { [variable]: x } }).means,
      );
      return at[0].map(({ estimate }, i) => (at[1][i].estimate - estimate) / step);
    };
    for (const [id, variable, key, factor] of [
      ["oats-poly", "nitro", "slopes", ["Variety"]],
      ["chick-splines", "Time", "slopes", ["Diet"]],
      ["sleepstudy", "Days", "slope", []],
    ] as const) {
      const wanted = reference.models[id].results[key];
      differences(id, variable, [...factor]).forEach((value, i) => {
        expectClose(value, wanted[i][`${variable}.trend`] as number, wanted[i].SE as number, id, TOLERANCE);
      });
    }
  });

  it("of curves are derivatives: log(Days + 1) has 1/(Days + 1)", () => {
    const model = modelOf("sleepstudy");
    const { means: rows } = emtrends(model, "Days", "Days", { at: { Days: [0.5, 4, 9] } });
    [0.5, 4, 9].forEach((days, i) => {
      // Extrapolated differences over h = 0.009 days: an error of about h⁴/4 (days + 1)⁻⁴.
      expect(rows[i].contrast[1] * (days + 1)).toBeCloseTo(1, 9);
    });
  });
});

describe("contrasts of the means of another model", () => {
  it("are refused, by the columns of X or by what the means come to", () => {
    const model = lmm("angle ~ recipe + (1 | replicate)", cake.table);
    const own = emmeans(model, "recipe");
    for (const formula of ["angle ~ recipe * temp", "log(angle) ~ recipe"]) {
      const other = lmm(`${formula} + (1 | replicate)`, cake.table);
      expect(() => contrast(other, own, "pairwise")).toThrow("foreign means");
    }
    expect(contrast(model, own, "pairwise").rows).toHaveLength(3);
  });
});

describe("the scale of the response", () => {
  it("undoes logarithms: means become medians, differences ratios", () => {
    const id = "oats-log";
    const model = modelOf(id);
    check(id, "fitted", means(id, "Variety"));
    const own = means(id, "Variety", { scale: "response" });
    check(id, "response", own);
    expect(own.diagnostics.join()).toMatch(/medians/);
    check(id, "ratios", pairwise(model, own));
    check(id, "ratioCi", contrast(model, means(id, "Variety"), "pairwise", { scale: "response" }));
    check(id, "bias", means(id, "Variety", { scale: "response", biasSigma: 0.2 }));
  });

  it("undoes square roots, whose differences stay where they are", () => {
    const id = "oats-sqrt";
    const own = means(id, "Variety", { scale: "response" });
    check(id, "response", own);
    const pairs = pairwise(modelOf(id), own);
    check(id, "pairs", pairs);
    expect(pairs.diagnostics.join()).toMatch(/no ratios/);
    check(id, "bias", means(id, "Variety", { scale: "response", biasSigma: 0.7 }));
  });

  // R 4.2.2, lme4 1.1-31, emmeans 1.8.4-1: lmer(… ~ recipe + (1 | replicate), cake), bobyqa to rhoend 1e-9;
  // summary(emmeans(m, "recipe", lmer.df = "asymptotic"), type = "response"), and with bias.adjust, sigma = 0.2.
  it.each([
    ["log(angle + 10)", [32.5167253, 1.5990627, 29.4953479, 35.7692368], 33.3670599],
    ["log10(angle + 10)", [32.5167253, 1.5990627, 29.4953479, 35.7692368], 37.0251132],
    ["sqrt(angle + 0.5)", [32.7306641, 1.64140761, 29.5914271, 36.0256267], 32.7706641],
  ])("undoes what was added before %s", (left, [estimate, stdError, lower, upper], corrected) => {
    const model = lmm(`${left} ~ recipe + (1 | replicate)`, cake.table);
    const options = { scale: "response", ddf: "asymptotic" } as const;
    const own = emmeans(model, "recipe", options);
    expect(own.transformation).toBe(left);
    // Both engines minimize to about 1e-8.
    expect(own.means[0].estimate).toBeCloseTo(estimate, 5);
    expect(own.means[0].stdError).toBeCloseTo(stdError, 5);
    expect(own.means[0].lower).toBeCloseTo(lower, 5);
    expect(own.means[0].upper).toBeCloseTo(upper, 5);
    const unbiased = emmeans(model, "recipe", { ...options, biasSigma: 0.2 });
    expect(unbiased.means[0].estimate).toBeCloseTo(corrected, 5);
    const pairs = pairwise(model, own);
    expect(pairs.transformation).toBeNull();
    expect(pairs.diagnostics.join()).toContain(`on the ${left} scale`);
  });

  it("gives the same values of the variable in whatever unit it was transformed", () => {
    const scaled = (left: string) =>
      emmeans(lmm(`${left} ~ recipe + (1 | replicate)`, cake.table), "recipe", { scale: "response" }).means;
    const limits = (left: string) =>
      scaled(left).map(({ estimate, lower, upper }) => [estimate, lower, upper]);
    const close = (a: number[][], b: number[][]) =>
      a.flat().forEach((value, i) => {
        expect(value).toBeCloseTo(b.flat()[i], 6);
      });
    const plain = limits("log(angle)");
    close(limits("log(2 * angle)"), plain);
    close(limits("log(angle / 10)"), plain);
    close(limits("log((-3 * -angle))"), plain);
    const shifted = limits("log(angle + 1)");
    close(limits("log(1 + angle)"), shifted);
    close(limits("log1p(angle)"), shifted);
    close(limits("log2((angle - -1) / 2^3)"), shifted);
    close(limits("log(I(angle + 0.5) + 0.5)"), shifted);
    // Falling: the limits change places.
    for (const { estimate, lower, upper } of scaled("sqrt(100 - angle)")) {
      expect(lower).toBeLessThan(estimate);
      expect(estimate).toBeLessThan(upper);
    }
  });

  it("has ratios where the response was multiplied, none where something was added", () => {
    const ratios = (left: string) => {
      const model = lmm(`${left} ~ recipe + (1 | replicate)`, cake.table);
      return pairwise(model, emmeans(model, "recipe", { scale: "response" }));
    };
    expect(ratios("log(angle / 10)").rows[0].estimate).toBeCloseTo(ratios("log(angle)").rows[0].estimate, 6);
    expect(ratios("log(angle + 1)").diagnostics.join()).toMatch(/no ratios/);
  });

  it.each(["log(angle * temp)", "log(abs(angle))", "log(angle^2)", "log(1 / angle)", "exp(angle / 100)"])(
    "refuses %s by name",
    (left) => {
      const model = lmm(`${left} ~ recipe + (1 | replicate)`, cake.table);
      expect(() => emmeans(model, "recipe", { scale: "response" })).toThrow("unknown transformation: ");
    },
  );

  it("is refused where nothing was done to the response", () => {
    expect(() => means("npk", "N", { scale: "response" })).toThrow(/unknown transformation: yield/);
  });
});

describe("several factors", () => {
  it("Kenward-Roger means, interactions and families of npk", () => {
    const both = means("npk", ["N", "P"]);
    check("npk", "NP", both);
    check("npk", "interaction", interactionContrast(modelOf("npk"), both, {}));
    check("npk", "by", pairwise(modelOf("npk"), means("npk", "N", { by: "P" })));
  });

  it("means, families and all pairs of unbalanced, weighted warpbreaks", () => {
    const id = "warpbreaks";
    check(id, "tension", means(id, "tension"));
    check(id, "wool", means(id, "wool", { by: "tension" }));
    check(id, "pairs", pairwise(modelOf(id), means(id, ["wool", "tension"])));
  });

  it("empty cells: what the data do not determine is not there", () => {
    const id = "empty-cell";
    check(id, "cells", means(id, ["wool", "tension"]));
    check(id, "wool", means(id, "wool"));
    check(id, "pairs", pairwise(modelOf(id), means(id, "wool", { by: "tension" })));
  });
});
