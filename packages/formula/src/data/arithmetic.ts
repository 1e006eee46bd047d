import type { BinaryNode, BinaryOperator, Expression, UnaryNode } from "../syntax/ast";
import { FormulaError } from "../syntax/formula-error";
import { numberText } from "../syntax/number-text";
import { power } from "./functions/elementary";
import { interactionFactor } from "./interaction-factor";
import { describeValue, logical, numeric, type Value, vector } from "./value";

/** A function of numbers, applied to each row. */
export type Elementwise = (x: number) => number;

/** Applies a function to every number of a value; throws wrong-type for factors and texts. */
export function mapValue(value: Value, f: Elementwise, at: Expression): Value {
  switch (value.kind) {
    case "numeric":
    case "logical":
      return numeric(mapColumn(value.values, f));
    case "matrix":
      return { ...value, columns: value.columns.map((column) => mapColumn(column, f)) };
    case "vector":
      return vector(value.values.map(f));
    default:
      throw notNumeric(value, at);
  }
}

function mapColumn(values: Float64Array, f: Elementwise): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = f(values[i]);
  return out;
}

/**
 * Applies a function of two numbers row by row; constants of length one are repeated.
 * The result is logical when `isLogical`.
 */
export function zipValues(
  a: Value,
  b: Value,
  f: (x: number, y: number) => number,
  nodes: { readonly left: Expression; readonly right: Expression; readonly whole: Expression },
  isLogical = false,
): Value {
  if (a.kind === "matrix" || b.kind === "matrix") return zipMatrices(a, b, f, nodes);
  const x = operand(a, nodes.left);
  const y = operand(b, nodes.right);
  const wrap = isLogical ? logical : numeric;
  if (Array.isArray(x) && Array.isArray(y)) {
    const n = x.length === 0 || y.length === 0 ? 0 : Math.max(x.length, y.length);
    const out = Array.from({ length: n }, (_, i) => f(x[i % x.length], y[i % y.length]));
    return vector(out, isLogical);
  }
  if (Array.isArray(x)) {
    const c = single(x, nodes.left);
    const column = y as Float64Array;
    const out = new Float64Array(column.length);
    for (let i = 0; i < out.length; i++) out[i] = f(c, column[i]);
    return wrap(out);
  }
  const out = new Float64Array(x.length);
  if (Array.isArray(y)) {
    const c = single(y, nodes.right);
    for (let i = 0; i < out.length; i++) out[i] = f(x[i], c);
  } else {
    for (let i = 0; i < out.length; i++) out[i] = f(x[i], y[i]);
  }
  return wrap(out);
}

function zipMatrices(
  a: Value,
  b: Value,
  f: (x: number, y: number) => number,
  nodes: { readonly left: Expression; readonly right: Expression; readonly whole: Expression },
): Value {
  const k = a.kind === "matrix" ? a.columns.length : b.kind === "matrix" ? b.columns.length : 0;
  const columns: Float64Array[] = [];
  for (let j = 0; j < k; j++) {
    const column = zipValues(columnOf(a, j, k, nodes.left), columnOf(b, j, k, nodes.right), f, nodes);
    if (column.kind === "numeric") columns.push(column.values);
  }
  const names = a.kind === "matrix" ? a.names : b.kind === "matrix" ? b.names : null;
  return { kind: "matrix", columns, names };
}

function columnOf(value: Value, j: number, k: number, at: Expression): Value {
  if (value.kind !== "matrix") return value;
  if (value.columns.length === k) return numeric(value.columns[j]);
  throw new FormulaError("wrong-type", `unequal widths: ${value.columns.length} and ${k} columns`, {
    span: at.span,
  });
}

function operand(value: Value, at: Expression): Float64Array | number[] {
  if (value.kind === "numeric" || value.kind === "logical") return value.values;
  if (value.kind === "vector") return value.values as number[];
  throw notNumeric(value, at);
}

function single(values: readonly number[], at: Expression): number {
  if (values.length === 1) return values[0];
  throw new FormulaError("wrong-type", `unequal lengths: ${values.length} numbers beside a column`, {
    value: values,
    hint: "only a single number is repeated for every row",
    span: at.span,
  });
}

export function notNumeric(value: Value, at: Expression): FormulaError {
  const hint =
    value.kind === "factor"
      ? "arithmetic needs numbers; as.numeric() gives a factor's codes"
      : "arithmetic needs numbers";
  return new FormulaError("wrong-type", `non-numeric operand: ${describeValue(value)}`, {
    hint,
    span: at.span,
  });
}

const COMPARE: Partial<Record<BinaryOperator, (x: number, y: number) => boolean>> = {
  "==": (x, y) => x === y,
  "!=": (x, y) => x !== y,
  "<": (x, y) => x < y,
  "<=": (x, y) => x <= y,
  ">": (x, y) => x > y,
  ">=": (x, y) => x >= y,
};

const ARITHMETIC: Partial<Record<BinaryOperator, (x: number, y: number) => number>> = {
  "+": (x, y) => x + y,
  "-": (x, y) => x - y,
  "*": (x, y) => x * y,
  "/": (x, y) => x / y,
  "^": power,
  // R's modulo has the sign of the divisor.
  "%%": (x, y) => (y === 0 ? Number.NaN : x - Math.floor(x / y) * y),
  "%/%": (x, y) => Math.floor(x / y),
};

/** Applies a unary operator. */
export function applyUnary(node: UnaryNode, value: Value): Value {
  switch (node.operator) {
    case "+":
      return mapValue(value, (x) => x, node.operand);
    case "-":
      return mapValue(value, (x) => -x, node.operand);
    case "!": {
      const negated = mapValue(value, (x) => (Number.isNaN(x) ? x : x === 0 ? 1 : 0), node.operand);
      if (negated.kind === "numeric") return logical(negated.values);
      return negated.kind === "vector" ? vector(negated.values, true) : negated;
    }
  }
}

/** Applies a binary operator of arithmetic, comparison or logic; `left` and `right` are evaluated. */
export function applyBinary(node: BinaryNode, left: Value, right: Value): Value {
  const nodes = { left: node.left, right: node.right, whole: node };
  const { operator } = node;
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic) return zipValues(left, right, arithmetic, nodes);
  const compare = COMPARE[operator];
  if (compare) {
    if (isText(left) || isText(right)) return compareTexts(node, left, right, compare);
    const f = (x: number, y: number) =>
      Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : compare(x, y) ? 1 : 0;
    return zipValues(left, right, f, nodes, true);
  }
  switch (operator) {
    case "&":
    case "&&":
      return zipValues(left, right, and, nodes, true);
    case "|":
    case "||":
      return zipValues(left, right, or, nodes, true);
    case "%in%":
      return membership(node, left, right);
    case ":":
      return sequenceOrInteraction(node, left, right);
    default:
      throw new FormulaError("wrong-type", `unsupported operator: ${operator}`, { span: node.operatorSpan });
  }
}

// R's three-valued logic: FALSE & NA is FALSE, TRUE | NA is TRUE.
function and(x: number, y: number): number {
  if (x === 0 || y === 0) return 0;
  return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 1;
}

function or(x: number, y: number): number {
  const truthyX = x !== 0 && !Number.isNaN(x);
  const truthyY = y !== 0 && !Number.isNaN(y);
  if (truthyX || truthyY) return 1;
  return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 0;
}

const isText = (value: Value) => value.kind === "factor" || value.kind === "texts";

function compareTexts(
  node: BinaryNode,
  left: Value,
  right: Value,
  compare: (x: number, y: number) => boolean,
): Value {
  if (left.kind !== "factor") {
    if (right.kind !== "factor") throw notNumeric(left, node.left);
    return compareTexts(node, right, left, (x, y) => compare(y, x));
  }
  const equality = node.operator === "==" || node.operator === "!=";
  if (!equality && !left.ordered) {
    throw new FormulaError("wrong-type", `unordered factor: ${node.operator} needs an order`, {
      hint: "compare with == or !=, or make it ordered()",
      span: node.operatorSpan,
    });
  }
  const positions = new Map(left.levels.map((level, i) => [level, i]));
  const out = new Float64Array(left.codes.length);
  if (right.kind === "factor") {
    const ranks = right.levels.map((level) => positions.get(level) ?? Number.POSITIVE_INFINITY);
    for (let i = 0; i < out.length; i++) {
      const a = left.codes[i];
      const b = right.codes[i];
      out[i] = a < 0 || b < 0 ? Number.NaN : compare(a, ranks[b]) ? 1 : 0;
    }
    return logical(out);
  }
  const text = singleText(right, node.right);
  const rank = positions.get(text);
  if (rank === undefined && !equality) {
    throw new FormulaError("unknown-level", `unknown level: ${JSON.stringify(text)}`, {
      value: text,
      hint: `the levels are ${left.levels.slice(0, 8).join(", ")}`,
      span: node.right.span,
    });
  }
  const byLevel = left.levels.map((_, i) => (compare(i, rank ?? Number.POSITIVE_INFINITY) ? 1 : 0));
  for (let i = 0; i < out.length; i++) out[i] = left.codes[i] < 0 ? Number.NaN : byLevel[left.codes[i]];
  return logical(out);
}

function singleText(value: Value, at: Expression): string {
  if (value.kind === "texts" && value.values.length === 1) return value.values[0];
  if (value.kind === "vector" && value.values.length === 1) return numberText(value.values[0]);
  throw new FormulaError("wrong-type", `invalid comparison: a factor with ${describeValue(value)}`, {
    span: at.span,
  });
}

/** `x %in% c(…)`: never missing; a missing value is in what holds a missing value, as in R. */
function membership(node: BinaryNode, left: Value, right: Value): Value {
  if (left.kind === "factor") {
    const wanted = new Set<string>();
    const missing = right.kind === "factor" && right.codes.includes(-1) ? 1 : 0;
    if (right.kind === "texts") for (const text of right.values) wanted.add(text);
    else if (right.kind === "vector") for (const v of right.values) wanted.add(numberText(v));
    else if (right.kind === "factor")
      for (const code of right.codes) if (code >= 0) wanted.add(right.levels[code]);
    const byLevel = left.levels.map((level) => (wanted.has(level) ? 1 : 0));
    return logical(Float64Array.from(left.codes, (code) => (code < 0 ? missing : byLevel[code])));
  }
  if (left.kind === "texts") throw notNumeric(left, node.left);
  const set = new Set<number>(
    right.kind === "texts" || right.kind === "null" ? [] : operand(right, node.right),
  );
  const found = mapValue(left, (x) => (set.has(x) ? 1 : 0), node.left);
  return found.kind === "numeric" ? logical(found.values) : found;
}

const MAX_SEQUENCE = 100_000;

/** `1:3` counts; two factors interact. */
function sequenceOrInteraction(node: BinaryNode, left: Value, right: Value): Value {
  if (left.kind === "factor" && right.kind === "factor") return interactionFactor([left, right]);
  if (
    left.kind === "vector" &&
    right.kind === "vector" &&
    left.values.length === 1 &&
    right.values.length === 1
  ) {
    const [from] = left.values;
    const [to] = right.values;
    const length = Math.floor(Math.abs(to - from) + 1e-10) + 1;
    if (length >= 1 && length <= MAX_SEQUENCE) {
      return vector(Array.from({ length }, (_, i) => (from <= to ? from + i : from - i)));
    }
  }
  throw new FormulaError("wrong-type", "invalid sequence: needs two numbers or two factors around :", {
    span: node.operatorSpan,
  });
}
