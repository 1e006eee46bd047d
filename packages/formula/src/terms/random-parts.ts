import type { FrameSchema } from "../schema/frame-schema";
import type { Formula } from "../syntax/ast";
import { FormulaError, withFormulaText } from "../syntax/formula-error";
import { parseFormula } from "../syntax/parse";
import { printExpression } from "../syntax/print";
import { parseModel } from "./model-terms";

/** A random-effects term by what it is made of. */
export interface RandomPart {
  /** The grouping factor as a frame names it, `batch`, `cask:batch`. */
  readonly group: string;
  readonly intercept: boolean;
  /** Labels of the other effects, as in a frame's `termLabels`. */
  readonly labels: readonly string[];
}

/**
 * The random-effects terms that a formula asks for, in the names of a fitted frame: `~ (1 | a/b)` is the
 * intercepts of `b:a` and of `a`. What else the formula has is passed over.
 *
 * Throws `FormulaError` for a formula that cannot be read.
 */
export function randomParts(formula: string | Formula, schema: FrameSchema): RandomPart[] {
  const parsed = typeof formula === "string" ? parseFormula(formula) : formula;
  try {
    const isFactor = (expression: Parameters<typeof printExpression>[0]) =>
      Object.hasOwn(schema.factors, printExpression(expression));
    return parseModel(parsed, schema.dotNames, schema.doubleBar, isFactor, schema.structures).random.map(
      ({ group, design }) => ({ group: group.name, intercept: design.intercept, labels: design.labels }),
    );
  } catch (error) {
    if (error instanceof FormulaError) throw withFormulaText(error, parsed.text);
    throw error;
  }
}
