import { mapValue, zipValues } from "../arithmetic";
import type { FormulaFunction, FunctionCall } from "../function-call";
import { type Value, vector } from "../value";
import * as elementary from "./elementary";

/** Applies a function of one number to every row. */
export function elementwise(f: (x: number) => number): FormulaFunction {
  return {
    parameters: [{ name: "x", required: true }],
    evaluate: (call) => mapValue(call.value("x"), f, call.expression("x")),
  };
}

const log: FormulaFunction = {
  parameters: [{ name: "x", required: true }, { name: "base" }],
  evaluate(call) {
    const base = call.constant("base");
    const f =
      base === null
        ? elementary.log
        : base === 10
          ? elementary.log10
          : base === 2
            ? elementary.log2
            : logBase(base);
    return mapValue(call.value("x"), f, call.expression("x"));
  },
};

const logBase = (base: number) => (x: number) => elementary.log(x) / elementary.log(base);

/** R rounds halves to even at the last digit kept; decimal digits as R 4 does: the nearest of the two candidates. */
function roundTo(x: number, digits: number): number {
  if (!Number.isFinite(x)) return x;
  if (digits > 15) return x;
  const scale = 10 ** Math.abs(digits);
  const up = digits >= 0 ? x * scale : x / scale;
  if (!Number.isFinite(up)) return x;
  const back = (v: number) => (digits >= 0 ? v / scale : v * scale);
  const low = Math.floor(up);
  const high = Math.ceil(up);
  if (low === high) return back(low);
  const below = x - back(low);
  const above = back(high) - x;
  if (below < above) return back(low);
  if (above < below) return back(high);
  return back(low % 2 === 0 ? low : high);
}

const round: FormulaFunction = {
  parameters: [{ name: "x", required: true }, { name: "digits" }],
  evaluate(call) {
    const digits = call.constant("digits") ?? 0;
    return mapValue(call.value("x"), (x) => roundTo(x, digits), call.expression("x"));
  },
};

/** pmin and pmax: row by row over any number of columns and single numbers. */
function extreme(pick: (x: number, y: number) => number): FormulaFunction {
  return {
    parameters: [{ name: "..." }, { name: "na.rm" }],
    evaluate(call: FunctionCall): Value {
      if (call.rest.length === 0)
        throw call.error("wrong-arguments", `missing argument: of ${call.node.name}()`);
      const skip = call.flag("na.rm", false);
      const f = (x: number, y: number) => {
        if (Number.isNaN(x)) return skip ? y : x;
        if (Number.isNaN(y)) return skip ? x : y;
        return pick(x, y);
      };
      let result = call.evaluate(call.rest[0].value);
      if (call.rest.length === 1) return mapValue(result, (x) => x, call.rest[0].value);
      for (let k = 1; k < call.rest.length; k++) {
        const right = call.rest[k].value;
        result = zipValues(result, call.evaluate(right), f, {
          left: call.rest[0].value,
          right,
          whole: call.node,
        });
      }
      return result;
    },
  };
}

/** The functions of one number, R's names. */
export const ELEMENTWISE_FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  ["log", log],
  ["log2", elementwise(elementary.log2)],
  ["log10", elementwise(elementary.log10)],
  ["log1p", elementwise(elementary.log1p)],
  ["exp", elementwise(elementary.exp)],
  ["expm1", elementwise(elementary.expm1)],
  ["sqrt", elementwise(Math.sqrt)],
  ["abs", elementwise(Math.abs)],
  ["sign", elementwise(Math.sign)],
  ["sin", elementwise(elementary.sin)],
  ["cos", elementwise(elementary.cos)],
  ["tan", elementwise(elementary.tan)],
  ["asin", elementwise(Math.asin)],
  ["acos", elementwise(Math.acos)],
  ["atan", elementwise(Math.atan)],
  ["sinh", elementwise(elementary.sinh)],
  ["cosh", elementwise(elementary.cosh)],
  ["tanh", elementwise(elementary.tanh)],
  ["floor", elementwise(Math.floor)],
  ["ceiling", elementwise(Math.ceil)],
  ["trunc", elementwise(Math.trunc)],
  ["round", round],
  ["pmin", extreme(Math.min)],
  ["pmax", extreme(Math.max)],
]);

/** Constants by name, which a column of the same name hides. */
export const NAMED_CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["pi", vector([Math.PI])],
  ["T", vector([1], true)],
  ["F", vector([0], true)],
]);
