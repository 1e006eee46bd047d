import type { Expression } from "../syntax/ast";
import { FormulaError } from "../syntax/formula-error";
import { printExpression } from "../syntax/print";
import { unwrapParens } from "../terms/expand";
import type { FactorColumn } from "./column";
import type { Evaluator } from "./evaluate";
import { asFactor, dropUnusedLevels } from "./factor-column";
import { type CheckedVariable, checkFinite, requireRows, takeRows } from "./rows";
import { describeValue, type RowValue } from "./value";

/** A variable of a frame: evaluated on all rows, then taken on those that stay, once each. */
export interface FrameVariable extends CheckedVariable {
  /** Distinguishes the factor that groups from the column that is a covariate. */
  readonly key: string;
  /** null for numbers that are not in the formula. */
  readonly expression: Expression | null;
}

/** The variables of a frame; equal texts are one variable, a grouping factor is apart from a covariate. */
export class FrameVariables {
  private readonly byKey = new Map<string, FrameVariable>();
  private readonly taken = new Map<string, RowValue>();

  constructor(
    readonly evaluator: Evaluator,
    private readonly nrows: number,
  ) {}

  /** Evaluates a variable. */
  add(expression: Expression): FrameVariable {
    const bare = unwrapParens(expression);
    const text = printExpression(bare);
    return this.keep(`value ${text}`, bare, () => {
      const value = requireRows(this.evaluator.evaluateNamed(bare, text), text, bare.span, this.nrows);
      return { text, value, span: bare.span };
    });
  }

  /** Evaluates a variable and makes it a factor, whatever it is. */
  addGroup(expression: Expression): FrameVariable {
    const variable = this.add(expression);
    const { value, text, span } = variable;
    if (value.kind === "factor") return variable;
    if (value.kind === "matrix") {
      throw new FormulaError("wrong-type", `invalid grouping factor: ${text} is ${describeValue(value)}`, {
        value: text,
        span,
      });
    }
    checkFinite(variable, null);
    return this.keep(`factor ${text}`, variable.expression, () => ({ text, value: asFactor(value), span }));
  }

  /** Adds numbers that are not in the formula: weights, an offset. */
  addNumbers(text: string, values: Float64Array): FrameVariable {
    return this.keep(`option ${text}`, null, () => ({
      text,
      value: { kind: "numeric", values },
      span: null,
    }));
  }

  private keep(key: string, expression: Expression | null, make: () => CheckedVariable): FrameVariable {
    let variable = this.byKey.get(key);
    if (variable === undefined) {
      variable = { ...make(), key, expression };
      this.byKey.set(key, variable);
    }
    return variable;
  }

  /** All variables; a column that is covariate and grouping factor at once is there once. */
  all(): FrameVariable[] {
    return [...this.byKey.values()].filter(
      (variable) => !variable.key.startsWith("factor ") || !this.byKey.has(`value ${variable.text}`),
    );
  }

  /** The variable on the rows given (null for all), without unused levels when `drop`; checked to be finite. */
  take(variable: FrameVariable, rows: Int32Array | null, drop: boolean): RowValue {
    const known = this.taken.get(variable.key);
    if (known !== undefined) return known;
    let value = takeRows(variable.value, rows);
    if (value.kind === "factor" && drop) value = { ...value, ...dropUnusedLevels(value) };
    checkFinite({ ...variable, value }, rows);
    this.taken.set(variable.key, value);
    return value;
  }

  takeFactor(variable: FrameVariable, rows: Int32Array | null, drop: boolean): FactorColumn {
    const value = this.take(variable, rows, drop);
    if (value.kind === "factor") return value;
    throw new FormulaError("wrong-type", `invalid grouping factor: ${variable.text}`, {
      span: variable.span,
    });
  }

  takeNumbers(variable: FrameVariable, rows: Int32Array | null): Float64Array {
    return numbersOf({ ...variable, value: this.take(variable, rows, true) });
  }
}

/** The numbers of a variable that must be one column of numbers. */
export function numbersOf({ value, text, span }: CheckedVariable): Float64Array {
  if (value.kind === "numeric" || value.kind === "logical") return value.values;
  if (value.kind === "matrix" && value.columns.length === 1) return value.columns[0];
  throw new FormulaError("wrong-type", `non-numeric ${text}: ${describeValue(value)}`, {
    value: text,
    hint: "expected one column of numbers",
    span,
  });
}
