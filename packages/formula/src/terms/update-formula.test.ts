import { describe, expect, test } from "vitest";
import { caughtError } from "../formula.test-support";
import { printFormula } from "../syntax/print";
import { composeFormula } from "./compose-formula";
import { simplifyFormula } from "./simplify-formula";
import { updateFormula } from "./update-formula";

describe("updating", () => {
  // R 4.2.2's update(), except that no intercept is written `0 +` and offsets can be taken away.
  test.each([
    ["y ~ x", ". ~ . + z", "y ~ x + z"],
    ["y ~ x", "log(.) ~ .", "log(y) ~ x"],
    ["y ~ x*z", ". ~ . - x:z", "y ~ x + z"],
    ["y ~ a*b", ". ~ . - 1", "y ~ 0 + a + b + a:b"],
    ["y ~ x - 1", ". ~ . + 1", "y ~ x"],
    ["y ~ x - 1", ". ~ . + z", "y ~ 0 + x + z"],
    ["y ~ x", ". ~ .:z", "y ~ x:z"],
    ["y ~ x + z", ". ~ (.)^2", "y ~ x + z + x:z"],
    ["y ~ x + offset(w)", ". ~ . + z", "y ~ x + z + offset(w)"],
    ["y ~ x + offset(w)", ". ~ . - offset(w)", "y ~ x"],
    ["y ~ x + (1 | g)", ". ~ . - (1 | g) + (x | g)", "y ~ x + (x | g)"],
    ["y ~ x + (1 | g)", ". ~ . + (1 | h) - x", "y ~ 1 + (1 | g) + (1 | h)"],
    ["y ~ x + (1 + x | g)", ". ~ . - (x | g)", "y ~ x"],
    ["y ~ x + diag(x | g)", ". ~ . + z", "y ~ x + z + diag(x | g)"],
    ["y ~ x + (1 | g)", ". ~ z", "y ~ z"],
    ["~ x", "y ~ .", "y ~ x"],
    ["y ~ x", "~ z", "y ~ z"],
    ["y ~ x", ". ~ 0", "y ~ 0"],
    ["y ~ log(x)*z", "sqrt(.) ~ . - log(x)", "sqrt(y) ~ z + log(x):z"],
    ["y ~ a + b", ". ~ ./z", "y ~ a + b + a:b:z"],
  ])("%s by %s", (formula, change, expected) => {
    expect(printFormula(updateFormula(formula, change))).toBe(expected);
  });

  test("taking away a random-effects term that is not there is an error at its place", () => {
    const error = caughtError(() => updateFormula("y ~ x + (1 | g)", ". ~ . - (1 | h)"));
    expect([error.code, error.span]).toEqual(["invalid-random-term", { start: 8, end: 15 }]);
    expect(error.message).toContain("the formula has (1 | g)");
  });
});

describe("composing", () => {
  test("from parts", () => {
    const formula = composeFormula({
      response: "log(y)",
      fixed: ["x", "a * b", "`odd name`"],
      offsets: ["w + 1"],
      random: [
        { group: "g", effects: ["x"] },
        { group: "h/k", intercept: false, effects: ["x"], correlated: false },
        { group: "m", effects: ["f"], structure: "cs" },
      ],
    });
    expect(printFormula(formula)).toBe(
      "log(y) ~ x + a * b + `odd name` + offset(w + 1) + (1 + x | g) + (0 + x || h/k) + cs(1 + f | m)",
    );
    expect(printFormula(composeFormula({ intercept: false, fixed: ["x"] }))).toBe("~0 + x");
    expect(printFormula(composeFormula({ response: "y" }))).toBe("y ~ 1");
  });

  test("a part cannot reach outside itself", () => {
    expect(
      printFormula(composeFormula({ response: "y", fixed: ["a - b"], random: [{ group: "g + h" }] })),
    ).toBe("y ~ (a - b) + (1 | (g + h))");
    for (const fixed of ["x) + (z", "x ~ z", "x +", ""]) {
      expect(() => composeFormula({ response: "y", fixed: [fixed] })).toThrow();
    }
  });
});

describe("the shortest equal text", () => {
  test.each([
    ["y ~ a + b + a:b", "y ~ a * b"],
    ["y ~ a + a:b", "y ~ a/b"],
    ["y ~ a * b * c - a:b:c", "y ~ a * b * c - a:b:c"],
    ["y ~ (a + b + c)^3", "y ~ a * b * c"],
    ["y ~ x + x + (x)", "y ~ x"],
    ["y ~ a + b + a:b + x + (1 | g)", "y ~ a * b + x + (1 | g)"],
    ["y ~ a + b + a:b - 1", "y ~ 0 + a * b"],
    // The order of the terms is part of what a formula says, and a removed variable still drops rows.
    ["y ~ a:b + b + a", "y ~ a:b + b + a"],
    ["y ~ x - x", "y ~ x - x"],
  ])("%s", (formula, expected) => {
    expect(printFormula(simplifyFormula(formula))).toBe(expected);
  });
});
