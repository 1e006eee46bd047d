import type { CallNode, Expression, NameNode } from "../syntax/ast";
import { FormulaError } from "../syntax/formula-error";
import { nearestName } from "../syntax/nearest";
import { printExpression } from "../syntax/print";
import { applyBinary, applyUnary } from "./arithmetic";
import type { Column } from "./column";
import { FunctionCall } from "./function-call";
import { NAMED_CONSTANTS } from "./functions/elementwise";
import type { functionTable } from "./functions/registry";
import type { TableView } from "./table";
import { type Value, vector } from "./value";

/** What calls learned from the data, by the text of the call. JSON. */
export type LearnedStates = Record<string, unknown>;

/**
 * Evaluates expressions on the columns of one table, each distinct text once.
 *
 * There is no way from a formula to anything but the table's columns, the named constants and the
 * functions given: names are looked up in maps, never as properties.
 */
export class Evaluator {
  private readonly cache = new Map<string, Value>();
  private readonly states: Map<string, unknown>;
  /** Columns that were looked up, in order. */
  readonly usedColumns = new Map<string, Column>();

  constructor(
    readonly table: TableView,
    private readonly functions: ReturnType<typeof functionTable>,
    /** States to reuse; null to learn them. */
    private readonly given: LearnedStates | null = null,
    /** Brings a column of new data to the kind and levels it had. */
    private readonly coerce: (name: string, column: Column, at: NameNode) => Column = (_, column) => column,
  ) {
    this.states = new Map(given === null ? [] : Object.entries(given));
  }

  /** What was learned, to be reused on new data. */
  learned(): LearnedStates {
    return Object.fromEntries(this.states);
  }

  /** Evaluates a variable; `text` is its printed form. */
  evaluateNamed(expression: Expression, text: string): Value {
    const known = this.cache.get(text);
    if (known !== undefined) return known;
    const value = this.evaluate(expression);
    this.cache.set(text, value);
    return value;
  }

  evaluate(node: Expression): Value {
    switch (node.kind) {
      case "name":
        return this.name(node);
      case "number":
        return vector([node.value]);
      case "string":
        return { kind: "texts", values: [node.value] };
      case "constant":
        switch (node.name) {
          case "TRUE":
            return vector([1], true);
          case "FALSE":
            return vector([0], true);
          case "NULL":
            return { kind: "null" };
          case "Inf":
            return vector([Number.POSITIVE_INFINITY]);
          default:
            return vector([Number.NaN]);
        }
      case "paren":
        return this.evaluate(node.inner);
      case "unary":
        return applyUnary(node, this.evaluate(node.operand));
      case "binary": {
        // Long sums lean to the left: evaluate their spine in a loop.
        const spine = [node];
        let innermost = node.left;
        while (innermost.kind === "binary") {
          spine.push(innermost);
          innermost = innermost.left;
        }
        let value = this.evaluate(innermost);
        for (let i = spine.length - 1; i >= 0; i--)
          value = applyBinary(spine[i], value, this.evaluate(spine[i].right));
        return value;
      }
      case "call":
        return this.call(node);
    }
  }

  private name(node: NameNode): Value {
    const known = this.usedColumns.get(node.name);
    if (known !== undefined) return known;
    const raw = this.table.column(node.name);
    if (raw === null) {
      const constant = NAMED_CONSTANTS.get(node.name);
      if (constant !== undefined) return constant;
      throw this.unknownColumn(node);
    }
    const column = this.coerce(node.name, raw, node);
    this.usedColumns.set(node.name, column);
    return column;
  }

  private unknownColumn(node: NameNode): FormulaError {
    const near = nearestName(node.name, this.table.names);
    const few = this.table.names.slice(0, 8).join(", ");
    const hint =
      near !== null
        ? `did you mean ${JSON.stringify(near)}?`
        : this.table.names.length === 0
          ? "the table has no columns"
          : `the columns are ${few}${this.table.names.length > 8 ? ", …" : ""}`;
    return new FormulaError("unknown-column", `unknown column: ${JSON.stringify(node.name)}`, {
      value: node.name,
      hint,
      span: node.span,
    });
  }

  private call(node: CallNode): Value {
    const definition = this.functions.get(node.name);
    if (definition === undefined) {
      const near = nearestName(node.name, this.functions.names());
      throw new FormulaError("unknown-function", `unknown function: ${node.name}()`, {
        value: node.name,
        hint: near === null ? "only registered functions can be called" : `did you mean ${near}()?`,
        span: node.nameSpan,
      });
    }
    const call = new FunctionCall(
      node,
      definition,
      (expression) => this.evaluate(expression),
      (compute) => this.learn(node, compute),
      this.table.nrows,
    );
    return definition.evaluate(call);
  }

  private learn<T>(node: CallNode, compute: () => T): T {
    const text = printExpression(node);
    if (this.states.has(text)) return this.states.get(text) as T;
    if (this.given !== null) {
      throw new FormulaError("invalid-option", `missing state: of ${text}`, { value: text, span: node.span });
    }
    const state = compute();
    this.states.set(text, state);
    return state;
  }
}
