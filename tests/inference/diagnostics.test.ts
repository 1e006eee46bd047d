/** Hat values, residuals and Cook's distances against lme4's. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cooksDistance, hatvalues, type LinearMixedModel, lmm, residuals, rstudent } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";

interface Reference {
  readonly data: string;
  /** null where lme4's dense n×n would be too large. */
  readonly hatHead: number[] | null;
  readonly cooksHead: number[] | null;
  readonly rstudentHead: number[] | null;
  readonly pearsonScaledHead: number[];
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

function reference(id: string): Reference | null {
  const path = ["../fixtures/reference/inference/", "../../../shared/reference/inference/"]
    .map((folder) => fileURLToPath(new URL(`${folder}${id}.json`, import.meta.url)))
    .find(existsSync);
  return path === undefined ? null : JSON.parse(readFileSync(path, "utf8"));
}

function fit(id: string): LinearMixedModel {
  const { data, formula, reml } = modelById(id);
  const files = dataFiles(data);
  if (files === null) throw new Error(`no data for ${id}`);
  return lmm(formula, readTable(files) as Parameters<typeof lmm>[1], { method: reml ? "REML" : "ML" });
}

describe.each(ids)("%s", (id) => {
  const expected = reference(id);
  const absent = expected === null || dataFiles(expected.data) === null;
  const why = " (skipped: its data may not be published and ../shared does not have them)";
  it.skipIf(absent)(`has lme4's diagnostics of rows${absent ? why : ""}`, () => {
    if (expected === null) return;
    const model = fit(id);
    // lme4 stops its optimizer a little before the minimum, which moves these numbers in the seventh digit.
    const pairs = [
      [expected.hatHead, hatvalues(model)],
      [expected.cooksHead, cooksDistance(model)],
      [expected.rstudentHead, rstudent(model)],
      [expected.pearsonScaledHead, residuals(model, "scaled")],
    ] as const;
    for (const [wanted, values] of pairs) {
      if (wanted === null) continue;
      expect(wanted.length).toBeGreaterThan(5);
      wanted.forEach((value, r) => {
        expect(Math.abs(values[r] - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
      });
    }
  });
});
