import type { BinaryNode, Expression } from "../syntax/ast";
import { FormulaError } from "../syntax/formula-error";
import { type Term, TermSet, unionTerms } from "./term";
import { type Variable, VariableList } from "./variables";

/** What the algebra of terms makes of one side of a formula. */
export interface TermList {
  /** Every variable in order of appearance, those of deleted terms and offsets included. */
  readonly variables: readonly Variable[];
  readonly intercept: boolean;
  /** Without the intercept, by degree, then in order of appearance. */
  readonly terms: readonly Term[];
  /** For each term its label, variables joined by `:`. */
  readonly labels: readonly string[];
  /** Positions in `variables` of the `offset()` calls. */
  readonly offsets: readonly number[];
  /** The position of a term that is the response itself: it keeps its label and gets no columns; −1 for none. */
  readonly responseTerm: number;
}

export interface ExpandOptions {
  /** What `.` stands for: names of columns; null where there is no table to ask. */
  readonly dotNames?: readonly string[] | null;
  /** The left-hand side, which comes first among the variables. */
  readonly response?: Expression | null;
}

/** More terms than this in one formula are refused. */
export const MAX_TERMS = 20_000;

/** Products of terms, summed over all crossings, beyond which a formula is refused. */
const MAX_WORK = 5_000_000;

/**
 * Expands the right-hand side of a formula (without random-effects terms) into R's term list.
 *
 * The operators are those of Wilkinson & Rogers (1973, "Symbolic description of factorial models
 * for analysis of variance", Applied Statistics 22) as Chambers & Hastie (1992, "Statistical
 * Models in S", section 2.4.1) give them: `+` joins, `:` interacts, `a*b` is `a + b + a:b`,
 * `a/b` is `a + b` within `a`, `a %in% b` is each of `a` with all of `b`, `^` repeats crossing,
 * `-` removes, `0`, `-1` and `+1` govern the intercept. Terms are sorted by degree, stably.
 *
 * Throws `FormulaError` with the place: invalid-term, invalid-power, too-many-terms.
 */
export function expandTerms(right: Expression, options: ExpandOptions = {}): TermList {
  const expansion = new Expansion(options.dotNames ?? null, options.response ?? null);
  const terms = [...expansion.expand(right, true)].filter((term) => term.length > 0);
  const { variables } = expansion.list;
  const offsets = variables.flatMap((v, i) => (isOffset(v.expression) ? [i] : []));
  const kept = terms.filter((term) => !term.some((i) => offsets.includes(i)));
  // Array.prototype.sort is stable.
  kept.sort((a, b) => a.length - b.length);
  return {
    variables,
    intercept: expansion.intercept,
    terms: kept,
    labels: kept.map((term) => term.map((i) => variables[i].text).join(":")),
    offsets,
    responseTerm: options.response ? kept.findIndex((term) => term.length === 1 && term[0] === 0) : -1,
  };
}

/** Whether a variable is an `offset()` call. */
export function isOffset(expression: Expression): boolean {
  return expression.kind === "call" && expression.name === "offset";
}

/** An expression without the parentheses around it. */
export function unwrapParens(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === "paren") inner = inner.inner;
  return inner;
}

class Expansion {
  readonly list = new VariableList();
  intercept = true;
  private work = 0;

  constructor(
    private readonly dotNames: readonly string[] | null,
    response: Expression | null,
  ) {
    if (response !== null) this.list.add(unwrapParens(response));
  }

  /** `adding` is false inside what a minus takes away, where 1 removes the intercept and 0 gives it. */
  expand(node: Expression, adding: boolean): TermSet {
    switch (node.kind) {
      case "paren":
        return this.expand(node.inner, adding);
      case "number":
        if (node.value !== 0 && node.value !== 1) {
          throw new FormulaError("invalid-term", `invalid term: ${node.value}`, {
            value: node.value,
            hint: "only 0 and 1 stand alone, for the intercept; arithmetic goes inside I()",
            span: node.span,
          });
        }
        this.intercept = (node.value === 1) === adding;
        return new TermSet();
      case "name":
        if (node.name === ".") return this.dot(node);
        return TermSet.of([[this.list.add(node)]]);
      case "call":
        return TermSet.of([[this.list.add(node)]]);
      case "constant":
        if (node.name === "NULL") return new TermSet();
        throw this.notATerm(node, node.name);
      case "string":
        throw this.notATerm(node, JSON.stringify(node.value));
      case "unary":
        if (node.operator === "+") return this.expand(node.operand, adding);
        if (node.operator === "-") {
          this.expand(node.operand, !adding);
          return new TermSet();
        }
        return TermSet.of([[this.list.add(node)]]);
      case "binary":
        return this.binary(node, adding);
    }
  }

  private binary(node: BinaryNode, adding: boolean): TermSet {
    // The left spine of a long sum is walked in a loop, innermost operand first.
    const spine: BinaryNode[] = [node];
    let innermost = node.left;
    while (innermost.kind === "binary" && isAlgebra(innermost.operator)) {
      spine.push(innermost);
      innermost = innermost.left;
    }
    if (!isAlgebra(node.operator)) return this.other(node);
    let terms = this.expand(innermost, adding);
    for (let i = spine.length - 1; i >= 0; i--) terms = this.apply(spine[i], terms, adding);
    return terms;
  }

  private apply(node: BinaryNode, left: TermSet, adding: boolean): TermSet {
    if (node.operator === "^") return this.power(node, left);
    const right = this.expand(node.right, node.operator === "-" ? !adding : adding);
    switch (node.operator) {
      case "+":
        for (const term of right) left.add(term);
        this.checkSize(left, node);
        return left;
      case "-":
        for (const term of right) left.delete(term);
        return left;
      case ":":
      case "&":
        return this.interact(left, right, node);
      case "*": {
        // Crossing or nesting in nothing gives nothing, in R too: 1 * x has no x.
        if (left.size === 0) return left;
        const crossed = this.interact(left, right, node);
        for (const term of right) left.add(term);
        for (const term of crossed) left.add(term);
        return left;
      }
      case "/": {
        if (left.size === 0) return left;
        const within = this.interact(TermSet.of([allVariables(left)]), right, node);
        for (const term of within) left.add(term);
        return left;
      }
      default: // %in%
        return this.interact(left, TermSet.of([allVariables(right)]), node);
    }
  }

  private interact(left: TermSet, right: TermSet, node: BinaryNode): TermSet {
    this.work += left.size * right.size;
    if (this.work > MAX_WORK) {
      throw new FormulaError("too-many-terms", "too many terms to cross", {
        value: this.work,
        span: node.operatorSpan,
      });
    }
    const out = new TermSet();
    for (const a of left) {
      for (const b of right) out.add(unionTerms(a, b));
      this.checkSize(out, node);
    }
    return out;
  }

  private power(node: BinaryNode, base: TermSet): TermSet {
    const exponent = unwrapParens(node.right);
    if (exponent.kind !== "number" || !Number.isInteger(exponent.value) || exponent.value < 1) {
      throw new FormulaError("invalid-power", "invalid power: not a whole number of at least 1", {
        value: exponent.kind === "number" ? exponent.value : null,
        hint: "outside I() the power repeats crossing; write I(x^2) for the square of x",
        span: node.right.span,
      });
    }
    let terms = base;
    for (let k = 1; k < exponent.value; k++) {
      const next = this.interact(terms, base, node);
      // Crossing only ever adds terms, so an unchanged count is a fixed point.
      const done = next.size === terms.size;
      terms = next;
      if (done) break;
    }
    return terms;
  }

  private dot(node: Expression): TermSet {
    if (this.dotNames === null) {
      throw new FormulaError("invalid-term", 'invalid term: "."', {
        value: ".",
        hint: "the dot stands for the columns of a table, and there is none here",
        span: node.span,
      });
    }
    const terms = new TermSet();
    for (const name of this.dotNames) terms.add([this.list.add({ kind: "name", name, span: node.span })]);
    return terms;
  }

  /** A comparison or a logical expression is a variable of its own; a bar or other arithmetic is an error. */
  private other(node: BinaryNode): TermSet {
    if (node.operator === "|" || node.operator === "||") {
      throw new FormulaError("bar-without-parentheses", "misplaced bar", {
        value: node.operator,
        hint: "put a random-effects term in parentheses and add it: y ~ x + (1 | g)",
        span: node.operatorSpan,
      });
    }
    return TermSet.of([[this.list.add(node)]]);
  }

  private notATerm(node: Expression, shown: string): FormulaError {
    return new FormulaError("invalid-term", `invalid term: ${shown}`, {
      value: shown,
      hint: "a term is a column or a call of a function",
      span: node.span,
    });
  }

  private checkSize(terms: TermSet, node: BinaryNode): void {
    if (terms.size > MAX_TERMS) {
      throw new FormulaError("too-many-terms", `too many terms: more than ${MAX_TERMS}`, {
        value: terms.size,
        span: node.operatorSpan,
      });
    }
  }
}

const ALGEBRA: ReadonlySet<string> = new Set(["+", "-", "*", "/", ":", "^", "%in%", "&"]);

function isAlgebra(operator: string): boolean {
  return ALGEBRA.has(operator);
}

function allVariables(terms: TermSet): Term {
  const all = new Set<number>();
  for (const term of terms) for (const i of term) all.add(i);
  return [...all].sort((a, b) => a - b);
}
