import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readState, writeState } from "../.vitepress/theme/live/url-state";

const datasets = [
  { name: "sleepstudy", example: "Reaction ~ Days + (Days | Subject)" },
  { name: "cake", example: "angle ~ temp + (1 | recipe)" },
];

describe("the address of the live page", () => {
  test("without a query shows the first data set and its example", () => {
    expect(readState("", datasets, "sleepstudy")).toEqual({
      dataset: "sleepstudy",
      formula: "Reaction ~ Days + (Days | Subject)",
      method: "REML",
      linked: false,
    });
  });

  test("with a data set only shows that data set's example", () => {
    expect(readState("?data=cake", datasets, "sleepstudy")).toMatchObject({
      dataset: "cake",
      formula: "angle ~ temp + (1 | recipe)",
      linked: false,
    });
  });

  test("with an unknown data set or method falls back", () => {
    expect(readState("?data=__proto__&method=MAP&formula=a~b", datasets, "sleepstudy")).toEqual({
      dataset: "sleepstudy",
      formula: "a~b",
      method: "REML",
      linked: true,
    });
  });

  test("with a formula of absurd length takes the example", () => {
    const query = `?data=cake&formula=${"a".repeat(2001)}`;
    expect(readState(query, datasets, "sleepstudy").linked).toBe(false);
  });

  test("reads back whatever was written", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("sleepstudy", "cake"),
        fc.string({ minLength: 1, maxLength: 200, unit: "grapheme" }).filter((s) => s.trim() !== ""),
        fc.constantFrom("REML" as const, "ML" as const),
        (dataset, formula, method) => {
          const state = { dataset, formula, method };
          expect(readState(writeState(state), datasets, "sleepstudy")).toEqual({ ...state, linked: true });
        },
      ),
      { seed: 1 },
    );
  });
});
