import { type ContrastSpec, contrastName } from "../../schema/contrasts";
import type { Expression } from "../../syntax/ast";
import { FormulaError } from "../../syntax/formula-error";
import type { FactorColumn } from "../column";
import { asFactor, dropUnusedLevels, factorColumn } from "../factor-column";
import type { FormulaFunction, FunctionCall } from "../function-call";
import { combineCodes } from "../interaction-factor";
import type { FactorValue } from "../value";

interface LearnedLevels {
  /** Levels of the result. */
  readonly levels: readonly string[];
  /** The values that are known and, for each, its level. */
  readonly values: readonly string[];
  readonly labels: readonly string[];
}

/** `factor(x, levels, labels, ordered)`; without levels those that occur, in the order of the column's. */
function makeFactor(orderedByDefault: boolean | null): FormulaFunction {
  return {
    parameters: [{ name: "x", required: true }, { name: "levels" }, { name: "labels" }, { name: "ordered" }],
    evaluate(call): FactorValue {
      const x = call.factor("x");
      const ordered = call.flag("ordered", orderedByDefault ?? x.ordered);
      const learned = call.learn<LearnedLevels>(() => {
        const values = call.texts("levels") ?? dropUnusedLevels(x).levels;
        const labels = call.texts("labels") ?? values;
        if (labels.length !== values.length) {
          throw call.error(
            "wrong-arguments",
            `unequal lengths: ${labels.length} labels for ${values.length} levels`,
            {
              at: call.expression("labels"),
            },
          );
        }
        return { levels: [...new Set(labels)], values, labels } as LearnedLevels & {
          labels: readonly string[];
        };
      });
      const positions = new Map(learned.levels.map((level, i) => [level, i]));
      const byValue = new Map(learned.values.map((value, i) => [value, positions.get(learned.labels[i])!]));
      return recode(x, learned.levels, (level) => byValue.get(level) ?? -1, ordered);
    },
  };
}

function recode(
  x: FactorColumn,
  levels: readonly string[],
  position: (level: string) => number,
  ordered: boolean,
): FactorColumn {
  const map = Int32Array.from(x.levels, position);
  const codes = new Int32Array(x.codes.length);
  for (let i = 0; i < codes.length; i++) codes[i] = x.codes[i] < 0 ? -1 : map[x.codes[i]];
  return { kind: "factor", levels, codes, ordered };
}

/** `relevel(x, ref)`: one level moved to the front. */
const relevel: FormulaFunction = {
  parameters: [
    { name: "x", required: true },
    { name: "ref", required: true },
  ],
  evaluate(call): FactorValue {
    const x = call.factor("x");
    const levels = call.learn<readonly string[]>(() => {
      const ref = call.texts("ref")?.[0] ?? "";
      const byPosition =
        call.value("ref").kind === "vector" ? x.levels[(call.constant("ref") ?? 0) - 1] : undefined;
      const first = byPosition ?? ref;
      if (!x.levels.includes(first)) {
        throw call.error("unknown-level", `unknown level: ${JSON.stringify(ref)}`, {
          value: ref,
          hint: `the levels are ${x.levels.slice(0, 8).join(", ")}`,
          at: call.expression("ref"),
        });
      }
      return [first, ...x.levels.filter((level) => level !== first)];
    });
    const positions = new Map(levels.map((level, i) => [level, i]));
    return recode(x, levels, (level) => positions.get(level) ?? -1, false);
  },
};

/**
 * `C(x, contrast)`: a factor with contrasts of its own: `sum`, `contr.sum`, `"contr.sum"`,
 * `contr.treatment(3, base = 2)`, `contr.poly(4, scores = c(1, 2, 4, 8))`.
 */
const withContrasts: FormulaFunction = {
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

/** `interaction(a, b, sep, lex.order)`: the combinations that occur, the first factor varying fastest. */
const interaction: FormulaFunction = {
  parameters: [{ name: "..." }, { name: "drop" }, { name: "sep" }, { name: "lex.order" }],
  evaluate(call): FactorValue {
    const factors = call.rest.map(({ value: expression }) => {
      const value = call.evaluate(expression);
      if (value.kind === "factor" || value.kind === "numeric" || value.kind === "logical")
        return asFactor(value);
      throw call.error("wrong-type", "invalid argument: interaction() takes columns", { at: expression });
    });
    if (factors.length === 0) throw call.error("wrong-arguments", "missing argument: of interaction()");
    const separator = call.texts("sep")?.[0] ?? ".";
    const lexical = call.flag("lex.order", false);
    let result = factors[0];
    for (const next of factors.slice(1)) result = join(result, next, separator, lexical);
    const levels = call.learn<readonly string[]>(() => result.levels);
    const positions = new Map(levels.map((level, i) => [level, i]));
    return recode(result, levels, (level) => positions.get(level) ?? -1, false);
  },
};

function join(a: FactorColumn, b: FactorColumn, separator: string, lexical: boolean): FactorColumn {
  const [outer, inner] = lexical ? [a, b] : [b, a];
  const combined = combineCodes(outer.codes, outer.levels.length, inner.codes, inner.levels.length);
  const levels = Array.from(combined.first, (_, k) => {
    const parts = [outer.levels[combined.first[k]], inner.levels[combined.second[k]]];
    return (lexical ? parts : parts.reverse()).join(separator);
  });
  return { kind: "factor", levels, codes: combined.codes, ordered: false };
}

/** More intervals than this are refused. */
const MAX_INTERVALS = 100_000;

interface Cuts {
  /** Infinite breaks are texts, so that a schema is JSON. */
  readonly breaks: readonly (number | "Inf" | "-Inf")[];
  readonly labels: readonly string[];
}

/** `cut(x, breaks, labels, include.lowest, right, dig.lab, ordered_result)`: intervals as a factor. */
const cut: FormulaFunction = {
  parameters: [
    { name: "x", required: true },
    { name: "breaks", required: true },
    { name: "labels" },
    { name: "include.lowest" },
    { name: "right" },
    { name: "dig.lab" },
    { name: "ordered_result" },
  ],
  evaluate(call): FactorValue {
    const x = call.numbers("x");
    const right = call.flag("right", true);
    const lowest = call.flag("include.lowest", false);
    const learned = call.learn<Cuts>(() => learnCuts(call, x, right, lowest));
    const { labels } = learned;
    const breaks = learned.breaks.map((b) =>
      typeof b === "number" ? b : b === "Inf" ? Infinity : -Infinity,
    );
    const codes = new Int32Array(x.length);
    for (let i = 0; i < codes.length; i++) codes[i] = interval(x[i], breaks, right, lowest);
    const ordered = call.flag("ordered_result", false);
    return { kind: "factor", levels: labels, codes, ordered };
  },
};

function interval(v: number, breaks: readonly number[], right: boolean, lowest: boolean): number {
  const last = breaks.length - 1;
  if (Number.isNaN(v)) return -1;
  if (lowest && right && v === breaks[0]) return 0;
  if (lowest && !right && v === breaks[last]) return last - 1;
  // The number of breaks below v (at most v when intervals are closed on the left).
  let low = 0;
  let high = last + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (right ? breaks[middle] < v : breaks[middle] <= v) low = middle + 1;
    else high = middle;
  }
  return low === 0 || low > last ? -1 : low - 1;
}

function learnCuts(call: FunctionCall, x: Float64Array, right: boolean, lowest: boolean): Cuts {
  const { breaks, labels } = cutIntervals(call, x, right, lowest);
  return { breaks: breaks.map((b) => (Number.isFinite(b) ? b : b > 0 ? "Inf" : "-Inf")), labels };
}

function cutIntervals(
  call: FunctionCall,
  x: Float64Array,
  right: boolean,
  lowest: boolean,
): { breaks: number[]; labels: readonly string[] } {
  const given = call.constants("breaks") ?? [];
  let breaks: number[];
  if (given.length === 1) {
    const k = given[0];
    if (!Number.isInteger(k) || k < 2 || k > MAX_INTERVALS) {
      throw call.error("wrong-arguments", "invalid breaks: of cut()", {
        value: k,
        hint: `give 2 to ${MAX_INTERVALS} intervals, or the breaks themselves`,
        at: call.expression("breaks"),
      });
    }
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const v of x) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
    const width = high - low === 0 ? Math.abs(low) : high - low;
    if (high === low) {
      breaks = Array.from({ length: k + 1 }, (_, i) => low - width / 1000 + (i * 2 * (width / 1000)) / k);
    } else {
      breaks = Array.from({ length: k + 1 }, (_, i) => low + (i * width) / k);
      breaks[0] = low - width / 1000;
      breaks[k] = high + width / 1000;
    }
  } else breaks = [...given].sort((a, b) => a - b);
  if (new Set(breaks).size !== breaks.length || breaks.length < 2) {
    throw call.error("wrong-arguments", "repeated breaks: of cut()", { at: call.expression("breaks") });
  }
  const named = call.value("labels");
  const count = breaks.length - 1;
  if (named.kind === "texts" || (named.kind === "vector" && !named.logical)) {
    const labels = call.texts("labels") ?? [];
    if (labels.length !== count) {
      throw call.error("wrong-arguments", `unequal lengths: ${labels.length} labels for ${count} intervals`, {
        at: call.expression("labels"),
      });
    }
    return { breaks, labels };
  }
  if (named.kind === "vector" && named.values[0] === 0) {
    return { breaks, labels: Array.from({ length: count }, (_, i) => String(i + 1)) };
  }
  return { breaks, labels: intervalLabels(breaks, call.constant("dig.lab") ?? 3, right, lowest) };
}

/** `(0,10]` with as many digits (3 to 12) as it takes to tell the breaks apart. */
function intervalLabels(
  breaks: readonly number[],
  digits: number,
  right: boolean,
  lowest: boolean,
): string[] {
  let texts: string[] = [];
  for (let d = digits; d <= Math.max(12, digits); d++) {
    texts = breaks.map((v) => significant(v, d));
    if (texts.every((text, i) => i === 0 || text !== texts[i - 1])) break;
  }
  const last = breaks.length - 2;
  return texts.slice(1).map((upper, i) => {
    const open = right && !(lowest && i === 0) ? "(" : "[";
    const close = right || (lowest && i === last) ? "]" : ")";
    return `${open}${texts[i]},${upper}${close}`;
  });
}

/** C's `%.{d}g`. */
function significant(v: number, digits: number): string {
  if (v === 0) return "0";
  // R pads what it cannot format: (2, Inf].
  if (!Number.isFinite(v)) return v > 0 ? " Inf" : "-Inf";
  const [mantissa, exponentText] = v.toExponential(digits - 1).split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= digits) {
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return `${short}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const fixed = v.toFixed(Math.max(0, digits - 1 - exponent));
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}

const asCharacter: FormulaFunction = {
  parameters: [{ name: "x", required: true }],
  evaluate(call): FactorValue {
    const x = dropUnusedLevels(call.factor("x"));
    const levels = call.learn<readonly string[]>(() => factorColumn(x.levels).levels);
    const positions = new Map(levels.map((level, i) => [level, i]));
    return recode(x, levels, (level) => positions.get(level) ?? -1, false);
  },
};

export const FACTOR_FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  ["factor", makeFactor(null)],
  ["as.factor", makeFactor(null)],
  ["ordered", makeFactor(true)],
  ["as.ordered", makeFactor(true)],
  ["relevel", relevel],
  ["C", withContrasts],
  ["interaction", interaction],
  ["cut", cut],
  ["as.character", asCharacter],
]);
