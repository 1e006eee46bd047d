import { describe, expect, test } from "vitest";
import { applyFrame } from "./apply-frame";
import { modelFrame } from "./build-frame";

const table = {
  y: [1, 2, 3, 4, 5, 6, 7, 8],
  x: [1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3, Number.NaN, 1e9 + 5, 1e9 + 6, 1e9 + 7],
  dose: [10, 10, 20, 30, 30, 30, 20, 10],
  two: [0, 1, 0, 1, 0, 1, 0, 1],
  f: ["a", "b", "a", "b", "unused", "a", "b", "a"],
  p: [true, false, true, false, true, false, true, false],
  w: [1, 1, 2, 0, 9, 3, 1, 1],
  o: [1, 2, 3, 4, 5, 6, 7, 9],
  g: ["u", "v", "u", "v", "u", "v", "u", "v"],
};

describe("the summary of the columns that fixed effects read", () => {
  test("has means, ranges and few values of the rows used, and levels that occur there", () => {
    const { schema } = modelFrame("y ~ log(x) + factor(dose) + f * two + offset(o) + (p | g)", table, {
      offset: "o",
    });
    expect(JSON.parse(JSON.stringify(schema.grid)).variables).toEqual([
      {
        name: "x",
        kind: "numeric",
        mean: 1e9 + 24 / 7,
        min: 1e9,
        max: 1e9 + 7,
        values: [0, 1, 2, 3, 5, 6, 7].map((d) => 1e9 + d),
        discrete: false,
      },
      {
        name: "dose",
        kind: "numeric",
        mean: 10 + 60 / 7,
        min: 10,
        max: 30,
        values: [10, 20, 30],
        discrete: true,
      },
      { name: "f", kind: "factor", levels: ["a", "b"] },
      { name: "two", kind: "numeric", mean: 4 / 7, min: 0, max: 1, values: [0, 1], discrete: true },
      {
        name: "o",
        kind: "numeric",
        mean: 32 / 7,
        min: 1,
        max: 9,
        values: [1, 2, 3, 4, 6, 7, 9],
        discrete: false,
      },
    ]);
    expect(schema.grid?.offset).toBe(32 / 7);
  });

  test("counts the rows of the observed cells", () => {
    const { schema } = modelFrame(
      "y ~ f + p + (1 | g)",
      { ...table, x: table.y },
      { weights: "w", subset: "f != 'unused'" },
    );
    const { codes, counts } = schema.grid?.cells ?? { codes: [], counts: [] };
    // In the order of rows: a with true (1, 3), b with false (2; 4 has no weight), a with false (6, 8), b with true (7).
    expect(codes).toEqual([0, 1, 1, 0, 0, 0, 1, 1]);
    expect(counts).toEqual([2, 1, 2, 1]);
  });

  test("gives up on values and cells where there are too many", () => {
    const n = 30_000;
    const many = {
      y: Array.from({ length: n }, (_, i) => i % 7),
      a: Array.from({ length: n }, (_, i) => `a${i % 300}`),
      b: Array.from({ length: n }, (_, i) => `b${Math.floor(i / 300)}`),
      g: Array.from({ length: n }, (_, i) => i % 5),
    };
    const { schema } = modelFrame("y ~ a + b + y + (1 | g)", many);
    expect(schema.grid?.cells).toBeNull();
    const numbers = modelFrame("y ~ x + (1 | g)", { ...many, x: many.y.map((_, i) => i) }).schema.grid;
    expect(numbers?.variables[0]).toMatchObject({ values: null, discrete: false, mean: (n - 1) / 2 });
  });
});

test("new rows need no columns of random-effects terms when only fixed effects are wanted", () => {
  const { schema } = modelFrame("y ~ f + (dose || g) + (f || p)", table);
  const { fixed, random, nobs } = applyFrame(schema, { f: ["b", "a"] }, { random: false });
  expect([nobs, random]).toEqual([2, []]);
  expect(fixed.names).toEqual(["(Intercept)", "fb", "funused"]);
});
