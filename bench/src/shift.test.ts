/** Numbers far from zero: y + 10⁸ and covariates + 10⁶ give the fit of the unmoved data. */
import { coefTable, type LinearMixedModel, lmm, varCorr } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { referenceCases } from "./lme4/cases";
import type { Case } from "./lme4/compare";
import type { Table } from "./support/table-files";

/** What the issue asks for: six digits. y + 10⁸ itself keeps no more than 8 decimals of y. */
const DIGITS = 1e-6;

const cases = referenceCases();
// Large, and no harder than the others.
const small = cases.filter(({ id }) => !id.startsWith("insteval"));

function caseOf(id: string): Case {
  const item = cases.find((candidate) => candidate.id === id);
  if (item === undefined) throw new Error(`no reference model "${id}"`);
  return item;
}

function fit(item: Case, table: Table): LinearMixedModel {
  const { formula, reml, contrasts, weights, offset } = item;
  return lmm(formula, table, { method: reml ? "REML" : "ML", contrasts, weights, offset });
}

function moved(table: Table, columns: readonly string[], by: number): Table {
  const out: Record<string, Table[string]> = { ...table };
  for (const name of columns) out[name] = (table[name] as Float64Array).map((value) => value + by);
  return out;
}

/** Without the intercept, which moves with the data. */
function tValues(model: LinearMixedModel): number[] {
  return coefTable(model)
    .filter(({ term }) => term !== "(Intercept)")
    .map(({ tValue }) => tValue);
}

function expectSameDigits(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs), 0);
  for (let i = 0; i < expected.length; i++) {
    // Entries that are next to nothing beside the largest have no six digits of their own.
    const size = Math.max(Math.abs(expected[i]), 1e-2 * largest);
    expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(DIGITS * size);
  }
}

describe("a response moved by 10⁸", () => {
  it.each(small.map((item) => [item.id, item] as const))("leaves the fit of %s alone", (_, item) => {
    const response = item.formula.split("~")[0].trim();
    const expected = fit(item, item.table);
    const actual = fit(item, moved(item.table, [response], 1e8));
    expect(actual.converged).toBe(true);
    expectSameDigits(actual.theta, expected.theta);
    expectSameDigits([actual.sigma], [expected.sigma]);
    expectSameDigits(tValues(actual), tValues(expected));
  });
});

describe("covariates moved by 10⁶", () => {
  // Main effects only: in a product of covariates the others would take part of the move, too.
  it.each([
    ["sleepstudy-intercept-reml", ["Days"]],
    ["cake-temp-ml", ["temp"]],
    // Latitude is the weight, too.
    ["quinidine-weights-ml", ["longitude"]],
  ])("leave the fit of %s alone", (id, columns) => {
    const item = caseOf(id);
    const expected = fit(item, item.table);
    const actual = fit(item, moved(item.table, columns, 1e6));
    expectSameDigits(actual.theta, expected.theta);
    expectSameDigits([actual.sigma], [expected.sigma]);
    expectSameDigits(tValues(actual), tValues(expected));
  });

  it.each([
    ["sleepstudy-slope-reml", "Days"],
    ["scotssec-slope-ml", "verbal"],
  ])("leave what does not depend on their zero in %s, where they have random slopes", (id, column) => {
    const item = caseOf(id);
    const expected = fit(item, item.table);
    const actual = fit(item, moved(item.table, [column], 1e6));
    const slope = (model: LinearMixedModel) =>
      varCorr(model).terms.flatMap(({ terms, stdDev }) => stdDev.filter((_, i) => terms[i] === column));
    expectSameDigits([actual.criterion], [expected.criterion]);
    expectSameDigits([actual.sigma], [expected.sigma]);
    expectSameDigits(slope(actual), slope(expected));
    expectSameDigits(tValues(actual), tValues(expected));
  });
});
