import { expect, test } from "vitest";
import { modelFrame } from "../data/build-frame";
import { randomParts } from "./random-parts";

const { schema } = modelFrame("y ~ x + (x | a/b)", {
  y: [1, 2, 3, 4],
  x: [1, 2, 1, 2],
  a: ["u", "u", "v", "v"],
  b: ["p", "q", "p", "q"],
});

test("nesting and bars are expanded as in a model", () => {
  expect(randomParts("~ (1 | a/b)", schema)).toEqual([
    { group: "b:a", intercept: true, labels: [] },
    { group: "a", intercept: true, labels: [] },
  ]);
  expect(randomParts("~ x + (0 + x | a)", schema)).toEqual([{ group: "a", intercept: false, labels: ["x"] }]);
  expect(randomParts("~ (x || a)", schema)).toEqual([
    { group: "a", intercept: true, labels: [] },
    { group: "a", intercept: false, labels: ["x"] },
  ]);
  expect(randomParts("~ 0", schema)).toEqual([]);
});

test("a formula that cannot be read is an error with its place", () => {
  expect(() => randomParts("~ 1 | a", schema)).toThrowError("missing parentheses");
});
