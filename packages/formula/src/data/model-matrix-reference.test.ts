/**
 * 150 formulas whose model matrices R 4.2.2 made (`model.matrix`, package splines) on the made-up data of
 * fixtures/model-matrix.csv. For each column: name, sum, sum of squares, first entry and the sum weighted by
 * sin(1), sin(2), … (so that a permutation of rows or columns shows).
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { denseColumn } from "../formula.test-support";
import { modelMatrix } from "./build-frame";
import { factorColumn } from "./factor-column";

interface Reference {
  readonly formula: string;
  readonly contrasts: Record<string, string> | null;
  readonly names: string[];
  readonly sums: number[];
  readonly weighted: number[];
  readonly sumsq: number[];
  readonly firstRow: number[];
}

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), "utf8");
const references = JSON.parse(fixture("model-matrix.json")) as Reference[];
const table = readTable(fixture("model-matrix.csv"));

function readTable(text: string) {
  const [header, ...rows] = text
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const column = (name: string) => rows.map((row) => row[header.indexOf(name)]);
  return {
    y: column("y").map(Number),
    a: factorColumn(column("a"), { levels: ["lo", "hi"] }),
    b: column("b"),
    c: factorColumn(column("c"), { levels: ["s", "m", "l", "xl"], ordered: true }),
    x: column("x").map(Number),
    z: column("z").map(Number),
    w: column("w").map(Number),
  };
}

describe("model matrices as R makes them", () => {
  test.each(
    references.map((r) => [r.contrasts ? `${r.formula} ${JSON.stringify(r.contrasts)}` : r.formula, r]),
  )("%#: %s", (_, reference) => {
    const matrix = modelMatrix(reference.formula, table, { contrasts: reference.contrasts ?? {} });
    expect(matrix.names).toEqual(reference.names);
    matrix.columns.forEach((column, j) => {
      const x = denseColumn(column, matrix.nrows);
      let sum = 0;
      let weighted = 0;
      let squares = 0;
      x.forEach((v, i) => {
        sum += v;
        weighted += v * Math.sin(i + 1);
        squares += v * v;
      });
      // 1e-10 is the project's promise for entries; the sums of 72 of them are held to it too.
      const close = (actual: number, wanted: number) =>
        expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(wanted)));
      close(sum, reference.sums[j]);
      close(weighted, reference.weighted[j]);
      close(squares, reference.sumsq[j]);
      close(x[0], reference.firstRow[j]);
    });
  });
});
