/** Tests of fixed effects and analyses of variance against lmerTest and pbkrtest. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { anova, coefTests, type LinearMixedModel, lmm } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";

interface CoefficientRow {
  readonly term: string;
  readonly Estimate: number;
  readonly "Std. Error": number;
  readonly df: number;
  readonly "t value": number;
  readonly "Pr(>|t|)": number;
}

interface AnovaRow {
  readonly term: string;
  readonly "Sum Sq": number;
  readonly "Mean Sq": number;
  readonly NumDF: number;
  readonly DenDF: number;
  readonly "F value": number;
  readonly "Pr(>F)": number;
}

interface Reference {
  readonly id: string;
  readonly data: string;
  readonly satterthwaite: CoefficientRow[];
  readonly kenwardRoger: CoefficientRow[] | null;
  readonly anovaI: AnovaRow[];
  readonly anovaII: AnovaRow[];
  readonly anovaIII: AnovaRow[];
  readonly anovaKR: AnovaRow[] | null;
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

/** lmerTest's degrees of freedom come from finite differences, and θ is known to about 1e-6 on either side. */
const DF = 1e-5;
const VALUE = 1e-5;

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
  const table = readTable(files) as Parameters<typeof lmm>[1];
  return lmm(formula, table, {
    method: reml ? "REML" : "ML",
    ...(contrasts === undefined ? {} : { contrasts }),
  });
}

function expectRelative(actual: number, expected: number, tolerance: number, what: string): void {
  expect(Math.abs(actual / expected - 1), `${what}: ${actual} for ${expected}`).toBeLessThan(tolerance);
}

/** A p-value moves with its statistic, the more the smaller it is. */
function expectPValue(actual: number, expected: number, what: string): void {
  const allowed = 1e-4 * Math.max(1, -Math.log(expected));
  expect(Math.abs(Math.log(actual / expected)), `${what}: ${actual} for ${expected}`).toBeLessThan(allowed);
}

describe.each(ids)("%s", (id) => {
  const expected = reference(id);
  const absent = expected === null || dataFiles(expected.data) === null;
  const title = (text: string) =>
    absent ? `${text} (skipped: its data may not be published and ../shared does not have them)` : text;

  it.skipIf(absent)(title("has lmerTest's t tests"), () => {
    if (expected === null) return;
    const model = fit(id);
    for (const ddf of ["satterthwaite", "kenward-roger"] as const) {
      const wanted = ddf === "satterthwaite" ? expected.satterthwaite : expected.kenwardRoger;
      if (wanted === null) continue;
      const { rows } = coefTests(model, { ddf });
      expect(rows.map(({ term }) => term)).toEqual(wanted.map(({ term }) => term));
      wanted.forEach((row, i) => {
        const what = `${ddf} ${row.term}`;
        expectRelative(rows[i].df, row.df, DF, what);
        expectRelative(rows[i].stdError, row["Std. Error"], VALUE, what);
        expect(Math.abs(rows[i].tValue - row["t value"]), what).toBeLessThan(
          VALUE * Math.max(1, Math.abs(row["t value"])),
        );
        expectPValue(rows[i].pValue, row["Pr(>|t|)"], what);
      });
    }
  });

  it.skipIf(absent)(title("has lmerTest's analyses of variance"), () => {
    if (expected === null) return;
    const model = fit(id);
    const tables = [
      [expected.anovaI, anova(model, { type: "I" })],
      [expected.anovaII, anova(model, { type: "II" })],
      [expected.anovaIII, anova(model)],
      [expected.anovaKR, expected.anovaKR && anova(model, { type: "III", ddf: "kenward-roger" })],
    ] as const;
    for (const [wanted, table] of tables) {
      if (wanted === null || table === null) continue;
      expect(table.rows.map(({ term, numDf }) => [term, numDf])).toEqual(
        wanted.map(({ term, NumDF }) => [term, NumDF]),
      );
      wanted.forEach((row, i) => {
        const what = `${table.type} ${table.ddf} ${row.term}`;
        const { sumSq, meanSq, denDf, fValue, pValue } = table.rows[i];
        expectRelative(denDf, row.DenDF, DF, what);
        expectRelative(fValue, row["F value"], VALUE, what);
        expectRelative(sumSq, row["Sum Sq"], VALUE, what);
        expectRelative(meanSq, row["Mean Sq"], VALUE, what);
        expectPValue(pValue, row["Pr(>F)"], what);
      });
    }
  });
});

describe("degrees of freedom of balanced designs", () => {
  // There the approximation is exact, and the degrees of freedom are those of a classical analysis of variance.
  it.each([
    ["cake-reml", (term: string) => (/^(\(Intercept\)|recipe.)$/.test(term) ? 42 : 210)],
    ["sleepstudy-slope-reml", () => 17],
    ["orthodont-reml", () => 25],
    ["pastes-nested-reml", () => 9],
  ])("are whole numbers for %s, which lmerTest's finite differences miss by more", (id, exact) => {
    const { rows } = coefTests(fit(id));
    const theirs = reference(id)?.satterthwaite ?? [];
    const error = (list: readonly { term: string; df: number }[]) =>
      Math.max(...list.map(({ term, df }) => Math.abs(df / exact(term) - 1)));
    // What is left comes from θ, which is at a minimum to about 1e-9.
    expect(error(rows)).toBeLessThan(2e-9);
    expect(error(theirs)).toBeGreaterThan(error(rows));
  });
});
