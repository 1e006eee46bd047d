import type { BinaryOperator, UnaryOperator } from "./ast";

/** How an operator binds: a higher `precedence` binds tighter. */
export interface OperatorRule {
  readonly precedence: number;
  readonly associativity: "left" | "right" | "none";
  /** Whether R's deparse puts spaces around it. */
  readonly spaced: boolean;
}

const rule = (
  precedence: number,
  spaced = true,
  associativity: OperatorRule["associativity"] = "left",
): OperatorRule => ({ precedence, associativity, spaced });

/** The binary operators in R's order (R Language Definition, section 10.4.2), loosest first. */
export const BINARY_OPERATORS: Readonly<Record<BinaryOperator, OperatorRule>> = {
  "||": rule(20),
  "|": rule(20),
  "&&": rule(30),
  "&": rule(30),
  "==": rule(50, true, "none"),
  "!=": rule(50, true, "none"),
  "<": rule(50, true, "none"),
  "<=": rule(50, true, "none"),
  ">": rule(50, true, "none"),
  ">=": rule(50, true, "none"),
  "+": rule(60),
  "-": rule(60),
  "*": rule(70),
  "/": rule(70, false),
  "%in%": rule(80),
  "%%": rule(80),
  "%/%": rule(80),
  ":": rule(90, false),
  "^": rule(110, false, "right"),
};

/** The unary operators: `!` binds looser than comparisons, signs bind tighter than `:`. */
export const UNARY_OPERATORS: Readonly<Record<UnaryOperator, number>> = { "!": 40, "+": 100, "-": 100 };

/**
 * `&` outside function calls is MixedModels.jl's interaction, which binds like `*`
 * (`1 + a & b` is `1 + (a & b)`); inside a call it is R's logical and.
 */
const INTERACTION_AMPERSAND = rule(70);

/** The rule of a binary operator, inside or outside the arguments of a call. */
export function binaryRule(operator: BinaryOperator, insideCall: boolean): OperatorRule {
  return operator === "&" && !insideCall ? INTERACTION_AMPERSAND : BINARY_OPERATORS[operator];
}

/** Whether a text is one of the binary operators. */
export function isBinaryOperator(text: string): text is BinaryOperator {
  return Object.hasOwn(BINARY_OPERATORS, text);
}
