import type { Expression } from "../syntax/ast";
import { printExpression } from "../syntax/print";

/** A variable of a formula: a column's name or a call, whose text names it. */
export interface Variable {
  /** R's spelling, `log(x)`; equal texts are the same variable. */
  readonly text: string;
  readonly expression: Expression;
}

/** The distinct variables of a formula in the order of their first appearance. */
export class VariableList {
  readonly variables: Variable[] = [];
  private readonly positions = new Map<string, number>();

  /** The position of an expression's variable, added when it is new. */
  add(expression: Expression): number {
    const text = printExpression(expression);
    const known = this.positions.get(text);
    if (known !== undefined) return known;
    const position = this.variables.length;
    this.variables.push({ text, expression });
    this.positions.set(text, position);
    return position;
  }
}
