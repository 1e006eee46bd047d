import type { Argument, ConstantName, Expression, Formula, NumberNode } from "./ast";
import { FormulaError } from "./formula-error";
import { binaryRule, isBinaryOperator, UNARY_OPERATORS } from "./operators";
import { joinSpans, type Span } from "./span";
import { type Token, tokenize } from "./tokens";

/** Deeper nesting of parentheses, calls and signs than this is refused. */
export const MAX_NESTING = 200;
/** Longer formulas than this are refused. */
export const MAX_LENGTH = 100_000;

const CONSTANTS: ReadonlySet<string> = new Set<ConstantName>(["TRUE", "FALSE", "NA", "NaN", "Inf", "NULL"]);

/** The binary operators that may stand between an expression and its end. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  "=": "an argument's name goes before =, inside a call; use == to compare",
  "::": "a namespace is one name, two colons and a function: splines::ns(x, 3)",
};

/**
 * Parses a formula, `y ~ x * g + (x | subject)` or one-sided `~ x`, into a tree whose every node
 * carries its place in `text`. Precedence and spelling are R's; outside function calls `&` is
 * an interaction.
 *
 * Throws `FormulaError` with the place of the problem. Cost: O(length); nesting deeper than 200 and
 * texts longer than 100,000 are refused.
 * Method: precedence climbing (Pratt 1973, "Top down operator precedence").
 */
export function parseFormula(text: string): Formula {
  const parser = new Parser(text);
  return parser.formula();
}

/** Parses one expression without a tilde, such as a weights or subset expression. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  return parser.single();
}

class Parser {
  private readonly tokens: Token[];
  private at = 0;
  private depth = 0;
  private calls = 0;

  constructor(private readonly text: string) {
    if (text.length > MAX_LENGTH) {
      throw new FormulaError("formula-too-long", `too long formula: ${text.length} characters`, {
        value: text.length,
        hint: `the limit is ${MAX_LENGTH}`,
      });
    }
    this.tokens = tokenize(text);
  }

  formula(): Formula {
    if (this.peek().kind === "end") {
      throw this.error("empty-formula", "empty formula", this.peek(), 'write one, like "y ~ x + (1 | g)"');
    }
    let left: Expression | null = null;
    if (!this.isOperator("~")) {
      left = this.expression(0);
      if (!this.isOperator("~")) {
        if (this.peek().kind === "end") {
          throw this.error(
            "unexpected-end",
            "missing tilde",
            this.peek(),
            "a formula has the form response ~ terms",
          );
        }
        throw this.unexpected();
      }
    }
    this.at++;
    if (this.peek().kind === "end") {
      throw this.error(
        "unexpected-end",
        "missing right-hand side",
        this.peek(),
        "write 1 for the intercept alone",
      );
    }
    const right = this.expression(0);
    if (this.isOperator("~")) {
      throw this.error("unexpected-token", 'unexpected token: "~"', this.peek(), "a formula has one tilde");
    }
    if (this.peek().kind !== "end") throw this.unexpected();
    return { kind: "formula", text: this.text, left, right, span: { start: 0, end: this.text.length } };
  }

  single(): Expression {
    if (this.peek().kind === "end") throw this.error("empty-formula", "empty expression", this.peek());
    this.calls++; // arithmetic, not the algebra of terms
    const expression = this.expression(0);
    if (this.peek().kind !== "end") throw this.unexpected();
    return expression;
  }

  private expression(minimum: number): Expression {
    this.enter();
    let left = this.prefix();
    let nonAssociative = -1;
    for (;;) {
      const token = this.peek();
      if (token.kind !== "operator" || !isBinaryOperator(token.text)) break;
      const rule = binaryRule(token.text, this.calls > 0);
      if (rule.precedence < minimum) break;
      if (rule.precedence === nonAssociative) {
        throw this.error(
          "unexpected-token",
          `unexpected token: "${token.text}"`,
          token,
          "comparisons do not chain; use &",
        );
      }
      this.at++;
      const right = this.expression(rule.associativity === "right" ? rule.precedence : rule.precedence + 1);
      left = {
        kind: "binary",
        operator: token.text,
        left,
        right,
        operatorSpan: token.span,
        span: joinSpans(left.span, right.span),
      };
      nonAssociative = rule.associativity === "none" ? rule.precedence : -1;
    }
    this.depth--;
    return left;
  }

  private prefix(): Expression {
    const token = this.peek();
    if (token.kind === "operator" && (token.text === "-" || token.text === "+" || token.text === "!")) {
      this.at++;
      const operand = this.expression(UNARY_OPERATORS[token.text]);
      return {
        kind: "unary",
        operator: token.text,
        operand,
        operatorSpan: token.span,
        span: joinSpans(token.span, operand.span),
      };
    }
    return this.primary();
  }

  private primary(): Expression {
    const token = this.peek();
    switch (token.kind) {
      case "number":
        this.at++;
        return numberNode(token);
      case "string":
        this.at++;
        return { kind: "string", value: token.text, span: token.span };
      case "name":
        return this.nameOrCall();
      case "operator":
        if (token.text === "(") {
          this.at++;
          const inner = this.expression(0);
          const close = this.expectClose(token, "parenthesis");
          return { kind: "paren", inner, span: joinSpans(token.span, close.span) };
        }
        throw this.unexpected();
      default:
        throw this.unexpected();
    }
  }

  private nameOrCall(): Expression {
    const first = this.take();
    let name = first;
    let namespace: string | null = null;
    if (this.isOperator("::")) {
      this.at++;
      if (this.peek().kind !== "name") throw this.unexpected();
      namespace = first.text;
      name = this.take();
      if (!this.isOperator("(")) throw this.unexpected();
    }
    const nameSpan = joinSpans(first.span, name.span);
    if (this.isOperator("(")) return this.call(name.text, namespace, nameSpan);
    if (!first.quoted && CONSTANTS.has(first.text)) {
      return { kind: "constant", name: first.text as ConstantName, span: first.span };
    }
    if (first.text === "") {
      throw this.error(
        "unexpected-token",
        "empty name: ``",
        first,
        "put the column's name between the backticks",
      );
    }
    return { kind: "name", name: first.text, span: first.span };
  }

  private call(name: string, namespace: string | null, nameSpan: Span): Expression {
    const open = this.take();
    this.calls++;
    const args: Argument[] = [];
    if (!this.isOperator(")")) {
      for (;;) {
        args.push(this.argument());
        if (!this.isOperator(",")) break;
        this.at++;
      }
    }
    this.calls--;
    const close = this.expectClose(open, `call of ${name}`);
    return { kind: "call", name, namespace, nameSpan, args, span: joinSpans(nameSpan, close.span) };
  }

  private argument(): Argument {
    const token = this.peek();
    const next = this.tokens[this.at + 1];
    if ((token.kind === "name" || token.kind === "string") && next.kind === "operator" && next.text === "=") {
      this.at += 2;
      const value = this.expression(0);
      return { name: token.text, value, span: joinSpans(token.span, value.span) };
    }
    const value = this.expression(0);
    return { name: null, value, span: value.span };
  }

  private expectClose(open: Token, what: string): Token {
    if (this.isOperator(")")) return this.take();
    if (this.peek().kind === "end") {
      throw new FormulaError("unexpected-end", `unclosed ${what}`, {
        value: "(",
        hint: "add the closing )",
        span: open.span,
        text: this.text,
      });
    }
    throw this.unexpected();
  }

  private peek(): Token {
    return this.tokens[this.at];
  }

  private take(): Token {
    return this.tokens[this.at++];
  }

  private isOperator(text: string): boolean {
    const token = this.peek();
    return token.kind === "operator" && token.text === text;
  }

  private enter(): void {
    if (++this.depth > MAX_NESTING) {
      throw this.error("nesting-too-deep", `too deep nesting: more than ${MAX_NESTING} levels`, this.peek());
    }
  }

  private unexpected(): FormulaError {
    const token = this.peek();
    const before = this.at > 0 ? this.tokens[this.at - 1] : null;
    if (token.kind === "end") {
      const hint =
        before?.kind === "operator" && before.text !== ")" ? `something must follow ${before.text}` : "";
      return this.error("unexpected-end", "unexpected end of the formula", token, hint);
    }
    const shown = this.text.slice(token.span.start, token.span.end);
    let hint = "";
    if (token.kind === "operator") {
      if (Object.hasOwn(UNSUPPORTED, token.text)) hint = UNSUPPORTED[token.text];
      else if (token.text === ")" && before?.text === "(") hint = "the parentheses are empty";
      else if (token.text === ")" && (before?.kind !== "operator" || before.text === ")")) {
        hint = "no parenthesis is open here";
      } else if (token.text === "," && this.calls === 0)
        hint = "a comma only separates the arguments of a call";
      if (before?.kind === "operator" && before.text !== ")" && token.text !== "=" && hint === "") {
        hint = `something is missing after ${before.text}`;
      }
    } else if (before !== null && (before.kind !== "operator" || before.text === ")")) {
      hint = "an operator is missing before it";
    }
    return this.error("unexpected-token", `unexpected token: ${JSON.stringify(shown)}`, token, hint);
  }

  private error(code: FormulaError["code"], problem: string, token: Token, hint = ""): FormulaError {
    return new FormulaError(code, problem, { value: token.text, hint, span: token.span, text: this.text });
  }
}

function numberNode(token: Token): NumberNode {
  const integer = token.text.endsWith("L");
  const value = Number(integer ? token.text.slice(0, -1) : token.text);
  return { kind: "number", value, integer, span: token.span };
}
