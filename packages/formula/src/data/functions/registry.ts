import type { FormulaFunction } from "../function-call";
import { BASIC_FUNCTIONS } from "./basic";
import { ELEMENTWISE_FUNCTIONS, elementwise } from "./elementwise";
import { FACTOR_FUNCTIONS } from "./factors";
import { POLYNOMIAL_FUNCTIONS } from "./poly";
import { SPLINE_FUNCTIONS } from "./splines";
import { SUMMARY_FUNCTIONS } from "./summaries";

/** A user's function: of one number, applied to every row, or a full definition. */
export type UserFunction = ((x: number) => number) | FormulaFunction;

/** The functions that formulas may call, the user's before the built-in ones. */
export function functionTable(user: Readonly<Record<string, UserFunction>> = {}): {
  get(name: string): FormulaFunction | undefined;
  names(): string[];
} {
  const own = new Map<string, FormulaFunction>();
  for (const [name, f] of Object.entries(user)) own.set(name, typeof f === "function" ? elementwise(f) : f);
  const tables = [
    own,
    BASIC_FUNCTIONS,
    ELEMENTWISE_FUNCTIONS,
    FACTOR_FUNCTIONS,
    POLYNOMIAL_FUNCTIONS,
    SPLINE_FUNCTIONS,
    SUMMARY_FUNCTIONS,
  ];
  return {
    get(name) {
      for (const table of tables) {
        const f = table.get(name);
        if (f !== undefined) return f;
      }
      return undefined;
    },
    names: () => tables.flatMap((table) => [...table.keys()]),
  };
}
