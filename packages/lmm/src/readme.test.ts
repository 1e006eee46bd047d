import { readFileSync } from "node:fs";
import { modelFrame } from "@lmmkit/formula";
import { describe, expect, it } from "vitest";
import * as library from "./index";
import {
  anova,
  buildDesign,
  coefTests,
  contest,
  criterionAt,
  crossProducts,
  formatSummary,
  lmm,
  minimizeTheta,
  PlsWorkspace,
  ranef,
  varCorr,
  varianceParameters,
} from "./index";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The data of the README's first example, read from it. */
function tableOf(text: string): { Yield: number[]; Batch: string[] } {
  const numbers = /Yield: \[([^\]]+)\]/.exec(text)?.[1] ?? "";
  const letters = /Batch: \[\.\.\."(\w+)"\]/.exec(text)?.[1] ?? "";
  const yields = numbers.split(",").map((part) => part.trim());
  return { Yield: yields.filter((part) => part !== "").map(Number), Batch: [...letters] };
}

describe("the README", () => {
  const table = tableOf(readme);
  const formula = /lmm\("([^"]+)", table\)/.exec(readme)?.[1] ?? "";

  it("shows what its first example prints", () => {
    const shown = /```text\n([\s\S]*?)```/.exec(readme)?.[1];
    expect(table.Yield).toHaveLength(30);
    expect(formatSummary(lmm(formula, table))).toBe(shown);
  });

  it("names functions that there are", () => {
    const [, table] = /to ask of a model\n([\s\S]*?)```ts/.exec(readme) ?? [];
    const named = [...(table ?? "").matchAll(/^\|[^|]+\|(.*)\|$/gm)].flatMap(([, cell]) =>
      [...cell.matchAll(/`([a-zA-Z0-9]+)`/g)].map(([, name]) => name),
    );
    expect(named.length).toBeGreaterThan(60);
    // `certificate` is a field of the model.
    expect(named.filter((name) => name !== "certificate" && !(name in library))).toEqual([]);
  });

  it("names steps that lead to the same fit", () => {
    const frame = modelFrame(formula, table);
    const design = buildDesign(frame);
    const workspace = new PlsWorkspace(design, crossProducts(frame, design));
    // R 4.2.2, lme4 1.1-31: REML criterion of the Dyestuff model at theta = 1.
    expect(criterionAt(workspace, "REML", [1])).toBeCloseTo(319.792389042002, 9);
    const model = lmm(formula, table);
    expect(minimizeTheta(workspace, { method: "REML" }).criterion).toBe(model.criterion);
    expect(varCorr(model).terms[0].group).toBe("Batch");
    expect(ranef(model, { condVar: true })[0].condVar).toHaveLength(6);
  });

  it("names tests that hold", () => {
    const model = lmm(formula, table);
    // Balanced data: five degrees of freedom between six batches, by every method.
    expect(coefTests(model).rows[0].df).toBeCloseTo(5, 7);
    expect(coefTests(model, { ddf: "kenward-roger" }).rows[0].df).toBeCloseTo(5, 7);
    expect(contest(model, [[1]], { rhs: [1500] }).denDf).toBeCloseTo(5, 7);
    expect(anova(model, { type: "III" }).rows).toEqual([]);
    expect(varianceParameters(model).parameters).toHaveLength(2);
  });
});
