/** Diagnostics of InstEval: 73,421 rows, 2,972 students, 1,128 lecturers. */
import { hatvalues, influence, type LmmTable, lmm, predict, profiledDeviance, r2 } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { readTable } from "../support/read-table";

const files = dataFiles("lme4-InstEval");
if (files === null) throw new Error("no data for lme4-InstEval");
const table = readTable(files);
const formula = "y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept)";
const model = lmm(formula, table as LmmTable);

/** The criterion at θ̂ of the rows that are left, from those rows alone. */
function criterionWithout(group: string, label: string): number {
  const column = table[group];
  if (!("codes" in column)) throw new Error(`${group} is no factor`);
  const subset = Array.from(column.codes, (code) => column.levels[code] !== label);
  const theta = model.theta;
  return profiledDeviance(formula, table as LmmTable, { subset })(theta);
}

describe("InstEval", () => {
  it("has hat values that add up to the effective number of parameters", () => {
    const hat = hatvalues(model);
    expect(hat).toHaveLength(73421);
    const sum = hat.reduce((total, value) => total + value, 0);
    // tr(H) = p + q − tr((Λ'Z'ZΛ + I)⁻¹ …) lies between p and p + q.
    expect(sum).toBeGreaterThan(2);
    expect(sum).toBeLessThan(2 + 4114);
    expect(hat.every((value) => value > 0 && value < 1)).toBe(true);
  });

  it("loses each of its students, and lecturers, as if they had never been there", () => {
    for (const [group, levels] of [
      ["s", 2972],
      ["d", 1128],
    ] as const) {
      const without = influence(model, { by: group });
      expect(without.status.filter((status) => status === "ok")).toHaveLength(levels);
      for (const s of [0, 777]) {
        // Of 240,000, so eleven digits.
        expect(Math.abs(without.criterion[s] - criterionWithout(group, without.labels[s]))).toBeLessThan(
          2e-6,
        );
      }
    }
  });

  it("predicts students for lecturers they never met, with standard errors", () => {
    const levels = (name: string) =>
      model.design.factors.find((factor) => factor.name === name)?.levels ?? [];
    const rows = Array.from({ length: 500 }, (_, i) => ({
      service: String(i % 2),
      s: levels("s")[(i * 37) % 2972],
      d: levels("d")[(i * 91) % 1128],
      dept: levels("dept")[i % 14],
    }));
    const options = { stdErrors: true, ddf: "asymptotic" } as const;
    const together = predict(model, rows, options);
    const [alone] = predict(model, rows.slice(7, 8), options).stdError ?? [];
    // Another pattern is factorized for one row than for many: the same number from another order of sums.
    expect(Math.abs((together.stdError?.[7] ?? 0) / alone - 1)).toBeLessThan(1e-9);
    expect(together.stdError?.every((value) => value > 0.1 && value < 1)).toBe(true);
    expect(r2(model).conditional).toBeGreaterThan(r2(model).marginal);
  });
});
