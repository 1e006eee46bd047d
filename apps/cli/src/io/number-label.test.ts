import { describe, expect, it } from "vitest";
import { numberLabel } from "./number-label";

// R 4.2.2: as.character(c(...))
describe("numberLabel", () => {
  it.each([
    [1, "1"],
    [0.1, "0.1"],
    [-2.5, "-2.5"],
    [1e5, "1e+05"],
    [100000.5, "100000.5"],
    [123456, "123456"],
    [1e15, "1e+15"],
    [0.0001, "1e-04"],
    [0.00012, "0.00012"],
    [1 / 3, "0.333333333333333"],
    [1e-20, "1e-20"],
    [-0, "0"],
    [0.1 + 0.2, "0.3"],
    [Number.POSITIVE_INFINITY, "Inf"],
  ])("writes %d as R does: %s", (value, text) => {
    expect(numberLabel(value)).toBe(text);
  });
});
