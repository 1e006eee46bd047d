import { describe, expect, test } from "vitest";
import { caughtError } from "../formula.test-support";
import type { Expression } from "./ast";
import { MAX_NESTING, parseExpression, parseFormula } from "./parse";

/** A tree in prefix form, parentheses of the source as `( )`. */
function shape(node: Expression): string {
  switch (node.kind) {
    case "name":
      return node.name;
    case "number":
      return String(node.value);
    case "string":
      return JSON.stringify(node.value);
    case "constant":
      return node.name;
    case "paren":
      return `(${shape(node.inner)})`;
    case "unary":
      return `[${node.operator} ${shape(node.operand)}]`;
    case "binary":
      return `[${node.operator} ${shape(node.left)} ${shape(node.right)}]`;
    case "call":
      return `${node.name}{${node.args.map((a) => (a.name === null ? "" : `${a.name}=`) + shape(a.value)).join(", ")}}`;
  }
}

describe("precedence is R's", () => {
  test.each([
    ["a + b * c", "[+ a [* b c]]"],
    ["a * b : c", "[* a [: b c]]"],
    ["a / b * c", "[* [/ a b] c]"],
    ["a %in% b * c", "[* [%in% a b] c]"],
    ["a %in% b:c", "[%in% a [: b c]]"],
    ["a:b^2", "[: a [^ b 2]]"],
    ["a^b^c", "[^ a [^ b c]]"],
    ["a ** 2", "[^ a 2]"],
    ["-a^2", "[- [^ a 2]]"],
    ["-a:b", "[: [- a] b]"],
    ["2^-1 * x", "[* [^ 2 [- 1]] x]"],
    ["a - b - c", "[- [- a b] c]"],
    ["x + 1 | g", "[| [+ x 1] g]"],
    ["a + x > 3", "[> [+ a x] 3]"],
    ["!a == b", "[! [== a b]]"],
    ["a | b", "[| a b]"],
    ["(a + b)^2", "[^ ([+ a b]) 2]"],
    ["a + b & c", "[+ a [& b c]]"],
    ["I(a + b & c)", "I{[& [+ a b] c]}"],
    ["I(a %% 2 + b %/% 3)", "I{[+ [%% a 2] [%/% b 3]]}"],
    ["ns(x, df = 3)", "ns{x, df=3}"],
    ["splines::ns(x, 3)", "ns{x, 3}"],
    ["`my var` + .x2", "[+ my var .x2]"],
    ["f(TRUE, NULL, 'a\"b', 1e-3, 0x10, 2L)", 'f{TRUE, NULL, "a\\"b", 0.001, 16, 2}'],
    ["größe + 身長", "[+ größe 身長]"],
  ])("%s", (text, expected) => {
    expect(shape(parseFormula(`~ ${text}`).right)).toBe(expected);
  });
});

describe("spans", () => {
  test("every node knows its place in the text", () => {
    const text = "log(y) ~ x * `odd name` + (1 | g)";
    const formula = parseFormula(text);
    const at = (node: { span: { start: number; end: number } }) => text.slice(node.span.start, node.span.end);
    expect(at(formula.left!)).toBe("log(y)");
    const sum = formula.right as Extract<Expression, { kind: "binary" }>;
    expect(at(sum)).toBe("x * `odd name` + (1 | g)");
    expect(at(sum.left)).toBe("x * `odd name`");
    expect(at(sum.right)).toBe("(1 | g)");
    expect(text.slice(sum.operatorSpan.start, sum.operatorSpan.end)).toBe("+");
  });
});

describe("syntax errors name the place", () => {
  // The place is marked by « ».
  test.each([
    ["y ~ x +«»", "unexpected-end", "something must follow +"],
    ["y ~ x + «*» z", "unexpected-token", "something is missing after +"],
    ["y ~ «(»x", "unexpected-end", "add the closing )"],
    ["y ~ log«(»x", "unexpected-end", "add the closing )"],
    ["y ~ x«)»", "unexpected-token", "no parenthesis is open here"],
    ["y ~ x + (1 | g:«)»", "unexpected-token", "something is missing after :"],
    ["y ~ log(x,«)»", "unexpected-token", "something is missing after ,"],
    ["y ~ («)»", "unexpected-token", "the parentheses are empty"],
    ["y ~ a «b»", "unexpected-token", "an operator is missing before it"],
    ["y ~ x «~» z", "unexpected-token", "one tilde"],
    ["y «=» x", "unexpected-token", "=="],
    ["x + z«»", "unexpected-end", "response ~ terms"],
    ["y ~«»", "unexpected-end", "write 1"],
    ["«»", "empty-formula", "write one"],
    ['y ~ «"abc»', "unterminated-text", 'closing "'],
    ["y ~ «`abc»", "unterminated-text", "closing `"],
    ["y ~ d«$»x", "unexpected-character", "without its table"],
    ["y ~ x«[»1]", "unexpected-character", "indexing"],
    ["y ~ x «%»o% z", "unexpected-character", "%in%"],
    ["y ~ «_x»".replace("_x»", "_»x"), "unexpected-character", "backticks"],
    ["y ~ «😀»", "unexpected-character", "backticks"],
    ["y ~ x, «»z".replace(", «»", "«,» "), "unexpected-token", "arguments of a call"],
    ["y ~ I(1 < x «<» 2)", "unexpected-token", "do not chain"],
  ])("%s", (marked, code, hint) => {
    const start = marked.indexOf("«");
    const end = marked.indexOf("»") - 1;
    const error = caughtError(() => parseFormula(marked.replace(/[«»]/g, "")));
    expect(error.code).toBe(code);
    expect(error.span).toEqual({ start, end });
    expect(error.message).toContain(hint);
  });

  test("deep nesting is refused, not overflowed", () => {
    for (const open of ["(", "log(", "-", "!", "a^"]) {
      const error = caughtError(() => parseFormula(`~ ${open.repeat(20_000)}x`));
      expect(error.code).toBe("nesting-too-deep");
    }
    const depth = MAX_NESTING - 5;
    expect(() => parseFormula(`~ ${"(".repeat(depth)}x${")".repeat(depth)}`)).not.toThrow();
  });

  test("a formula longer than the limit is refused", () => {
    expect(caughtError(() => parseFormula(`~ ${"x + ".repeat(30_000)}x`)).code).toBe("formula-too-long");
  });

  test("an expression takes no tilde", () => {
    expect(caughtError(() => parseExpression("x > 3 ~ 2")).code).toBe("unexpected-token");
  });
});
