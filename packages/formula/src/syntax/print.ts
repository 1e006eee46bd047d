import type { CallNode, Expression, Formula } from "./ast";
import { numberText } from "./number-text";
import { binaryRule, UNARY_OPERATORS } from "./operators";

const SYNTACTIC_NAME = /^(?:\p{L}|\.(?![0-9]))(?:\p{L}|\p{M}|\p{Nd}|[._])*$/u;
const RESERVED: ReadonlySet<string> = new Set(
  "TRUE FALSE NULL NA NaN Inf if else for while repeat function break next in".split(" "),
);

/** A name as it must be written in a formula: bare, or in backticks when it is not a plain name. */
export function printName(name: string): string {
  if (SYNTACTIC_NAME.test(name) && !RESERVED.has(name)) return name;
  return quote(name, "`");
}

function quote(text: string, mark: '"' | "`"): string {
  const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0" };
  let out = mark as string;
  for (const ch of text) out += ch === "\\" || ch === mark ? `\\${ch}` : (escapes[ch] ?? ch);
  return out + mark;
}

/**
 * A formula as text, spaced as R's `deparse` does: `y ~ x + (1 | g)`.
 * Parsing the text gives the same tree (parentheses are added only where a tree built by
 * a program needs them), and printing that gives the same text.
 */
export function printFormula(formula: Formula): string {
  const right = printExpression(formula.right, false);
  return formula.left === null ? `~${right}` : `${printExpression(formula.left, false)} ~ ${right}`;
}

/**
 * An expression as text, spaced as R's `deparse` does: the name of the variable that it makes.
 * `insideCall` tells whether `&` is logical (in a call's arguments) or an interaction.
 */
export function printExpression(node: Expression, insideCall = false): string {
  switch (node.kind) {
    case "name":
      return printName(node.name);
    case "number":
      return node.integer ? `${numberText(node.value)}L` : numberText(node.value);
    case "string":
      return quote(node.value, '"');
    case "constant":
      return node.name;
    case "paren":
      return `(${printExpression(node.inner, insideCall)})`;
    case "call":
      return printCall(node);
    case "unary": {
      const inner = printExpression(node.operand, insideCall);
      return (
        node.operator +
        (precedence(node.operand, insideCall) < UNARY_OPERATORS[node.operator] ? `(${inner})` : inner)
      );
    }
    case "binary":
      return printBinary(node, insideCall);
  }
}

function printCall(node: CallNode): string {
  const args = node.args.map((arg) => {
    const value = printExpression(arg.value, true);
    return arg.name === null ? value : `${printName(arg.name)} = ${value}`;
  });
  const namespace = node.namespace === null ? "" : `${printName(node.namespace)}::`;
  return `${namespace}${printName(node.name)}(${args.join(", ")})`;
}

// Long sums lean to the left; their spine is walked in a loop so that depth is never length.
function printBinary(node: Expression, insideCall: boolean): string {
  const parts: string[] = [];
  let current: Expression = node;
  while (current.kind === "binary") {
    const rule = binaryRule(current.operator, insideCall);
    const gap = rule.spaced && current.operator !== "%%" && current.operator !== "%/%" ? " " : "";
    const right = printExpression(current.right, insideCall);
    const rightPrecedence = precedence(current.right, insideCall);
    // A sign or ! on the right needs no parentheses: nothing else can be meant there.
    const wrapRight =
      current.right.kind !== "unary" &&
      (rule.associativity === "right"
        ? rightPrecedence < rule.precedence
        : rightPrecedence <= rule.precedence);
    parts.push(`${gap}${current.operator}${gap}${wrapRight ? `(${right})` : right}`);
    const leftPrecedence = precedence(current.left, insideCall);
    const wrapLeft =
      (rule.associativity === "left"
        ? leftPrecedence < rule.precedence
        : leftPrecedence <= rule.precedence) ||
      (rule.precedence >= UNARY_OPERATORS["!"] && endsOpen(current.left));
    if (wrapLeft) {
      parts.push(`(${printExpression(current.left, insideCall)})`);
      return parts.reverse().join("");
    }
    current = current.left;
  }
  parts.push(printExpression(current, insideCall));
  return parts.reverse().join("");
}

function precedence(node: Expression, insideCall: boolean): number {
  if (node.kind === "binary") return binaryRule(node.operator, insideCall).precedence;
  if (node.kind === "unary") return UNARY_OPERATORS[node.operator];
  return Number.POSITIVE_INFINITY;
}

/** Whether the text of a node ends in the operand of a `!`, which would take in what follows. */
function endsOpen(node: Expression): boolean {
  let current = node;
  for (;;) {
    if (current.kind === "unary") {
      if (current.operator === "!") return true;
      current = current.operand;
    } else if (current.kind === "binary") current = current.right;
    else return false;
  }
}
