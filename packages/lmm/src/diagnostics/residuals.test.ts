import type { ModelColumn } from "@lmmkit/formula";
import { describe, expect, it } from "vitest";
import { denseOracle, entry } from "../dense-oracle.test-support";
import { fitFrame } from "../fit/fit-frame";
import { dense, frameOf, group, ones, sparse, term } from "../frame.test-support";
import { outcomes } from "../influence/deletion-outcomes";
import { deletionSets } from "../influence/deletion-sets";
import { influence } from "../influence/influence";
import { fitWithout } from "../influence/refit-without";
import { workspaceOf } from "../model/workspace-of";
import { modelKinds, randomModel } from "../random-model.test-support";
import { hatvalues } from "./hatvalues";
import { randomVariances } from "./linear-predictor";
import { cooksDistance, residuals, residualTypes } from "./residuals";
import { RowReader } from "./row-reader";
import { singularValues } from "./singular-values";

describe("residuals", () => {
  it.each(modelKinds)("of every kind belong together: %s", (kind) => {
    const model = fitFrame(randomModel(kind, 6, { weights: true, offset: true }));
    const { weights, offset, response, fitted, sigma } = model;
    const hat = hatvalues(model);
    const of = Object.fromEntries(residualTypes.map((type) => [type, residuals(model, type)]));
    response.forEach((y, r) => {
      const root = Math.sqrt(weights?.[r] ?? 1);
      expect(of.response[r]).toBe(y - fitted[r]);
      expect(of.working[r]).toBe(of.response[r]);
      expect(of.pearson[r]).toBeCloseTo(root * (y - fitted[r]), 12);
      expect(of.deviance[r]).toBe(of.pearson[r]);
      expect(of.scaled[r]).toBeCloseTo(of.pearson[r] / sigma, 12);
      expect(of.studentized[r]).toBeCloseTo(of.scaled[r] / Math.sqrt(1 - hat[r]), 10);
      let fixed = offset?.[r] ?? 0;
      model.design.fixedColumns.forEach((column, j) => {
        fixed += entry(model.frame.fixed.columns[column], r) * model.beta[j];
      });
      expect(of.marginal[r]).toBeCloseTo(y - fixed, 10);
      const variance = randomVariances(model, model.frame)[r] + sigma ** 2 / root ** 2;
      expect(of["marginal-scaled"][r]).toBeCloseTo(of.marginal[r] / Math.sqrt(variance), 10);
    });
  });

  it("of a type that is none are refused", () => {
    const model = fitFrame(randomModel("scalar", 1));
    expect(() => residuals(model, "anscombe" as "response")).toThrowError(
      'unknown type of residuals: "anscombe"',
    );
  });

  it("leave Cook's distances without fixed effects undefined", () => {
    const model = fitFrame(randomModel("no fixed effects", 3));
    expect(cooksDistance(model).every(Number.isNaN)).toBe(true);
  });
});

describe("hat values", () => {
  it("do not feel where the zero of a covariate is, nor its unit", () => {
    const frame = randomModel("slope", 17);
    const [, x] = frame.fixed.columns;
    const moved = dense(Array.from({ length: 40 }, (_, r) => 1000 * entry(x, r) + 2 ** 24));
    const place = (columns: readonly (typeof x)[]) => columns.map((column, j) => (j === 1 ? moved : column));
    const [own] = frame.random;
    const far = fitFrame({
      ...frame,
      fixed: { ...frame.fixed, columns: place(frame.fixed.columns) },
      random: [{ ...own, design: { ...own.design, columns: place(own.design.columns) } }],
    });
    const near = fitFrame(frame);
    const hat = hatvalues(far);
    hatvalues(near).forEach((value, r) => {
      // θ is found anew, and x has lost the last four of its digits to the move.
      expect(hat[r]).toBeCloseTo(value, 6);
    });
  });
});

describe("rows of a wide X", () => {
  // 30 indicators among the fixed effects, 90 rows: read entry by entry.
  const n = 90;
  const y = Array.from({ length: n }, (_, r) => Math.sin(r * r) + (r % 7));
  const x = dense(Array.from({ length: n }, (_, r) => Math.cos(5 * r) + 100));
  const indicators = Array.from({ length: 29 }, (_, l): [string, ModelColumn] => [
    `f${l}`,
    sparse(Array.from({ length: n }, (_, r) => (r % 30 === l + 1 ? 1 : 0))),
  ]);
  const g = group(
    "g",
    Array.from({ length: n }, (_, r) => Math.floor(r / 11)),
  );
  const weights = Array.from({ length: n }, (_, r) => 1 + (r % 3));
  const frame = frameOf({
    y,
    fixed: { "(Intercept)": ones, x, ...Object.fromEntries(indicators) },
    random: [term(g)],
    weights,
  });
  const model = fitFrame(frame);

  it("are read entry by entry, to the same hat values", () => {
    expect(new RowReader(workspaceOf(model), frame).sparseFixed()).not.toBeNull();
    const hat = hatvalues(model);
    const before = denseOracle(frame, model.design, model.theta).fitted;
    for (const row of [0, 31, 88]) {
      const moved = frame.response?.values.slice() ?? new Float64Array();
      moved[row] += 1;
      const after = denseOracle(
        { ...frame, response: { name: "y", values: moved } },
        model.design,
        model.theta,
      );
      expect(hat[row]).toBeCloseTo(after.fitted[row] - before[row], 8);
    }
    const table = influence(model);
    const without = outcomes(
      model,
      deletionSets(model, { name: "one", labels: y.map((_, r) => r) }),
      "fixed-theta",
    );
    expect(table.sigma[31]).toBeCloseTo(without(31).sigma, 10);
    expect(table.criterion[31]).toBeCloseTo(fitWithout(model, Int32Array.of(31), true).criterion, 7);
  });
});

describe("singular values", () => {
  it("are accurate where they are small", () => {
    // Columns (1, ε) and (1, 0): the product of the values is ε, the sum of their squares 2 + ε².
    const epsilon = 1e-9;
    const { values, left } = singularValues([1, epsilon, 1, 0], 2);
    expect(values[0]).toBeCloseTo(Math.SQRT2, 12);
    expect(values[1] / (epsilon / Math.SQRT2)).toBeCloseTo(1, 6);
    expect(left[0] * left[2] + left[1] * left[3]).toBeCloseTo(0, 6);
    expect(Array.from(singularValues([0, 0, 0, 2], 2).values)).toEqual([2, 0]);
  });
});
