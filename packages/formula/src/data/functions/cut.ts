import type { FormulaFunction, FunctionCall } from "../function-call";
import { numeric, type Value } from "../value";

/** More intervals than this are refused. */
const MAX_INTERVALS = 100_000;

interface Cuts {
  /** Infinite breaks are texts, so that a schema is JSON. */
  readonly breaks: readonly (number | "Inf" | "-Inf")[];
  readonly labels: readonly string[];
}

/** `cut(x, breaks, labels, include.lowest, right, dig.lab, ordered_result)`: intervals as a factor. */
export const cut: FormulaFunction = {
  parameters: [
    { name: "x", required: true },
    { name: "breaks", required: true },
    { name: "labels" },
    { name: "include.lowest" },
    { name: "right" },
    { name: "dig.lab" },
    { name: "ordered_result" },
  ],
  evaluate(call): Value {
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
    const named = call.value("labels");
    if (named.kind === "vector" && named.logical && named.values[0] === 0) {
      return numeric(Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : code + 1)));
    }
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
