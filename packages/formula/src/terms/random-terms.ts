import type { BinaryNode, Expression } from "../syntax/ast";
import { FormulaError } from "../syntax/formula-error";
import { printExpression } from "../syntax/print";
import { joinSpans, type Span } from "../syntax/span";
import { unwrapParens } from "./expand";

/**
 * Name of a covariance structure: `us` (any covariance matrix), `diag`, `cs` (compound symmetry), `ar1`
 * (first-order autoregressive), of them `diag`, `cs` and `hetar1` with a variance for every effect, `homdiag`,
 * `homcs` and `ar1` with a common one; or a name of the user's.
 */
export type CovarianceStructure = string;

/** A random-effects term as it was written, one bar. */
export interface WrittenRandomTerm {
  readonly design: Expression;
  readonly group: Expression;
  readonly doubleBar: boolean;
  readonly structure: CovarianceStructure;
  readonly span: Span;
}

/** The grouping factor of one expanded term: factors that interact, the first varying slowest. */
export interface GroupingExpression {
  /** lme4's spelling: `g`, `b:a`, `c:(b:a)`. */
  readonly name: string;
  readonly factors: readonly Expression[];
}

/**
 * Parts the right-hand side into fixed effects and random-effects terms.
 * `fixed` is null where nothing is left (an intercept alone). `structures`: names of covariance structures
 * beside the known ones.
 * Throws `FormulaError`: bar-without-parentheses, invalid-random-term.
 */
export function splitRandomTerms(
  right: Expression,
  structures: readonly string[] = [],
): {
  fixed: Expression | null;
  random: WrittenRandomTerm[];
} {
  if (right.kind === "binary" && isBar(right)) {
    throw new FormulaError("bar-without-parentheses", "missing parentheses around a random-effects term", {
      value: printExpression(right),
      hint: `write ... + (${printExpression(right.left).split("+").pop()?.trim() ?? "1"} | ${printExpression(right.right)})`,
      span: right.span,
    });
  }
  const random: WrittenRandomTerm[] = [];
  const fixed = withoutBars(right, random, structures);
  return { fixed, random };
}

function withoutBars(
  node: Expression,
  random: WrittenRandomTerm[],
  structures: readonly string[],
): Expression | null {
  // Walk the left spine of a sum in a loop.
  const spine: BinaryNode[] = [];
  let current: Expression = node;
  while (current.kind === "binary" && (current.operator === "+" || current.operator === "-")) {
    spine.push(current);
    current = current.left;
  }
  let fixed = leafWithoutBars(current, random, structures);
  for (let i = spine.length - 1; i >= 0; i--) {
    const sum = spine[i];
    if (sum.operator === "-") {
      if (containsBar(sum.right, structures))
        throw misplaced(sum.right, "a random-effects term cannot be subtracted");
      fixed =
        fixed === null
          ? {
              kind: "unary",
              operator: "-",
              operand: sum.right,
              operatorSpan: sum.operatorSpan,
              span: sum.span,
            }
          : { ...sum, left: fixed };
      continue;
    }
    const right = withoutBars(sum.right, random, structures);
    if (fixed === null) fixed = right;
    else if (right !== null) fixed = { ...sum, left: fixed, right };
  }
  return fixed;
}

function leafWithoutBars(
  node: Expression,
  random: WrittenRandomTerm[],
  structures: readonly string[],
): Expression | null {
  const bare = unwrapParens(node);
  if (bare.kind === "binary" && isBar(bare)) {
    random.push(written(bare, "us", node.span, structures));
    return null;
  }
  const structured = structuredTerm(bare, structures);
  if (structured !== null) {
    random.push(structured);
    return null;
  }
  if (node.kind === "paren" && bare.kind === "binary" && (bare.operator === "+" || bare.operator === "-")) {
    const inner = withoutBars(bare, random, structures);
    return inner === null ? null : { kind: "paren", inner, span: node.span };
  }
  if (containsBar(node, structures)) throw misplaced(node, "add it to the formula: y ~ x + (1 | g)");
  return node;
}

/** What a call's name says, then with `hom = TRUE` and `hom = FALSE`: lme4's spelling beside glmmTMB's. */
const STRUCTURES: ReadonlyMap<
  string,
  readonly [CovarianceStructure, CovarianceStructure, CovarianceStructure]
> = new Map([
  ["us", ["us", "us", "us"]],
  ["diag", ["diag", "homdiag", "diag"]],
  ["homdiag", ["homdiag", "homdiag", "diag"]],
  ["cs", ["cs", "homcs", "cs"]],
  ["homcs", ["homcs", "homcs", "cs"]],
  ["ar1", ["ar1", "ar1", "hetar1"]],
  ["hetar1", ["hetar1", "ar1", "hetar1"]],
  ["zerocorr", ["diag", "homdiag", "diag"]],
]);

/**
 * `us(x | g)`, `diag(x | g)`, `cs(x | g)`, `ar1(x | g)`, `cs(x | g, hom = TRUE)`, `zerocorr((x | g))` and the
 * like; null for anything else.
 */
function structuredTerm(node: Expression, structures: readonly string[]): WrittenRandomTerm | null {
  if (node.kind !== "call" || node.args.length < 1) return null;
  const known = STRUCTURES.get(node.name);
  if (known === undefined && !structures.includes(node.name)) return null;
  const inner = unwrapParens(node.args[0].value);
  if (inner.kind !== "binary" || !isBar(inner)) return null;
  if (node.args.length === 1) {
    return written(inner, known === undefined ? node.name : known[0], node.span, structures);
  }
  const { name, value } = node.args[1];
  const hom = value.kind === "constant" ? value.name : null;
  if (known === undefined || node.args.length > 2 || name !== "hom" || (hom !== "TRUE" && hom !== "FALSE")) {
    throw new FormulaError("invalid-random-term", `invalid covariance structure: ${printExpression(node)}`, {
      value: printExpression(node),
      hint: "write cs(x | g), or cs(x | g, hom = TRUE) for a common variance",
      span: node.span,
    });
  }
  return written(inner, known[hom === "TRUE" ? 1 : 2], node.span, structures);
}

function written(
  bar: BinaryNode,
  structure: CovarianceStructure,
  span: Span,
  structures: readonly string[],
): WrittenRandomTerm {
  for (const side of [bar.left, bar.right]) {
    if (containsBar(side, structures)) {
      throw new FormulaError("invalid-random-term", "invalid random-effects term: more than one bar", {
        value: printExpression(bar),
        hint: "give each term parentheses of its own: (1 | a) + (1 | b)",
        span,
      });
    }
  }
  return { design: bar.left, group: bar.right, doubleBar: bar.operator === "||", structure, span };
}

/**
 * The grouping factors that the right of a bar stands for, in lme4's order: `a/b` is `b:a`, then
 * `a`; `a/b/c` is `c:(b:a)`, `b:a`, `a`; `a + b` is `a`, then `b`; `a*b` is `a`, `b` and `a:b`.
 */
export function groupingFactors(group: Expression): GroupingExpression[] {
  const bare = unwrapParens(group);
  if (bare.kind === "binary") {
    switch (bare.operator) {
      case "/": {
        const outer = groupingFactors(bare.left);
        const inner = groupingFactors(bare.right);
        const around = outer[0];
        return [...inner.map((factor) => interactGroups(factor, around, true)), ...outer];
      }
      case "+":
        return [...groupingFactors(bare.left), ...groupingFactors(bare.right)];
      case "*": {
        const left = groupingFactors(bare.left);
        const right = groupingFactors(bare.right);
        return [...left, ...right, ...crossGroups(left, right)];
      }
      case ":":
      case "&":
        return crossGroups(groupingFactors(bare.left), groupingFactors(bare.right));
      case "-":
      case "^":
      case "%in%":
        throw new FormulaError("invalid-random-term", `invalid grouping factor: ${printExpression(bare)}`, {
          value: printExpression(bare),
          hint: `${bare.operator} does not make grouping factors; use :, / or +`,
          span: bare.span,
        });
    }
  }
  if (bare.kind === "number" || bare.kind === "string" || bare.kind === "constant") {
    throw new FormulaError("invalid-random-term", `invalid grouping factor: ${printExpression(bare)}`, {
      value: printExpression(bare),
      hint: "the grouping factor is a column",
      span: bare.span,
    });
  }
  return [{ name: printExpression(bare), factors: [bare] }];
}

function crossGroups(left: GroupingExpression[], right: GroupingExpression[]): GroupingExpression[] {
  return left.flatMap((a) => right.map((b) => interactGroups(a, b, false)));
}

function interactGroups(a: GroupingExpression, b: GroupingExpression, nested: boolean): GroupingExpression {
  const inner = nested && b.factors.length > 1 ? `(${b.name})` : b.name;
  return { name: `${a.name}:${inner}`, factors: [...a.factors, ...b.factors] };
}

function isBar(node: BinaryNode): boolean {
  return node.operator === "|" || node.operator === "||";
}

function containsBar(node: Expression, structures: readonly string[]): boolean {
  let current = node;
  for (;;) {
    switch (current.kind) {
      case "binary":
        if (isBar(current)) return true;
        if (containsBar(current.right, structures)) return true;
        current = current.left;
        break;
      case "unary":
        current = current.operand;
        break;
      case "paren":
        current = current.inner;
        break;
      case "call":
        return structuredTerm(current, structures) !== null;
      default:
        return false;
    }
  }
}

function misplaced(node: Expression, hint: string): FormulaError {
  return new FormulaError("invalid-random-term", "misplaced random-effects term", {
    value: printExpression(node),
    hint,
    span: joinSpans(node.span, node.span),
  });
}
