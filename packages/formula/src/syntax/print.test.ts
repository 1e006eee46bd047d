import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Expression, Formula } from "./ast";
import { numberText } from "./number-text";
import { parseFormula } from "./parse";
import { printFormula } from "./print";

const nowhere = { start: 0, end: 0 };
const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc
    .constantFrom("x", "y2", ".z", "my var", "if", "ü", "a`b", "T")
    .map((name) => ({ kind: "name" as const, name, span: nowhere })),
  fc
    .constantFrom(0, 1, 2, 0.5, 1e5, 1e-300)
    .map((value) => ({ kind: "number" as const, value, integer: false, span: nowhere })),
  fc.string({ maxLength: 4 }).map((value) => ({ kind: "string" as const, value, span: nowhere })),
  fc
    .constantFrom("TRUE" as const, "NULL" as const)
    .map((name) => ({ kind: "constant" as const, name, span: nowhere })),
);
const { tree } = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc
      .tuple(
        fc.constantFrom("+", "-", "*", "/", ":", "^", "%in%", "%%", "&", "&&", "|", "||", "==", "<", ">="),
        tie("tree"),
        tie("tree"),
      )
      .map(
        ([operator, left, right]) =>
          ({ kind: "binary", operator, left, right, operatorSpan: nowhere, span: nowhere }) as Expression,
      ),
    fc
      .tuple(fc.constantFrom("-", "+", "!"), tie("tree"))
      .map(
        ([operator, operand]) =>
          ({ kind: "unary", operator, operand, operatorSpan: nowhere, span: nowhere }) as Expression,
      ),
    tie("tree").map((inner) => ({ kind: "paren", inner, span: nowhere }) as Expression),
    fc.tuple(fc.constantFrom("log", "poly", "odd fn"), fc.array(tie("tree"), { maxLength: 3 })).map(
      ([name, args]) =>
        ({
          kind: "call",
          name,
          namespace: null,
          nameSpan: nowhere,
          args: args.map((value, k) => ({ name: k === 2 ? "df" : null, value, span: nowhere })),
          span: nowhere,
        }) as Expression,
    ),
  ),
}));

/** A tree without places and without parentheses, which a printer may have to add. */
function bare(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(bare);
  if (node === null || typeof node !== "object") return node;
  if ((node as Expression).kind === "paren") return bare((node as { inner: Expression }).inner);
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !/span$/i.test(key))
      .map(([key, value]) => [key, bare(value)]),
  );
}

describe("printing", () => {
  test.each([
    ["y~x+log(z,2)", "y ~ x + log(z, 2)"],
    ["~a*b/c:d^2-1", "~a * b/c:d^2 - 1"],
    ["y ~ (x|g)+(0+x||h)", "y ~ (x | g) + (0 + x || h)"],
    ["y~I((x-3)/2)+I(100000*x)+I(x*.0001)", "y ~ I((x - 3)/2) + I(1e+05 * x) + I(x * 1e-04)"],
    ["y~sin(2*pi*w)%in%b", "y ~ sin(2 * pi * w) %in% b"],
    ["y~I(x%%2)+I(x%/%2)", "y ~ I(x%%2) + I(x%/%2)"],
    ["`a b`~`if`+f(`x`='s')", '`a b` ~ `if` + f(x = "s")'],
  ])("%s as R deparses it", (text, expected) => {
    expect(printFormula(parseFormula(text))).toBe(expected);
  });

  test("any tree printed and parsed is the same tree, and prints the same", () => {
    fc.assert(
      fc.property(tree, tree, (left, right) => {
        const formula: Formula = { kind: "formula", text: "", left, right, span: nowhere };
        const text = printFormula(formula);
        const parsed = parseFormula(text);
        expect(bare(parsed.right)).toEqual(bare(right));
        expect(bare(parsed.left)).toEqual(bare(left));
        expect(printFormula(parsed)).toBe(text);
        // A parsed tree needs no parentheses added: it comes back whole.
        const again = parseFormula(printFormula(parsed));
        expect(printFormula(again)).toBe(text);
      }),
      { numRuns: 2000, seed: 5 },
    );
  });
});

describe("numbers are written as R's as.character does", () => {
  test.each([
    [0.1 + 0.2, "0.3"],
    [1 / 3, "0.333333333333333"],
    [100000, "1e+05"],
    [123456, "123456"],
    [0.0001, "1e-04"],
    [0.00012, "0.00012"],
    [1e15, "1e+15"],
    [123456789012345680, "123456789012345680"],
    [-2.5, "-2.5"],
    [2 ** 31, "2147483648"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
  ])("%d", (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});
