import type { Formula } from "../syntax/ast";
import { FormulaError } from "../syntax/formula-error";
import { parseExpression, parseFormula } from "../syntax/parse";
import { printFormula } from "../syntax/print";
import type { CovarianceStructure } from "./random-terms";

/** A random-effects term of a formula that a program writes. */
export interface RandomTermParts {
  /** The grouping factor: a name, `a:b`, `a/b`. */
  readonly group: string;
  /** Terms whose effects vary by group, besides the intercept. */
  readonly effects?: readonly string[];
  /** Default true. */
  readonly intercept?: boolean;
  /** Default true; false is `||`. */
  readonly correlated?: boolean;
  readonly structure?: CovarianceStructure;
}

/** A formula in parts. Texts are parts of formulas: put odd column names in backticks with `quoteName`. */
export interface FormulaParts {
  readonly response?: string | null;
  /** `x`, `log(z)`, `a:b`, `a * b`. */
  readonly fixed?: readonly string[];
  /** Default true. */
  readonly intercept?: boolean;
  readonly offsets?: readonly string[];
  readonly random?: readonly RandomTermParts[];
}

/**
 * Puts a formula together from its parts.
 *
 * ```ts
 * printFormula(composeFormula({ response: "y", fixed: ["x"], random: [{ group: "g", effects: ["x"] }] })); // "y ~ x + (1 + x | g)"
 * ```
 *
 * Each part is parsed by itself, so no part can change the meaning of another. Throws `FormulaError`.
 */
export function composeFormula(parts: FormulaParts): Formula {
  const terms: string[] = [];
  const fixed = (parts.fixed ?? []).map(termText);
  if (parts.intercept === false) terms.push("0");
  else if (fixed.length === 0) terms.push("1");
  terms.push(...fixed);
  for (const offset of parts.offsets ?? []) terms.push(`offset(${checkedExpression(offset)})`);
  for (const random of parts.random ?? []) terms.push(randomText(random));
  const left =
    parts.response === null || parts.response === undefined ? "" : `${checkedExpression(parts.response)} `;
  const formula = parseFormula(`${left}~ ${terms.join(" + ")}`);
  return parseFormula(printFormula(formula));
}

function randomText(random: RandomTermParts): string {
  const effects = (random.effects ?? []).map(termText);
  const design = [random.intercept === false ? "0" : "1", ...effects].join(" + ");
  const bar = random.correlated === false ? "||" : "|";
  const text = `(${design} ${bar} ${termText(random.group)})`;
  const structure = random.structure ?? "us";
  if (structure === "us") return text;
  if (bar === "||") {
    throw new FormulaError(
      "invalid-random-term",
      `contradictory random-effects term: ${structure} without correlation`,
      {
        value: random,
      },
    );
  }
  return structure + text;
}

/** A term that stands as one operand: `a * b` alone, but `(a + b)` and `(a - b)` in parentheses. */
function termText(text: string): string {
  const { right } = parseFormula(`~ ${text}`);
  const loose =
    right.kind === "unary" || (right.kind === "binary" && ["+", "-", "|", "||"].includes(right.operator));
  return loose ? `(${text})` : text;
}

function checkedExpression(text: string): string {
  parseExpression(text);
  return text;
}
