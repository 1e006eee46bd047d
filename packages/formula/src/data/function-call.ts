import type { CallNode, Expression } from "../syntax/ast";
import { FormulaError, type FormulaErrorCode } from "../syntax/formula-error";
import { nearestName } from "../syntax/nearest";
import { numberText } from "../syntax/number-text";
import type { FactorColumn } from "./column";
import { asFactor } from "./factor-column";
import { describeValue, type RowValue, type Value } from "./value";

/** A parameter of a function; a trailing one named `...` takes the rest. */
export interface Parameter {
  readonly name: string;
  readonly required?: boolean;
}

/** A function that formulas may call. */
export interface FormulaFunction {
  readonly parameters: readonly Parameter[];
  readonly evaluate: (call: FunctionCall) => Value;
}

/** One call with its arguments matched to parameters as R does: exact name, partial name, position. */
export class FunctionCall {
  private readonly byName = new Map<string, Expression>();
  /** Arguments taken by `...`, with their names. */
  readonly rest: { readonly name: string | null; readonly value: Expression }[] = [];

  constructor(
    readonly node: CallNode,
    definition: FormulaFunction,
    private readonly evaluateExpression: (expression: Expression) => Value,
    private readonly learnState: <T>(compute: () => T) => T,
    /** Rows of the table. */
    readonly nrows: number,
  ) {
    this.match(definition.parameters);
  }

  private match(parameters: readonly Parameter[]): void {
    const open = parameters.filter((p) => p.name !== "...").map((p) => p.name);
    const dots = parameters.some((p) => p.name === "...");
    // Names first, then what is left by position, so that the rest keeps the order in which it was written.
    const left = this.node.args.filter(
      (arg) => arg.name === null || !this.matchName(arg.name, arg.value, open, dots),
    );
    const waiting = open.filter((p) => !this.byName.has(p));
    const dotsFirst = parameters[0]?.name === "...";
    for (const { name, value } of left) {
      const target = dotsFirst || name !== null ? undefined : waiting.shift();
      if (target !== undefined) this.byName.set(target, value);
      else if (dots) this.rest.push({ name, value });
      else {
        throw this.error("wrong-arguments", `too many arguments: ${this.node.name}() takes ${open.length}`, {
          value: this.node.args.length,
          hint: open.length === 0 ? "" : `they are ${open.join(", ")}`,
          at: value,
        });
      }
    }
    for (const parameter of parameters) {
      if (parameter.required && !this.byName.has(parameter.name) && parameter.name !== "...") {
        throw this.error("wrong-arguments", `missing argument: ${parameter.name} of ${this.node.name}()`, {
          value: parameter.name,
        });
      }
    }
  }

  /** Gives a named argument to its parameter; false when it belongs to the rest. */
  private matchName(name: string, value: Expression, open: readonly string[], dots: boolean): boolean {
    const partial = open.filter((p) => p.startsWith(name));
    const target = open.includes(name) ? name : partial.length === 1 && !dots ? partial[0] : null;
    if (target === null) {
      if (dots) return false;
      const near = nearestName(name, open);
      throw this.error("wrong-arguments", `unknown argument: ${name} of ${this.node.name}()`, {
        value: name,
        hint: near === null ? `it takes ${open.join(", ")}` : `did you mean ${near}?`,
        at: value,
      });
    }
    if (this.byName.has(target)) {
      throw this.error("wrong-arguments", `repeated argument: ${target} of ${this.node.name}()`, {
        at: value,
      });
    }
    this.byName.set(target, value);
    return true;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** The expression given for a parameter; the call itself where none was given. */
  expression(name: string): Expression {
    return this.byName.get(name) ?? this.node;
  }

  value(name: string): Value {
    const expression = this.byName.get(name);
    return expression === undefined ? { kind: "null" } : this.evaluateExpression(expression);
  }

  evaluate(expression: Expression): Value {
    return this.evaluateExpression(expression);
  }

  /** A column of numbers (logicals count as 0 and 1). */
  numbers(name: string): Float64Array {
    const value = this.value(name);
    if (value.kind === "numeric" || value.kind === "logical") return value.values;
    if (value.kind === "matrix" && value.columns.length === 1) return value.columns[0];
    throw this.error(
      "wrong-type",
      `non-numeric argument: ${name} of ${this.node.name}() is ${describeValue(value)}`,
      {
        hint: "expected a column of numbers",
        at: this.expression(name),
      },
    );
  }

  /** A column as a factor. */
  factor(name: string): FactorColumn {
    const value = this.value(name);
    if (value.kind === "factor" || value.kind === "numeric" || value.kind === "logical")
      return asFactor(value);
    throw this.error(
      "wrong-type",
      `invalid argument: ${name} of ${this.node.name}() is ${describeValue(value)}`,
      {
        hint: "expected a column",
        at: this.expression(name),
      },
    );
  }

  /** Numbers given as a constant, `3` or `c(1, 2)`; null when not given or NULL. */
  constants(name: string): readonly number[] | null {
    const value = this.value(name);
    if (value.kind === "null") return null;
    if (value.kind === "vector") return value.values;
    throw this.error(
      "wrong-type",
      `invalid argument: ${name} of ${this.node.name}() is ${describeValue(value)}`,
      {
        hint: "expected numbers that do not depend on the rows",
        at: this.expression(name),
      },
    );
  }

  /** One number; null when not given or NULL. */
  constant(name: string): number | null {
    const values = this.constants(name);
    if (values === null) return null;
    if (values.length === 1 && !Number.isNaN(values[0])) return values[0];
    throw this.error("wrong-arguments", `invalid argument: ${name} of ${this.node.name}()`, {
      value: values,
      hint: "expected a single number",
      at: this.expression(name),
    });
  }

  /** TRUE or FALSE. */
  flag(name: string, byDefault: boolean): boolean {
    return this.has(name) ? this.constant(name) !== 0 : byDefault;
  }

  /** Texts given as a constant (numbers are written out); null when not given or NULL. */
  texts(name: string): readonly string[] | null {
    const value = this.value(name);
    if (value.kind === "null") return null;
    if (value.kind === "texts") return value.values;
    if (value.kind === "vector") {
      return value.values.map((v) => (value.logical ? (v === 0 ? "FALSE" : "TRUE") : numberText(v)));
    }
    throw this.error(
      "wrong-type",
      `invalid argument: ${name} of ${this.node.name}() is ${describeValue(value)}`,
      {
        hint: "expected texts that do not depend on the rows",
        at: this.expression(name),
      },
    );
  }

  /** What this call learns from the data it is fitted on, and is given back on new data. */
  learn<T>(compute: () => T): T {
    return this.learnState(compute);
  }

  error(
    code: FormulaErrorCode,
    problem: string,
    options: { value?: unknown; hint?: string; at?: Expression } = {},
  ): FormulaError {
    const { value, hint, at } = options;
    return new FormulaError(code, problem, { value, hint, span: (at ?? this.node).span });
  }
}

/** A row value made of the results for each of its numeric columns. */
export function mapNumericColumns(
  value: Value,
  call: FunctionCall,
  name: string,
  f: (column: Float64Array, index: number) => Float64Array,
): RowValue {
  if (value.kind === "matrix") return { ...value, columns: value.columns.map(f) };
  return { kind: "numeric", values: f(call.numbers(name), 0) };
}
