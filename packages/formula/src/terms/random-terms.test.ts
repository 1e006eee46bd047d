import { describe, expect, test } from "vitest";
import { caughtError } from "../formula.test-support";
import { parseFormula } from "../syntax/parse";
import { parseModel } from "./model-terms";

const isFactor = (expression: { kind: string; name?: string }) =>
  expression.kind === "name" && expression.name === "f";
const random = (text: string, doubleBar: "diagonal" | "lme4" = "diagonal") =>
  parseModel(parseFormula(text), null, doubleBar, isFactor).random.map((term) => {
    const effects = [term.design.intercept ? "1" : "0", ...term.design.labels].join(" + ");
    return `${term.structure === "us" ? "" : `${term.structure} `}${effects} | ${term.group.name}`;
  });

describe("random-effects terms", () => {
  // Order and names were seen in lme4 1.1-31 (findbars, mkReTrms).
  test.each([
    ["y ~ x + (1 | g)", ["1 | g"]],
    ["y ~ (x | g) + x + (0 + x | h)", ["1 + x | g", "0 + x | h"]],
    ["y ~ (x - 1 | g)", ["0 + x | g"]],
    ["y ~ ((x | g))", ["1 + x | g"]],
    ["y ~ x + ((1 | g) + z)", ["1 | g"]],
    ["y ~ (1 | a/b)", ["1 | b:a", "1 | a"]],
    ["y ~ (1 | a/b/c)", ["1 | c:(b:a)", "1 | b:a", "1 | a"]],
    ["y ~ (x | a/b)", ["1 + x | b:a", "1 + x | a"]],
    ["y ~ (1 | a:b)", ["1 | a:b"]],
    ["y ~ (1 | b:a:c)", ["1 | b:a:c"]],
    ["y ~ (x || g)", ["1 | g", "0 + x | g"]],
    ["y ~ (x * w || g)", ["1 | g", "0 + x | g", "0 + w | g", "0 + x:w | g"]],
    ["y ~ (0 + x || g)", ["0 + x | g"]],
    ["y ~ (x || a/b)", ["1 | b:a", "1 | a", "0 + x | b:a", "0 + x | a"]],
    ["y ~ (1 | factor(r):b)", ["1 | factor(r):b"]],
    // Beyond lme4.
    ["y ~ (1 | a + b)", ["1 | a", "1 | b"]],
    ["y ~ (1 | a*b)", ["1 | a", "1 | b", "1 | a:b"]],
    ["y ~ (1 | a/(b + c))", ["1 | b:a", "1 | c:a", "1 | a"]],
    ["y ~ (1 | (a:b)/c)", ["1 | c:(a:b)", "1 | a:b"]],
    ["y ~ (1 | a & b)", ["1 | a:b"]],
    [
      "y ~ us(x | g) + diag(x | h) + cs(f | g) + ar1(0 + f | g)",
      ["1 + x | g", "diag 1 + x | h", "cs 1 + f | g", "ar1 0 + f | g"],
    ],
    ["y ~ zerocorr(x | g)", ["diag 1 + x | g"]],
    ["y ~ zerocorr((x | g))", ["diag 1 + x | g"]],
  ])("%s", (text, expected) => {
    expect(random(text)).toEqual(expected);
  });

  test("|| with a factor is a true diagonal, or lme4's independent blocks when asked for", () => {
    expect(random("y ~ (f + x || g)")).toEqual(["diag 1 + f + x | g"]);
    expect(random("y ~ (f + x || g)", "lme4")).toEqual(["1 | g", "0 + f | g", "0 + x | g"]);
  });

  test("what is left is the fixed part", () => {
    const fixed = (text: string) => {
      const { fixed: list } = parseModel(parseFormula(text), null, "diagonal");
      return [list.intercept ? "1" : "0", ...list.labels].join(" ");
    };
    expect(fixed("y ~ (1 | g)")).toBe("1");
    expect(fixed("y ~ 0 + (1 | g) + x")).toBe("0 x");
    expect(fixed("y ~ (1 | g) - 1 + x")).toBe("0 x");
    expect(fixed("y ~ x * ((z)) + (1 | g) + offset(w)")).toBe("1 x z x:z");
  });

  test.each([
    ["y ~ x * (1 | g)", "invalid-random-term"],
    ["y ~ x - (1 | g)", "invalid-random-term"],
    ["y ~ (1 | g | h)", "invalid-random-term"],
    ["y ~ (1 | 3)", "invalid-random-term"],
    ["y ~ (1 | g - h)", "invalid-random-term"],
    ["y ~ (1 | g^2)", "invalid-random-term"],
    ["y ~ (x + offset(w) | g)", "invalid-random-term"],
  ])("%s is refused", (text, code) => {
    const error = caughtError(() => random(text));
    expect(error.code).toBe(code);
    expect(error.span).not.toBeNull();
  });
});
