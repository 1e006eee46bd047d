import type { Expression } from "../syntax/ast";
import { FormulaError, withFormulaText } from "../syntax/formula-error";
import { parseExpression } from "../syntax/parse";
import type { Evaluator } from "./evaluate";
import type { RowNumbers } from "./frame-options";
import { type FrameVariable, type FrameVariables, numbersOf } from "./frame-variables";
import { requireRows } from "./rows";
import { describeValue, type RowValue } from "./value";

/** Weights or an offset given beside the formula, as a variable of the frame; null when not given. */
export function addRowNumbers(
  given: RowNumbers | null | undefined,
  what: string,
  frame: FrameVariables,
  nrows: number,
): FrameVariable | null {
  if (given === null || given === undefined) return null;
  if (typeof given === "string") {
    const value = evaluateOption(given, what, frame.evaluator, nrows);
    return frame.addNumbers(what, numbersOf({ text: what, value, span: null }));
  }
  if (given.length !== nrows) {
    throw new FormulaError("unequal-lengths", `unequal lengths: ${given.length} ${what} for ${nrows} rows`, {
      value: given.length,
    });
  }
  const values = given instanceof Float64Array ? given : Float64Array.from(given, (v) => v ?? Number.NaN);
  return frame.addNumbers(what, values);
}

/** Evaluates an option's expression; errors carry that expression's text, not the formula's. */
function evaluateOption(text: string, what: string, evaluator: Evaluator, nrows: number): RowValue {
  try {
    // A column's name as it is, even where a formula would need backticks.
    const expression: Expression = evaluator.table.names.includes(text)
      ? { kind: "name", name: text, span: { start: 0, end: text.length } }
      : parseExpression(text);
    return requireRows(evaluator.evaluate(expression), what, expression.span, nrows);
  } catch (error) {
    if (error instanceof FormulaError) throw withFormulaText(error, text);
    throw error;
  }
}

/** 1 for the rows wanted; null for all of them. */
export function subsetRows(
  given: string | ArrayLike<number | boolean> | null | undefined,
  evaluator: Evaluator,
  nrows: number,
): Float64Array | null {
  if (given === null || given === undefined) return null;
  if (typeof given === "string") {
    const value = evaluateOption(given, "subset", evaluator, nrows);
    if (value.kind === "logical") return value.values;
    throw new FormulaError("invalid-option", `invalid subset: ${describeValue(value)}`, {
      value: given,
      hint: 'a subset is a condition, like "age > 3"',
      span: { start: 0, end: given.length },
      text: given,
    });
  }
  if (given.length !== nrows) {
    throw new FormulaError(
      "unequal-lengths",
      `unequal lengths: subset of ${given.length} for ${nrows} rows`,
      {
        value: given.length,
      },
    );
  }
  return Float64Array.from(given as ArrayLike<number>, Number);
}

/** Throws for a weight that is negative or infinite; `rows` are the table's positions. */
export function checkWeights(weights: Float64Array, rows: Int32Array | null): void {
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] >= 0) continue;
    const row = (rows === null ? i : rows[i]) + 1;
    throw new FormulaError("negative-weight", `negative weight: ${weights[i]} in row ${row}`, {
      value: weights[i],
      hint: "weights are 0 or more",
    });
  }
}

/** The sum of the columns, the column itself when there is one, null for none. */
export function sumColumns(columns: readonly Float64Array[]): Float64Array | null {
  if (columns.length <= 1) return columns[0] ?? null;
  const out = new Float64Array(columns[0].length);
  for (const column of columns) for (let i = 0; i < out.length; i++) out[i] += column[i];
  return out;
}
