import { describe, expect, test } from "vitest";
import { caughtError, denseColumn } from "../formula.test-support";
import { modelFrame } from "./build-frame";

const n = Number.NaN;
const table = {
  row: [1, 2, 3],
  t: [true, false, null],
  x: [1, n, 3],
  f: ["a", null, "b"],
  m: [5.5, -5.5, 0],
};

/** The values of an expression on the rows where it is not missing, and how many are missing. */
function values(expression: string): { values: number[]; missing: number } {
  const frame = modelFrame(`~ 0 + as.numeric(${expression})`, table);
  const [column] = frame.fixed.columns;
  return { values: Array.from(denseColumn(column, frame.nobs)), missing: 3 - frame.nobs };
}

describe("logic with missing values is R's", () => {
  test.each([
    // t is TRUE, FALSE, NA
    ["t & FALSE", [0, 0, 0], 0],
    ["t & TRUE", [1, 0], 1],
    ["t | TRUE", [1, 1, 1], 0],
    ["t | FALSE", [1, 0], 1],
    ["!t", [0, 1], 1],
    ["t && TRUE", [1, 0], 1],
    ["t || TRUE", [1, 1, 1], 0],
    ["x > 1", [0, 1], 1],
    ["x == x", [1, 1], 1],
    ["f == 'a'", [1, 0], 1],
    ["f != 'zzz'", [1, 1], 1],
    // Membership is never missing; what is missing is in what holds a missing value.
    ["x %in% c(1, 2)", [1, 0, 0], 0],
    ["x %in% c(1, NA)", [1, 1, 0], 0],
    ["f %in% 'a'", [1, 0, 0], 0],
    ["f %in% f", [1, 1, 1], 0],
    ["x %in% NULL", [0, 0, 0], 0],
    ["is.na(x)", [0, 1, 0], 0],
    ["is.na(f)", [0, 1, 0], 0],
    ["xor(t, TRUE)", [0, 1], 1],
    ["pmin(x, row)", [1, 3], 1],
    ["pmin(x, row, na.rm = TRUE)", [1, 2, 3], 0],
    ["pmax(x)", [1, 3], 1],
    ["ifelse(t, 10, row)", [10, 2], 1],
    ["ifelse(is.na(x), 0, x)", [1, 0, 3], 0],
    ["m %% 2", [1.5, 0.5, 0], 0],
    ["m %% -2", [-0.5, -1.5, 0], 0],
    ["m %/% 2", [2, -3, 0], 0],
    ["row %% 0", [], 3],
    ["-row + +row", [0, 0, 0], 0],
    ["sum(c(1, 2)) * row", [3, 6, 9], 0],
    ["row * length3(1:3)", null, 0],
  ])("%s", (expression, wanted, missing) => {
    if (wanted === null) {
      expect(caughtError(() => values(expression)).code).toBe("unknown-function");
      return;
    }
    if (wanted.length === 0) {
      expect(caughtError(() => values(expression)).code).toBe("no-rows");
      return;
    }
    expect(values(expression)).toEqual({ values: wanted, missing });
  });
});

describe("what has no meaning is refused", () => {
  test.each([
    ["row + c(1, 2)", "wrong-type", "only a single number is repeated"],
    ["cbind(row, m) + cbind(row, m, row)", "wrong-type", "unequal widths"],
    ["f > 'a'", "wrong-type", "unordered factor"],
    ["ordered(f) > 'q'", "unknown-level", "levels are a, b"],
    ["f == c('a', 'b')", "wrong-type", "a factor with a vector of texts"],
    ["'a' == 'b'", "wrong-type", "a text"],
    ["-f", "wrong-type", "as.numeric"],
    ["row:m", "wrong-type", "two numbers or two factors"],
    ["1:1e9", "wrong-type", "two numbers or two factors"],
    ["'a' + row", "wrong-type", "a text"],
  ])("%s", (expression, code, message) => {
    const error = caughtError(() => values(expression));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.span).not.toBeNull();
  });
});

describe("constants", () => {
  test.each([
    ["row * sum(3:1)", [6, 12, 18]],
    ["row * (c(2) + TRUE)", [3, 6, 9]],
    ["row %in% c(1:2 + 1)", [0, 1, 1]],
    ["c(7, 8, 9)", [7, 8, 9]],
  ])("%s", (expression, wanted) => {
    expect(values(expression).values).toEqual(wanted);
  });
});
