import { mapValue, zipValues } from "../arithmetic";
import { compareCodePoints } from "../factor-column";
import type { FormulaFunction } from "../function-call";
import { mapNumericColumns } from "../function-call";
import { logical, numeric, type Value, vector } from "../value";
import { mean } from "./summaries";

/** `I(x)`: its argument, with arithmetic instead of the algebra of terms. */
const identity: FormulaFunction = {
  parameters: [{ name: "x", required: true }],
  evaluate: (call) => call.value("x"),
};

const offset: FormulaFunction = {
  parameters: [{ name: "object", required: true }],
  evaluate: (call) => numeric(call.numbers("object")),
};

/** `c(1, 2, 3)`, `c("a", "b")`: constants only. */
const combine: FormulaFunction = {
  parameters: [{ name: "..." }],
  evaluate(call): Value {
    const values = call.rest.map((arg) => ({ value: call.evaluate(arg.value), at: arg.value }));
    if (values.some(({ value }) => value.kind === "texts")) {
      return {
        kind: "texts",
        values: values.flatMap(({ value }) => (value.kind === "texts" ? value.values : [])),
      };
    }
    const numbers: number[] = [];
    let logicals = values.length > 0;
    for (const { value, at } of values) {
      if (value.kind === "null") continue;
      if (value.kind !== "vector") {
        throw call.error("wrong-type", "invalid argument: c() joins constants, not columns", { at });
      }
      logicals &&= value.logical;
      for (const v of value.values) numbers.push(v);
    }
    return vector(numbers, logicals);
  },
};

/** `cbind(a, b)`: several columns in one variable. */
const bind: FormulaFunction = {
  parameters: [{ name: "..." }],
  evaluate(call): Value {
    const columns: Float64Array[] = [];
    const names: string[] = [];
    for (const { name, value: at } of call.rest) {
      const value = call.evaluate(at);
      if (value.kind === "matrix") {
        value.columns.forEach((column, j) => {
          columns.push(column);
          names.push(value.names?.[j] ?? "");
        });
      } else if (value.kind === "numeric" || value.kind === "logical") {
        columns.push(value.values);
        names.push(name ?? (at.kind === "name" ? at.name : ""));
      } else if (value.kind === "vector" && value.values.length === 1) {
        columns.push(new Float64Array(call.nrows).fill(value.values[0]));
        names.push(name ?? "");
      } else throw call.error("wrong-type", "invalid argument: cbind() joins columns of numbers", { at });
    }
    return { kind: "matrix", columns, names };
  },
};

interface Scaling {
  readonly center: readonly number[];
  readonly scale: readonly number[];
}

/**
 * `scale(x, center, scale)`: minus the mean, divided by the standard deviation (n − 1), both learned
 * over the values that are not missing. With `center = FALSE` the divisor is the root mean square.
 */
const scale: FormulaFunction = {
  parameters: [{ name: "x", required: true }, { name: "center" }, { name: "scale" }],
  evaluate(call) {
    const value = call.value("x");
    const columns = value.kind === "matrix" ? value.columns : [call.numbers("x")];
    const { center, scale: divisor } = call.learn<Scaling>(() => {
      const centers = option(call.value("center"), columns, (x) => presentMean(x), 0);
      const scales = option(call.value("scale"), columns, (x, j) => deviation(x, centers[j]), 1);
      return { center: centers, scale: scales };
    });
    return mapNumericColumns(value, call, "x", (x, j) => x.map((v) => (v - center[j]) / divisor[j]));
  },
};

/** TRUE or nothing: computed; FALSE: neutral; numbers: as given. */
function option(
  value: Value,
  columns: readonly Float64Array[],
  compute: (x: Float64Array, j: number) => number,
  neutral: number,
): number[] {
  return columns.map((x, j) => {
    if (value.kind !== "vector") return compute(x, j);
    if (value.logical) return value.values[0] === 0 ? neutral : compute(x, j);
    return value.values[j % value.values.length];
  });
}

/** The mean of what is not missing. */
function presentMean(x: Float64Array): number {
  return mean(x.filter((v) => !Number.isNaN(v)));
}

function deviation(x: Float64Array, center: number): number {
  let squares = 0;
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue;
    squares += (x[i] - center) ** 2;
    count++;
  }
  return Math.sqrt(squares / Math.max(1, count - 1));
}

/** `center(x)`: minus the mean. */
const center: FormulaFunction = {
  parameters: [{ name: "x", required: true }],
  evaluate(call) {
    const value = call.value("x");
    const columns = value.kind === "matrix" ? value.columns : [call.numbers("x")];
    const means = call.learn<readonly number[]>(() => columns.map(presentMean));
    return mapNumericColumns(value, call, "x", (x, j) => x.map((v) => v - means[j]));
  },
};

/** `as.numeric(x)`: a factor's codes from 1, a logical's 0 and 1; `as.numeric(as.character(x))` what its levels say. */
const asNumeric: FormulaFunction = {
  parameters: [{ name: "x", required: true }],
  evaluate(call): Value {
    const value = call.value("x");
    if (value.kind === "factor" && value.text) {
      const numbers = value.levels.map((level) => (level.trim() === "" ? Number.NaN : Number(level)));
      return numeric(Float64Array.from(value.codes, (code) => (code < 0 ? Number.NaN : numbers[code])));
    }
    if (value.kind === "factor") {
      return numeric(Float64Array.from(value.codes, (code) => (code < 0 ? Number.NaN : code + 1)));
    }
    if (value.kind === "vector") return vector(value.values);
    return numeric(call.numbers("x"));
  },
};

/** `as.integer(x)`: towards zero. */
const asInteger: FormulaFunction = {
  parameters: asNumeric.parameters,
  evaluate: (call) => mapValue(asNumeric.evaluate(call), Math.trunc, call.expression("x")),
};

const asLogical: FormulaFunction = {
  parameters: [{ name: "x", required: true }],
  evaluate: (call) => logical(call.numbers("x").map((v) => (Number.isNaN(v) ? v : v === 0 ? 0 : 1))),
};

const xor: FormulaFunction = {
  parameters: [
    { name: "x", required: true },
    { name: "y", required: true },
  ],
  evaluate(call) {
    const either = (x: number, y: number) =>
      Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Number((x !== 0) !== (y !== 0));
    const nodes = { left: call.expression("x"), right: call.expression("y"), whole: call.node };
    return zipValues(call.value("x"), call.value("y"), either, nodes, true);
  },
};

const isMissing: FormulaFunction = {
  parameters: [{ name: "x", required: true }],
  evaluate(call): Value {
    const value = call.value("x");
    if (value.kind === "factor") return logical(Float64Array.from(value.codes, (code) => (code < 0 ? 1 : 0)));
    return logical(call.numbers("x").map((v) => (Number.isNaN(v) ? 1 : 0)));
  },
};

/** `ifelse(test, yes, no)` row by row: columns or single numbers, or two texts, which make a factor. */
const ifElse: FormulaFunction = {
  parameters: [
    { name: "test", required: true },
    { name: "yes", required: true },
    { name: "no", required: true },
  ],
  evaluate(call): Value {
    const test = call.numbers("test");
    const labels = [call.value("yes"), call.value("no")].flatMap((v) => (v.kind === "texts" ? v.values : []));
    if (labels.length === 2) {
      const levels = labels[0] === labels[1] ? [labels[0]] : [...labels].sort(compareCodePoints);
      const [whenTrue, whenFalse] = labels.map((label) => levels.indexOf(label));
      const codes = Int32Array.from(test, (v) => (Number.isNaN(v) ? -1 : v === 0 ? whenFalse : whenTrue));
      return { kind: "factor", levels, codes, ordered: false, text: true };
    }
    const yes = side(call.value("yes"), call.nrows);
    const no = side(call.value("no"), call.nrows);
    if (yes === null || no === null) {
      throw call.error("wrong-type", "invalid argument: ifelse() chooses between numbers, or two texts", {
        at: call.expression(yes === null ? "yes" : "no"),
      });
    }
    const out = new Float64Array(test.length);
    for (let i = 0; i < out.length; i++) {
      out[i] = Number.isNaN(test[i]) ? Number.NaN : test[i] === 0 ? no.at(i) : yes.at(i);
    }
    return yes.logical && no.logical ? logical(out) : numeric(out);
  },
};

function side(value: Value, nrows: number): { at: (i: number) => number; logical: boolean } | null {
  if (value.kind === "numeric" || value.kind === "logical") {
    const { values } = value;
    return { at: (i) => values[i], logical: value.kind === "logical" };
  }
  if (value.kind === "vector" && (value.values.length === 1 || value.values.length === nrows)) {
    const { values } = value;
    return { at: (i) => values[values.length === 1 ? 0 : i], logical: value.logical };
  }
  return null;
}

export const BASIC_FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  ["I", identity],
  ["identity", identity],
  ["offset", offset],
  ["c", combine],
  ["cbind", bind],
  ["scale", scale],
  ["center", center],
  ["as.numeric", asNumeric],
  ["as.integer", asInteger],
  ["as.logical", asLogical],
  ["is.na", isMissing],
  ["xor", xor],
  ["ifelse", ifElse],
]);
