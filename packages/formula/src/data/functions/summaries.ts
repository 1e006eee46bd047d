import type { FormulaFunction } from "../function-call";
import { vector } from "../value";

/**
 * A summary of a column is one number, learned from the data that the model was fitted on: `I(x - mean(x))`
 * centres new rows at the old mean (R would take the mean of the new rows). Missing when a value is missing, unless
 * `na.rm = TRUE`.
 */
function summary(compute: (x: Float64Array) => number): FormulaFunction {
  return {
    parameters: [{ name: "x", required: true }, { name: "na.rm" }],
    evaluate(call) {
      const value = call.value("x");
      if (value.kind === "vector") return vector([compute(Float64Array.from(value.values))]);
      const x = call.numbers("x");
      const skip = call.flag("na.rm", false);
      const learned = call.learn<number | null>(() => {
        const present = skip ? x.filter((v) => !Number.isNaN(v)) : x;
        const result = present.some(Number.isNaN) ? Number.NaN : compute(present);
        // JSON has no NaN.
        return Number.isFinite(result) ? result : null;
      });
      return vector([learned ?? Number.NaN]);
    },
  };
}

/** The mean, corrected once for rounding as R does. */
export function mean(x: Float64Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i];
  const rough = total / x.length;
  let rest = 0;
  for (let i = 0; i < x.length; i++) rest += x[i] - rough;
  return rough + rest / x.length;
}

function variance(x: Float64Array): number {
  const center = mean(x);
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] - center) ** 2;
  return squares / (x.length - 1);
}

function median(x: Float64Array): number {
  const sorted = x.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

const fold = (f: (a: number, b: number) => number, start: number) => (x: Float64Array) =>
  x.reduce((a, b) => f(a, b), start);

export const SUMMARY_FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map([
  ["mean", summary(mean)],
  ["median", summary(median)],
  ["sd", summary((x) => Math.sqrt(variance(x)))],
  ["var", summary(variance)],
  ["min", summary(fold(Math.min, Number.POSITIVE_INFINITY))],
  ["max", summary(fold(Math.max, Number.NEGATIVE_INFINITY))],
  ["sum", summary(fold((a, b) => a + b, 0))],
]);
