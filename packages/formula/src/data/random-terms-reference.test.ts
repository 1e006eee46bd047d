/** Random-effects terms against lme4 (fixtures/random-terms.json, made by scripts/random-terms.R). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { denseColumn } from "../formula.test-support";
import { modelFrame } from "./build-frame";
import { factorColumn } from "./factor-column";
import type { ModelMatrix, RandomTerm } from "./model-frame";

interface Reference {
  readonly data: Record<string, unknown[] | { levels: string[]; ordered: boolean; values: string[] }>;
  readonly cases: {
    readonly formula: string;
    readonly nobs: number;
    readonly fixed: string[];
    readonly fixedWeighted: number[];
    readonly terms: {
      group: string;
      effects: string[];
      levels: string[];
      codes: number[];
      weighted: number[];
    }[];
  }[];
}
const reference = JSON.parse(
  readFileSync(new URL("../../fixtures/random-terms.json", import.meta.url), "utf8"),
) as Reference;
const table = Object.fromEntries(
  Object.entries(reference.data).map(([name, raw]) => [
    name,
    Array.isArray(raw)
      ? (raw as number[])
      : factorColumn(raw.values, { levels: raw.levels, ordered: raw.ordered }),
  ]),
);

/** lme4 sorts terms by levels when they increase anywhere; ties then come in reverse. */
function lme4Order(terms: readonly RandomTerm[]): RandomTerm[] {
  const counts = terms.map((term) => term.group.levels.length);
  if (counts.every((count, i) => i === 0 || count <= counts[i - 1])) return [...terms];
  return terms
    .map((term, i) => ({ term, i }))
    .sort((a, b) => b.term.group.levels.length - a.term.group.levels.length || b.i - a.i)
    .map(({ term }) => term);
}

const weights = (matrix: ModelMatrix) => Array.from({ length: matrix.nrows }, (_, i) => Math.sin(i + 1));

function expectClose(actual: number[], wanted: number[]) {
  expect(actual.length).toBe(wanted.length);
  // Sums of 60 entries of size 1; 1e-10 is the project's promise.
  actual.forEach((v, i) => {
    expect(Math.abs(v - wanted[i])).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(wanted[i])));
  });
}

describe("random-effects terms as lme4 makes them", () => {
  test.each(reference.cases.map((c) => [c.formula, c] as const))("%s", (formula, wanted) => {
    const frame = modelFrame(formula, table, { doubleBar: "lme4" });
    expect(frame.nobs).toBe(wanted.nobs);
    expect(frame.fixed.names).toEqual(wanted.fixed);
    const w = weights(frame.fixed);
    const weighted = (x: Float64Array) => x.reduce((sum, v, i) => sum + v * w[i], 0);
    expectClose(
      frame.fixed.columns.map((column) => weighted(denseColumn(column, frame.nobs))),
      wanted.fixedWeighted,
    );
    const terms = lme4Order(frame.random);
    expect(terms.map((term) => term.group.name)).toEqual(wanted.terms.map((term) => term.group));
    terms.forEach((term, t) => {
      const { effects, levels, codes, weighted: sums } = wanted.terms[t];
      expect(term.design.names).toEqual(effects);
      expect(term.group.levels).toEqual(levels);
      expect(Array.from(term.group.codes)).toEqual(codes);
      const ours = new Array<number>(levels.length * effects.length).fill(0);
      term.design.columns.forEach((column, e) => {
        denseColumn(column, frame.nobs).forEach((v, i) => {
          ours[term.group.codes[i] * effects.length + e] += v * w[i];
        });
      });
      expectClose(ours, sums);
    });
  });
});
