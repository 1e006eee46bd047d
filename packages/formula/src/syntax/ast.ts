/**
 * The syntax tree of a formula: plain objects, each with the place in the text that it came from.
 *
 * The tree says what was written, not what it means: `a*b`, `I(a*b)` and `log(a*b)` hold the same
 * kind of node. Meaning is given by `terms/` (the algebra of terms) and `data/` (arithmetic).
 */
import type { Span } from "./span";

export interface NameNode {
  readonly kind: "name";
  readonly name: string;
  readonly span: Span;
}

export interface NumberNode {
  readonly kind: "number";
  readonly value: number;
  /** Written with R's `L` suffix. */
  readonly integer: boolean;
  readonly span: Span;
}

export interface StringNode {
  readonly kind: "string";
  readonly value: string;
  readonly span: Span;
}

export type ConstantName = "TRUE" | "FALSE" | "NA" | "NaN" | "Inf" | "NULL";

export interface ConstantNode {
  readonly kind: "constant";
  readonly name: ConstantName;
  readonly span: Span;
}

export interface Argument {
  /** `df` in `ns(x, df = 3)`; null for a positional argument. */
  readonly name: string | null;
  readonly value: Expression;
  readonly span: Span;
}

export interface CallNode {
  readonly kind: "call";
  /** The function's name, without a namespace. */
  readonly name: string;
  /** `splines` in `splines::ns(x, 3)`; null when none was written. */
  readonly namespace: string | null;
  readonly nameSpan: Span;
  readonly args: readonly Argument[];
  readonly span: Span;
}

export interface UnaryNode {
  readonly kind: "unary";
  readonly operator: UnaryOperator;
  readonly operand: Expression;
  readonly operatorSpan: Span;
  readonly span: Span;
}

export interface BinaryNode {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly operatorSpan: Span;
  readonly span: Span;
}

export interface ParenNode {
  readonly kind: "paren";
  readonly inner: Expression;
  readonly span: Span;
}

export type UnaryOperator = "+" | "-" | "!";

export type BinaryOperator =
  | "||"
  | "|"
  | "&&"
  | "&"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "+"
  | "-"
  | "*"
  | "/"
  | "%in%"
  | "%%"
  | "%/%"
  | ":"
  | "^";

export type Expression =
  | NameNode
  | NumberNode
  | StringNode
  | ConstantNode
  | CallNode
  | UnaryNode
  | BinaryNode
  | ParenNode;

/** A parsed formula; `text` is what was parsed, and every span points into it. */
export interface Formula {
  readonly kind: "formula";
  readonly text: string;
  /** The left-hand side; null for a one-sided formula. */
  readonly left: Expression | null;
  readonly right: Expression;
  readonly span: Span;
}
