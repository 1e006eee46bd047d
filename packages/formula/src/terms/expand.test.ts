import { describe, expect, test } from "vitest";
import { caughtError } from "../formula.test-support";
import { parseFormula } from "../syntax/parse";
import { MAX_TERMS } from "./expand";
import { parseModel } from "./model-terms";

const expand = (text: string, names: readonly string[] | null = null) =>
  parseModel(parseFormula(text), names, "diagonal").fixed;

describe("the algebra of terms", () => {
  // Every line was seen in R 4.2.2: attr(terms(f), "term.labels") and "intercept".
  test.each([
    ["~ a + b:c + d + b", "1 a d b b:c"],
    ["~ b + a:b + a", "1 b a b:a"],
    ["~ a * b * c", "1 a b c a:b a:c b:c a:b:c"],
    ["~ (a + b + c)^2", "1 a b c a:b a:c b:c"],
    ["~ (a + b)^3 - a:b", "1 a b"],
    ["~ a:a:b", "1 a:b"],
    ["~ a/b/x", "1 a a:b a:b:x"],
    ["~ a/(b + x)", "1 a a:b a:x"],
    ["~ (a + b)/x", "1 a b a:b:x"],
    ["~ (a + b) %in% (x + w)", "1 a:x:w b:x:w"],
    ["~ a + x %in% a:b", "1 a a:x:b"],
    ["~ cos(x)^2 * w", "1 cos(x) w cos(x):w"],
    ["~ I(x)^2:a", "1 I(x):a"],
    ["~ log(x) + log((x))", "1 log(x) log((x))"],
    ["~ (x) + x + ((x))", "1 x"],
    ["~ a - 1", "0 a"],
    ["~ 0 + a + 1", "1 a"],
    ["~ a + 0 - 1 + 1", "1 a"],
    ["~ (a - 1):b", "0 a:b"],
    ["~ x + -1", "0 x"],
    ["~ -x + a", "1 a"],
    ["~ a - (1 - b)", "0 a"],
    ["~ a*b - (b + -1)", "1 a a:b"],
    ["~ 1*x", "1"],
    ["~ x*1", "1 x"],
    ["~ (x - x)/z", "1"],
    ["~ x:1", "1"],
    ["~ x/1", "1 x"],
    ["~ a %in% (b - b)", "1 a"],
    ["~ NULL + x", "1 x"],
    ["~ offset(w) + x + a*offset(z)", "1 x a"],
    ["~ (x > 3)*a", "1 x > 3 a x > 3:a"],
    ["~ a & b + c", "1 c a:b"],
    ["y ~ x + y:x", "1 x y:x"],
  ])("%s", (text, expected) => {
    const list = expand(text);
    expect([list.intercept ? "1" : "0", ...list.labels].join(" ")).toBe(expected);
  });

  test("the dot is every column that the left-hand side does not name", () => {
    const names = ["y", "a", "b", "x"];
    expect(expand("log(y) ~ .", names).labels).toEqual(["a", "b", "x"]);
    expect(expand("y ~ (.)^2 - a:b", names).labels).toEqual(["a", "b", "x", "a:x", "b:x"]);
    expect(expand("y ~ . - x", names).labels).toEqual(["a", "b"]);
    expect(caughtError(() => expand("y ~ .")).code).toBe("invalid-term");
  });

  test("a deleted term's variable is still among the variables, as in R", () => {
    expect(expand("y ~ x - b").variables.map((v) => v.text)).toEqual(["y", "x", "b"]);
  });

  test("long sums are expanded without deep recursion", () => {
    const sum = Array.from({ length: 5000 }, (_, i) => `x${i}`).join("+");
    expect(expand(`~ ${sum}`).labels.length).toBe(5000);
  });

  test("a large power stops where nothing new comes", () => {
    expect(expand("~ (a + b + c)^1000").labels.length).toBe(7);
  });
});

describe("errors of the algebra", () => {
  test.each([
    ["~ x + «2»", "invalid-term"],
    ["~ x + «'s'»", "invalid-term"],
    ["~ x + «TRUE»", "invalid-term"],
    ["~ (a + b)^«x»", "invalid-power"],
    ["~ (a + b)^«0»", "invalid-power"],
    ["~ (a + b)^«1.5»", "invalid-power"],
    ["y ~ «x + 1 | g»", "bar-without-parentheses"],
    ["y ~ «x || g»", "bar-without-parentheses"],
  ])("%s", (marked, code) => {
    const start = marked.indexOf("«");
    const end = marked.indexOf("»") - 1;
    const error = caughtError(() => expand(marked.replace(/[«»]/g, "")));
    expect(error.code).toBe(code);
    expect(error.span).toEqual({ start, end });
  });

  test("an explosion of terms is refused", () => {
    const sum = Array.from({ length: 40 }, (_, i) => `x${i}`).join("+");
    const error = caughtError(() => expand(`~ (${sum})^20`));
    expect(error.code).toBe("too-many-terms");
    expect(error.value).toBeGreaterThan(MAX_TERMS);
    // Few terms, but endless ways to make them.
    const all = `(${Array.from({ length: 14 }, (_, i) => `x${i}`).join("*")})`;
    expect(caughtError(() => expand(`~ ${all}:${all}`)).code).toBe("too-many-terms");
  });
});
