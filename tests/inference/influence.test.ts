/** Deletion of groups with θ refitted, against lme4 on the rows that are left; edge models of every kind. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  cooksDistance,
  hatvalues,
  influence,
  lmm,
  loadModel,
  observationDiagnostics,
  r2,
  residuals,
  rstudent,
  saveModel,
} from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { edgeModels } from "../support/edge-models";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";

interface Reference {
  readonly models: readonly {
    readonly id: string;
    readonly labels: string[];
    /** What lme4's influence() gives: its refits stop early, about 1e-4 from the minimum. */
    readonly lme4Beta: number[][];
    readonly lme4Dfbetas: number[][] | Record<string, never>;
    readonly beta: number[] | number[][];
    readonly sigma: number[];
    readonly theta: number[] | number[][];
    readonly criterion: number[];
  }[];
}

const path = fileURLToPath(new URL("../fixtures/reference/inference/influence.json", import.meta.url));
const reference = JSON.parse(readFileSync(path, "utf8")) as Reference;

const unit: Record<string, string> = { "sleepstudy-slope-reml": "Subject", "penicillin-reml": "plate" };

/** Row s of a matrix that R writes as a list of rows, or of one row when there is one column. */
function row(values: number[] | number[][], s: number): number[] {
  const first = values[0];
  if (Array.isArray(first) && values.length > 1) return (values as number[][])[s];
  const flat = (Array.isArray(first) ? first : values) as number[];
  return [flat[s]];
}

describe("influence of groups", () => {
  it.each(reference.models)("of $id is lme4's", (expected) => {
    const { data, formula } = modelById(expected.id);
    const files = dataFiles(data);
    if (files === null) throw new Error(`no data for ${expected.id}`);
    const model = lmm(formula, readTable(files) as Parameters<typeof lmm>[1]);
    const by = unit[expected.id] ?? model.design.factors[0].name;
    const table = influence(model, { by, refit: "full" });
    const d = table.labels.length;
    expect(d).toBe(expected.labels.length);
    expected.labels.forEach((label, i) => {
      // R's interaction() joins levels by a dot.
      const s = table.labels.findIndex((own) => own === label || own.replace(":", ".") === label);
      const beta = model.beta.map((_, j) => table.beta[j * d + s]);
      const scale = (j: number) => Math.sqrt(model.vcov[j * beta.length + j]);
      // Two optimizers agree on the criterion to 1e-8, on θ to its square root.
      expect(Math.abs(table.criterion[s] - expected.criterion[i])).toBeLessThan(1e-6);
      row(expected.beta, i).forEach((value, j) => {
        expect(Math.abs(beta[j] - value)).toBeLessThan(1e-5 * scale(j));
      });
      expect(Math.abs(table.sigma[s] / expected.sigma[i] - 1)).toBeLessThan(1e-5);
      row(expected.theta, i).forEach((value, j) => {
        expect(Math.abs(table.theta[j * d + s] - value)).toBeLessThan(1e-3);
      });
      const dfbetas = expected.lme4Dfbetas;
      if (!Array.isArray(dfbetas)) return;
      dfbetas[i].forEach((value, j) => {
        expect(Math.abs(table.dfbetas[j * d + s] - value)).toBeLessThan(2e-3);
      });
    });
  });
});

describe.each(Object.entries(edgeModels))("diagnostics of %s", (_, { formula, table, options }) => {
  const model = lmm(formula, table, options ?? {});
  const n = model.frame.nobs;
  const p = model.beta.length;

  it("are finite, and add up", () => {
    const hat = hatvalues(model);
    const sum = hat.reduce((total, value) => total + value, 0);
    // Between the fixed effects alone and all effects.
    expect(sum).toBeGreaterThan(p - 1e-9);
    expect(sum).toBeLessThan(p + model.design.q);
    for (const values of [cooksDistance(model), rstudent(model), residuals(model, "studentized-deleted")]) {
      expect(values).toHaveLength(n);
      expect(values.every(Number.isFinite)).toBe(true);
    }
    for (const column of Object.values(observationDiagnostics(model))) expect(column).toHaveLength(n);
    const marginal = residuals(model, "marginal");
    const { ".fixed": fixed } = observationDiagnostics(model);
    marginal.forEach((value, r) => {
      expect(value + fixed[r]).toBeCloseTo(model.response[r], 9);
    });
  });

  it("agree between deletions at theta and the same deletions refitted from another side", () => {
    const table = influence(model);
    expect(table.status.every((status) => status === "ok")).toBe(true);
    // Deleting one row moves θ so little that the full refit has nearly the criterion of the fixed one, never more.
    const rows = { name: "rows", labels: Array.from({ length: n }, (_, r) => Math.min(r, 3)) };
    const fixed = influence(model, { by: rows });
    const full = influence(model, { by: rows, refit: "full" });
    for (const s of [0, 1, 2]) {
      expect(fixed.criterion[s]).toBeCloseTo(table.criterion[s], 8);
      expect(full.criterion[s]).toBeLessThan(fixed.criterion[s] + 1e-8);
      expect(fixed.criterion[s] - full.criterion[s]).toBeLessThan(2);
    }
  });
});

describe("a fit saved without its data", () => {
  it("says that diagnostics of rows need them", () => {
    const { formula, table } = edgeModels["random slopes"];
    const model = loadModel(JSON.stringify(saveModel(lmm(formula, table), { data: false })));
    for (const ask of [hatvalues, cooksDistance, residuals, observationDiagnostics, influence, r2]) {
      expect(() => ask(model)).toThrowError("saved without data");
    }
  });
});
