/** Single-term deletions and additions, and backward elimination, against lmerTest and lme4. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { add1, drop1, type LinearMixedModel, lmm, ranova, step } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";

type Row = Record<string, number | string | null>;

interface ReferenceModel {
  readonly formula: string;
  readonly weights: string | null;
  readonly ranova: Row[];
  readonly whole: Row[];
  readonly satterthwaite: Row[];
  readonly kr: Row[] | null;
  readonly lrt: Row[] | null;
}

/** Generator: term-tests.R. */
const reference: {
  data: Record<string, (number | string | null)[]>;
  models: Record<string, ReferenceModel>;
  steps: Record<string, { formula: string; random: Row[]; fixed: Row[]; final: string }>;
  added: Record<string, { AIC: number; Chisq: number; Df: number; p: number; base: number }>;
} = JSON.parse(
  readFileSync(new URL("../fixtures/reference/inference/term-tests.json", import.meta.url), "utf8"),
);

const table = Object.fromEntries(
  Object.entries(reference.data).map(([name, column]) => [
    name,
    column.every((value) => typeof value !== "string")
      ? Float64Array.from(column, (value) => (value === null ? Number.NaN : (value as number)))
      : (column as string[]),
  ]),
);

/** Both sides know θ to about 1e-6: criteria agree to rounding, statistics and degrees of freedom to this. */
const TOLERANCE = 1e-5;
/** lme4's fits of submodels inside update() have its default tolerance where they cannot be told another. */
const CRITERION = 2e-5;

function fit(formula: string, weights: string | null = null): LinearMixedModel {
  return lmm(formula, table, weights === null ? {} : { weights });
}

const number = (row: Row, name: string) => row[name] as number;

function checkRanova(model: LinearMixedModel, wanted: readonly Row[], reduce: boolean) {
  const ours = ranova(model, { reduce, draws: 50 });
  const [none, ...rows] = wanted;
  expect(ours.nParameters).toBe(none.npar);
  expect(Math.abs(ours.logLik - number(none, "logLik"))).toBeLessThan(CRITERION);
  expect(ours.rows.map(({ term, nParameters, df }) => [term, nParameters, df])).toEqual(
    rows.map((row) => [row.term, row.npar, row.Df]),
  );
  rows.forEach((row, i) => {
    const mine = ours.rows[i];
    expect(Math.abs(mine.chiSquare - number(row, "LRT")), `${row.term}: ${mine.chiSquare}`).toBeLessThan(
      CRITERION,
    );
    expect(Math.abs(mine.aic - number(row, "AIC"))).toBeLessThan(CRITERION);
    const p = number(row, "Pr(>Chisq)");
    expect(Math.abs(mine.pValue / p - 1)).toBeLessThan(1e-4 * Math.max(1, -Math.log(p)));
    // Half of the mixture lies on fewer degrees of freedom.
    if (mine.boundary !== null) expect(mine.boundary.pValue).toBeLessThanOrEqual(mine.pValue);
  });
}

function checkDrop(model: LinearMixedModel, wanted: readonly Row[], test: "satterthwaite" | "kenward-roger") {
  const { rows } = drop1(model, { test });
  expect(rows.map(({ term, df }) => [term, df])).toEqual(wanted.map((row) => [row.term, row.NumDF]));
  wanted.forEach((row, i) => {
    const { denDf, statistic, sumSq, meanSq } = rows[i];
    expect(Math.abs((denDf ?? 0) / number(row, "DenDF") - 1), `${row.term} df`).toBeLessThan(TOLERANCE);
    for (const [mine, name] of [
      [statistic, "F value"],
      [sumSq ?? 0, "Sum Sq"],
      [meanSq ?? 0, "Mean Sq"],
    ] as const) {
      const theirs = number(row, name);
      // A statistic near zero is the square of a difference that both know to 1e-6 of its standard error.
      expect(Math.abs(mine - theirs), `${row.term} ${name}`).toBeLessThan(TOLERANCE * Math.max(theirs, 0.1));
    }
  });
}

describe.each(Object.entries(reference.models))("%s", (id, wanted) => {
  const model = fit(wanted.formula, wanted.weights);

  it("random effects, reduced and as wholes", () => {
    checkRanova(model, wanted.ranova, true);
    checkRanova(model, wanted.whole, false);
  });

  it("fixed terms by F tests", () => {
    checkDrop(model, wanted.satterthwaite, "satterthwaite");
    if (wanted.kr !== null) checkDrop(model, wanted.kr, "kenward-roger");
  });

  it("fixed terms by likelihood ratios on the same rows", () => {
    if (wanted.lrt === null) {
      expect(drop1(model, { test: "lrt" }).rows).toEqual([]);
      return;
    }
    const ours = drop1(model, { test: "lrt" });
    const [none, ...rows] = wanted.lrt;
    expect(Math.abs((ours.aic ?? 0) - number(none, "AIC"))).toBeLessThan(CRITERION);
    expect(ours.rows.map(({ term, df }) => [term, df])).toEqual(rows.map((row) => [row.term, row.npar]));
    rows.forEach((row, i) => {
      expect(Math.abs(ours.rows[i].statistic - number(row, "LRT")), `${id} ${row.term}`).toBeLessThan(
        CRITERION,
      );
      expect(Math.abs((ours.rows[i].aic ?? 0) - number(row, "AIC"))).toBeLessThan(CRITERION);
    });
  });
});

describe("the reference models", () => {
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
    const path = ["../fixtures/reference/inference/", "../../../shared/reference/inference/"]
      .map((folder) => fileURLToPath(new URL(`${folder}${id}.json`, import.meta.url)))
      .find(existsSync);
    const { data, formula, reml, contrasts } = modelById(id);
    const files = dataFiles(data);
    const absent = path === undefined || files === null;
    const because = absent
      ? " (skipped: its data may not be published and ../shared does not have them)"
      : "";

    it.skipIf(absent)(`has lmerTest's deletions of random and fixed terms${because}`, () => {
      if (path === undefined || files === null) return;
      const model = lmm(formula, readTable(files) as Parameters<typeof lmm>[1], {
        method: reml ? "REML" : "ML",
        ...(contrasts === undefined ? {} : { contrasts }),
      });
      const { ranova: random, drop1: fixed } = JSON.parse(readFileSync(path, "utf8"));
      expect(random ?? fixed).toBeTruthy();
      if (random) checkRanova(model, random, true);
      if (fixed) checkDrop(model, fixed, "satterthwaite");
    });
  });
});

describe("additions", () => {
  const base = fit("y ~ x + (1 | g)");

  it("are likelihood ratios of both fits", () => {
    const terms = Object.keys(reference.added);
    const ours = add1(base, terms, table, { test: "lrt" });
    Object.values(reference.added).forEach((wanted, i) => {
      expect(Math.abs((ours.aic ?? 0) - wanted.base)).toBeLessThan(CRITERION);
      expect(ours.rows[i].df).toBe(wanted.Df);
      expect(Math.abs(ours.rows[i].statistic - wanted.Chisq)).toBeLessThan(CRITERION);
      expect(Math.abs((ours.rows[i].aic ?? 0) - wanted.AIC)).toBeLessThan(CRITERION);
    });
  });

  it("are F tests of the last term of the larger model", () => {
    const { rows } = add1(base, ["a", "x:b"], table);
    for (const [i, formula] of ["y ~ x + a + (1 | g)", "y ~ x + x:b + (1 | g)"].entries()) {
      const direct = drop1(fit(formula)).rows.find(({ term }) => term === rows[i].term);
      expect(rows[i].statistic).toBeCloseTo(direct?.statistic ?? 0, 8);
      expect(rows[i].denDf).toBeCloseTo(direct?.denDf ?? 0, 5);
    }
  });

  it("fit everything to the rows that all can use, and say so", () => {
    const { rows, diagnostics } = add1(base, ["miss", "a"], table, { test: "lrt" });
    expect(diagnostics).toEqual(["missing values: 3 rows of the model are left out of all fits"]);
    const complete = Array.from(table.miss as Float64Array, (value) => !Number.isNaN(value));
    const on = (formula: string) => lmm(formula, table, { subset: complete, method: "ML" });
    const expected = on("y ~ x + (1 | g)").criterion - on("y ~ x + a + (1 | g)").criterion;
    expect(rows[1].statistic).toBeCloseTo(expected, 6);
  });

  it("keep weights, offsets, contrasts and the rows of the fit", () => {
    const options = { weights: "w", contrasts: { a: "sum" }, subset: "x > -1" } as const;
    const small = lmm("y ~ x + a + offset(o) + (1 | g)", table, options);
    const { rows } = add1(small, ["b"], table, { test: "lrt" });
    const [one, two] = ["", " + b"].map(
      (added) =>
        lmm(`y ~ x + a${added} + offset(o) + (1 | g)`, table, { ...options, method: "ML" }).criterion,
    );
    expect(rows[0].statistic).toBeCloseTo(one - two, 6);
  });

  it("refuse another table, known terms and several at once", () => {
    const other = { ...table, y: (table.y as Float64Array).map((value) => value + 1) };
    expect(() => add1(base, ["a"], other)).toThrow(/^different data: the table is not/);
    expect(() => add1(base, ["x"], table)).toThrow(/^known term: x/);
    expect(() => add1(base, ["a * z"], table)).toThrow(/^several terms: a \* z adds/);
    expect(() => add1(base, ["absent"], table)).toThrow(/unknown column/);
  });
});

describe("backward elimination", () => {
  it.each(["plain", "crossed"])("takes away what lmerTest's step does: %s", (id) => {
    const { formula, random, fixed } = reference.steps[id];
    const { steps, model } = step(fit(formula));
    const gone = (rows: readonly Row[]) =>
      rows
        .filter((row) => row.Eliminated !== null && row.Eliminated !== 0)
        .sort((a, b) => number(a, "Eliminated") - number(b, "Eliminated"))
        .map((row) => row.term);
    const removed = (kind: string) =>
      steps.flatMap((own) => (own.kind === kind && own.removed !== null ? [own.removed] : []));
    expect(removed("random")).toEqual(gone(random));
    expect(removed("fixed")).toEqual(gone(fixed));
    // The last table is that of the model that is left.
    const last = steps[steps.length - 1];
    const kept = fixed.filter((row) => row.Eliminated === 0);
    if (last.kind !== "fixed") throw new Error("the last step is one of fixed terms");
    last.table.rows.forEach((row, i) => {
      expect(row.term).toBe(kept[i].term);
      expect(Math.abs(row.statistic / number(kept[i], "F value") - 1)).toBeLessThan(TOLERANCE);
      expect(Math.abs((row.denDf ?? 0) / number(kept[i], "DenDF") - 1)).toBeLessThan(TOLERANCE);
    });
    expect(drop1(model).rows.map(({ term }) => term)).toEqual(last.table.rows.map(({ term }) => term));
  });

  it("takes random slopes away, and the last random effects never", () => {
    const { steps, model, formula } = step(fit(reference.steps.two.formula));
    expect(steps.map(({ kind, removed }) => [kind, removed])).toEqual([
      ["random", "z in (0 + x + z | g)"],
      ["random", null],
      ["fixed", null],
    ]);
    expect(formula).toBe("y ~ x + (0 + x | g)");
    expect(model.formula).toBe(formula);
    const noise = lmm("y ~ x + (1 | g)", { ...table, g: (table.x as Float64Array).map((_, i) => i % 7) });
    const eliminated = step(noise, { reduceFixed: false });
    expect(eliminated.diagnostics.join()).toMatch(/last random effects: \(1 \| g\) stays/);
    expect(eliminated.model).toBe(noise);
  });

  it("keeps what it is told to keep", () => {
    const { steps } = step(fit(reference.steps.crossed.formula), { keep: ["a:z"], reduceRandom: false });
    expect(steps.map(({ removed }) => removed)).toEqual([null]);
  });
});

describe("deletions that change how other terms are coded", () => {
  it("without an intercept the next factor takes the levels over", () => {
    const model = fit("y ~ 0 + a + b + (1 | g)");
    const { rows } = drop1(model, { test: "lrt" });
    const ml = (formula: string) => lmm(formula, table, { method: "ML" }).criterion;
    const full = ml("y ~ 0 + a + b + (1 | g)");
    expect(rows.map(({ term, df, formula }) => [term, df, formula])).toEqual([
      ["a", 2, "y ~ 0 + b + (1 | g)"],
      ["b", 1, "y ~ 0 + a + (1 | g)"],
    ]);
    expect(rows[0].statistic).toBeCloseTo(ml("y ~ 0 + b + (1 | g)") - full, 6);
    expect(rows[1].statistic).toBeCloseTo(ml("y ~ 0 + a + (1 | g)") - full, 6);
    // The F tests are of the same hypotheses: with an intercept they are written otherwise, and the same.
    const f = drop1(model).rows;
    const other = drop1(fit("y ~ a + b + (1 | g)")).rows;
    f.forEach((row, i) => {
      expect(row.df).toBe(rows[i].df);
      expect(row.statistic).toBeCloseTo(other[i].statistic, 6);
    });
  });

  it("marginality and names are checked", () => {
    const model = fit("y ~ a * b + x + (1 | g)");
    expect(drop1(model).rows.map(({ term }) => term)).toEqual(["x", "a:b"]);
    expect(() => drop1(model, { scope: ["a"] })).toThrow(/^marginal term: a is part of another term/);
    expect(() => drop1(model, { scope: ["c"] })).toThrow(/^unknown term: "c"/);
  });
});
