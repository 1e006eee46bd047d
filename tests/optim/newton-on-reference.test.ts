/**
 * Trust-region Newton with the average-information matrix on the profiled criteria of the reference models, from
 * θ = I: how many evaluations until the criterion is within 1e-6 of the least known, and BOBYQA's count beside it.
 * `PRINT_TABLE=1` prints the table of the optimizers' page.
 */
import { modelFrame } from "@lmmkit/formula";
import { buildDesign, fitFrame, type OptimizerName } from "@lmmkit/lmm";
import { afterAll, describe, expect, it } from "vitest";
import { absence, dataFiles, titleFor } from "../support/data-files";
import { readTable } from "../support/read-table";
import { expectedFit, models } from "../support/reference";

/** How near to the optimum counts as reached: far below what any inference resolves. */
const NEAR = 1e-6;

/** BOBYQA takes half a minute for these. */
const slow = new Set(["insteval-ml", "insteval-dept-ml"]);

interface Row {
  readonly id: string;
  readonly parameters: number;
  readonly newton: number;
  /** Null where it was not run. */
  readonly bobyqa: number | null;
}

const rows: Row[] = [];

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

afterAll(() => {
  if (process.env.PRINT_TABLE === undefined) return;
  const lines = rows.map((row) => `| ${row.id} | ${row.parameters} | ${row.newton} | ${row.bobyqa ?? ""} |`);
  const middle = `| median | | ${median(rows.map((row) => row.newton))} | ${median(rows.flatMap((row) => row.bobyqa ?? []))} |`;
  console.info(["| model | θ | Newton | BOBYQA |", "|---|---:|---:|---:|", ...lines, middle].join("\n"));
});

describe(`trust-region Newton comes within ${NEAR} of the optimum from θ = I`, () => {
  for (const model of models) {
    const files = dataFiles(model.data);
    it.skipIf(files === null)(titleFor(`${model.id}: in at most 20 evaluations`, model.data), () => {
      if (files === null) throw new Error(absence(model.data));
      const { contrasts, weights, offset } = model;
      const frame = modelFrame(model.formula, readTable(files), { contrasts, weights, offset });
      const method = model.reml ? "REML" : "ML";
      const start = buildDesign(frame).theta0;
      const values = (name: OptimizerName): number[] => {
        const seen: number[] = [];
        fitFrame(frame, { method, start, optimizer: { name }, onEvaluation: (_, value) => seen.push(value) });
        return seen;
      };
      const newton = values("newton");
      const bobyqa = slow.has(model.id) ? null : values("bobyqa");
      // The least of three programs: neither optimizer is measured by where it stops itself.
      const known = expectedFit(model.id)?.criterion ?? Infinity;
      const least = newton.concat(bobyqa ?? []).reduce((low, value) => Math.min(low, value), known);
      const until = (seen: readonly number[]) => seen.findIndex((value) => value <= least + NEAR) + 1;
      rows.push({
        id: model.id,
        parameters: start.length,
        newton: until(newton),
        bobyqa: bobyqa && until(bobyqa),
      });
      expect(until(newton), "Newton never comes near").toBeGreaterThan(0);
      expect(until(newton)).toBeLessThanOrEqual(20);
    });
  }

  it("in at most 10 at the median", () => {
    expect(rows.length).toBeGreaterThan(0);
    expect(median(rows.map((row) => row.newton))).toBeLessThanOrEqual(10);
  });
});
