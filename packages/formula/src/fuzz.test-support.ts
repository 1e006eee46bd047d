import { denseColumn } from "./formula.test-support";
import {
  applyFrame,
  FormulaError,
  type ModelFrame,
  type ModelFrameOptions,
  modelFrame,
  parseFormula,
  printFormula,
} from "./index";

/** A small seeded generator of numbers in [0, 1) (mulberry32), for strings to try. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const VALID = [
  "y ~ x + (x | g)",
  "log(y) ~ poly(x, 2) * f + (1 | g/f)",
  "y ~ a:b + (0 + x || g) - 1",
  "~ ns(x, df = 3) + I(x^2 > 3 & !p)",
  "y ~ (a + b + x)^2 %in% f + offset(log(z))",
  "y ~ `odd name` + factor(k, levels = c('1', \"2\")) + cut(x, c(-Inf, 0, 1e5))",
  "cbind(y, z) ~ . - x + diag(f | g) + ar1(0 + f | g)",
  "y ~ scale(x, center = FALSE) + C(f, contr.sum) + relevel(f, ref = 'a') + x %% 2",
  "y ~ ifelse(x > 1, z, -z) + pmin(x, 2, z) + bs(z, knots = c(1, 2), degree = 2L)",
];
const PIECES = [
  ..."+-*/:^()|&!<>=,.~`'\"%0123456789 \n",
  ..."xyzabfgkp",
  "%in%",
  "%%",
  "%/%",
  "||",
  "&&",
  "==",
  "!=",
  "<=",
  ">=",
  "::",
  "**",
  "1e5",
  "0x1F",
  "NULL",
  "TRUE",
  "NA",
  "Inf",
  "-1",
  " + ",
  "I(",
  "log(",
  "poly(",
  "offset(",
  "factor(",
  "c(",
  "(1 | g)",
  "constructor",
  "__proto__",
  "toString",
  "`a b`",
  "é",
  "身",
  "😀",
  "\u0000",
  "\ud800",
  "_",
  "$",
  "[",
  "{",
  "\\",
];

/** A string near a formula, or nothing like one. */
export function randomText(random: () => number): string {
  const piece = () => PIECES[Math.floor(random() * PIECES.length)];
  if (random() < 0.25) return Array.from({ length: 1 + Math.floor(random() * 25) }, piece).join("");
  let text = VALID[Math.floor(random() * VALID.length)];
  for (let edits = Math.floor(random() * 4); edits > 0; edits--) {
    const at = Math.floor(random() * (text.length + 1));
    const span = Math.floor(random() * 6);
    const kind = random();
    if (kind < 0.35) text = text.slice(0, at) + text.slice(at + span);
    else if (kind < 0.75) text = text.slice(0, at) + piece() + text.slice(at);
    else if (kind < 0.9) text = text.slice(0, at) + text.slice(at, at + span) + text.slice(at);
    else text = text.slice(0, at) + VALID[Math.floor(random() * VALID.length)].slice(span) + text.slice(at);
  }
  return text;
}

/** Parses; checks that an error has a place, and that parse–print–parse is a fixed point. Returns whether it parsed. */
export function tryParse(text: string): boolean {
  let parsed: ReturnType<typeof parseFormula>;
  try {
    parsed = parseFormula(text);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw failure(text, error);
    const { span } = error;
    if (span === null || span.start < 0 || span.end > text.length || span.start > span.end) {
      throw failure(text, `no place: ${error.message} ${JSON.stringify(span)}`);
    }
    return false;
  }
  const printed = printFormula(parsed);
  try {
    if (printFormula(parseFormula(printed)) === printed) return true;
  } catch (error) {
    throw failure(text, `${printed} does not parse: ${(error as Error).message}`);
  }
  throw failure(text, `not a fixed point: ${printed}`);
}

const n = 12;
const rows = Array.from({ length: n }, (_, i) => i);
const TABLES: Parameters<typeof modelFrame>[1][] = [
  {
    y: rows.map((i) => i / 2),
    x: rows.map((i) => (i * 7) % 5),
    z: rows.map((i) => (i === 3 ? null : 1 + i)),
    f: rows.map((i) => "abc"[i % 3]),
    a: rows.map((i) => i % 2 === 0),
    b: rows.map((i) => (i === 5 ? null : "uv"[i % 2])),
    g: rows.map((i) => i % 4),
    k: rows.map((i) => BigInt(i % 2) + 9007199254740993n),
    p: rows.map((i) => i % 3 === 0),
    "odd name": rows,
    constructor: rows,
  },
  Object.fromEntries(["y", "x", "z", "f", "a", "b", "g", "k", "p"].map((name) => [name, [null, null]])),
  Object.fromEntries(["y", "x", "z", "f", "a", "b", "g", "k", "p"].map((name) => [name, []])),
  Object.fromEntries(["y", "x", "z", "f", "a", "b", "g", "k", "p"].map((name) => [name, ["only"]])),
  { y: [1, 2], x: [Number.POSITIVE_INFINITY, 1], g: ["a", "a"] },
];

/** Sees a table through the text; anything but a frame or a `FormulaError` is a failure. */
export function tryFrame(text: string, random: () => number): boolean {
  const table = TABLES[random() < 0.7 ? 0 : Math.floor(random() * TABLES.length)];
  const options: ModelFrameOptions =
    random() < 0.2 ? { doubleBar: "lme4", naAction: "fail", weights: text } : {};
  try {
    const frame = modelFrame(text, table, options);
    for (const { design, group } of [{ design: frame.fixed, group: null }, ...frame.random]) {
      if (design.names.length !== design.columns.length || design.nrows !== frame.nobs)
        throw new Error("shape");
      if (group?.codes.some((code) => code < 0 || code >= group.levels.length)) throw new Error("codes");
    }
    if (Object.keys(options).length === 0) sameOnTheSameRows(frame, table);
    return true;
  } catch (error) {
    if (error instanceof FormulaError) return false;
    throw failure(text, error);
  }
}

/** What a frame learned, read back from JSON, must make the same designs of the same table. */
function sameOnTheSameRows(frame: ModelFrame, table: Parameters<typeof modelFrame>[1]): void {
  const again = applyFrame(JSON.parse(JSON.stringify(frame.schema)), table);
  // The response's missing values leave out more rows.
  if (again.nobs !== frame.nobs) return;
  const pairs = [
    [frame.fixed, again.fixed],
    ...frame.random.map((term, t) => [term.design, again.random[t].design]),
  ];
  for (const [fitted, applied] of pairs) {
    if (JSON.stringify(fitted.names) !== JSON.stringify(applied.names)) throw new Error("names on new rows");
    fitted.columns.forEach((column, j) => {
      const a = denseColumn(column, fitted.nrows);
      const b = denseColumn(applied.columns[j], fitted.nrows);
      // Bases are evaluated by recurrences anew; products of a few of them lose a few digits.
      a.forEach((v, i) => {
        if (Math.abs(v - b[i]) > 1e-8 * Math.max(1, Math.abs(v)))
          throw new Error(`${fitted.names[j]}: ${v}, ${b[i]}`);
      });
    });
  }
  frame.random.forEach((term, t) => {
    const { codes } = again.random[t].group;
    if (term.group.codes.some((code, i) => code !== codes[i])) throw new Error("groups on new rows");
  });
}

function failure(text: string, cause: unknown): Error {
  return new Error(`${JSON.stringify(text)}: ${cause instanceof Error ? cause.stack : String(cause)}`);
}
