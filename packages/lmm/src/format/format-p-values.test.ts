import { describe, expect, it } from "vitest";
import { formatPValues } from "./format-p-values";

describe("p-values as text", () => {
  // format.pval(…) of R 4.2.2.
  it.each([
    [[6.95e-6, 2.16e-4, 0.046716, 0.17], 3, ["6.95e-06", "0.000216", "0.046716", "0.170000"]],
    [[6.95e-6, 2.16e-5, 0.3, 1e-20], 3, ["6.95e-06", "2.16e-05", "0.3", "< 2e-16"]],
    [[1e-20, 0.3], 3, ["<2e-16", "0.3"]],
    [[1e-20, 0.0312], 4, ["<2e-16", "0.0312"]],
    [
      [2.25e-15, 1.1e-10, 0.32092, 0.00353, 2.72e-4],
      3,
      ["2.25e-15", "1.10e-10", "0.320920", "0.003530", "0.000272"],
    ],
    [[Number.NaN, 0.5], 3, ["NA", "0.5"]],
  ])("%j", (values, digits, expected) => {
    expect(formatPValues(values, digits)).toEqual(expected);
  });
});
