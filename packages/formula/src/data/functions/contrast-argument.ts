import { type ContrastSpec, contrastName } from "../../schema/contrasts";
import type { Expression } from "../../syntax/ast";
import { FormulaError } from "../../syntax/formula-error";
import type { FormulaFunction, FunctionCall } from "../function-call";
import type { FactorValue } from "../value";

/**
 * `C(x, contrast)`: a factor with contrasts of its own: `sum`, `contr.sum`, `"contr.sum"`,
 * `contr.treatment(3, base = 2)`, `contr.poly(4, scores = c(1, 2, 4, 8))`.
 */
export const withContrasts: FormulaFunction = {
  parameters: [{ name: "object", required: true }, { name: "contr" }, { name: "how.many" }, { name: "base" }],
  evaluate(call): FactorValue {
    const x = call.factor("object");
    if (!call.has("contr")) return x;
    return { ...x, contrasts: contrastArgument(call, call.expression("contr")) };
  },
};

function contrastArgument(call: FunctionCall, expression: Expression): ContrastSpec {
  const columns = call.constant("how.many") ?? undefined;
  const base = call.has("base") ? oneOf(call, call.expression("base"), 1) : null;
  const part = (of: ContrastSpec, numbered: boolean): ContrastSpec =>
    numbered || columns !== undefined ? { type: "part", of, numbered, columns } : of;
  const based = (name: string): ContrastSpec =>
    name === "treatment" && base !== null ? { type: "treatment", base } : name;
  // As in R: a contr. function makes contrasts for a number of levels, which then have positions for names.
  if (expression.kind === "name") {
    const name = checkedName(call, expression.name, expression);
    return part(based(name), base !== null || expression.name.startsWith("contr."));
  }
  if (expression.kind === "call") {
    const name = checkedName(call, expression.name, expression);
    const unnamed = expression.args.filter((arg) => arg.name === null);
    const argument = (key: string) => (expression.args.find((arg) => arg.name === key) ?? unnamed[1])?.value;
    const numbered = unnamed[0]?.value.kind === "number";
    if (name === "treatment") {
      return part({ type: "treatment", base: oneOf(call, argument("base"), 1) }, numbered);
    }
    const scores = name === "poly" ? argument("scores") : undefined;
    if (scores === undefined) return part(name, numbered);
    const value = call.evaluate(scores);
    if (value.kind === "vector") return part({ type: "poly", scores: value.values }, false);
  }
  const name = call.texts("contr")?.[0];
  if (name !== undefined) return part(based(checkedName(call, name, expression)), base !== null);
  throw call.error("unknown-contrast", "unknown contrast: in C()", { at: expression });
}

function checkedName(call: FunctionCall, name: string, at: Expression): string {
  try {
    return contrastName(name);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw call.error("unknown-contrast", `unknown contrast: ${JSON.stringify(name)}`, {
      hint: error.hint,
      at,
    });
  }
}

function oneOf(call: FunctionCall, expression: Expression | undefined, byDefault: number): string | number {
  if (expression === undefined) return byDefault;
  const value = call.evaluate(expression);
  if (value.kind === "vector" && value.values.length === 1) return value.values[0];
  if (value.kind === "texts" && value.values.length === 1) return value.values[0];
  throw call.error("invalid-contrast", "invalid base: of contr.treatment()", { at: expression });
}
