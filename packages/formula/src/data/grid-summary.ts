import type { GridSchema, GridVariable } from "../schema/grid-schema";
import type { Expression } from "../syntax/ast";
import type { TermList } from "../terms/expand";
import { mapTree } from "../terms/map-tree";
import { namesIn } from "../terms/model-terms";
import type { Column } from "./column";
import { usedVariables } from "./design";

/** Distinct values of a number column that are kept. */
const MOST_VALUES = 50;
/** Observed combinations of levels that are kept. */
const MOST_CELLS = 20_000;
/** Calls whose arguments are levels, whatever their type. */
const FACTOR_CALLS = new Set(["factor", "as.factor", "ordered", "as.ordered"]);

/**
 * Sums up the columns that the fixed effects read, over the rows used.
 *
 * @param columns the table's columns by name
 * @param rows positions of the rows used; null for all
 * @param weights prior weights of the rows used; null for ones; rows of weight 0 are in no cell
 * @param offset the offset given beside the formula, on the rows used; null for none
 * Cost: one pass over each column; for numbers with few values a look-up per row.
 */
export function gridSummary(
  fixed: TermList,
  columns: ReadonlyMap<string, Column>,
  rows: Int32Array | null,
  count: number,
  weights: Float64Array | null,
  offset: Float64Array | null,
): GridSchema {
  const used = usedVariables(fixed.terms);
  const names = new Set<string>();
  const asLevels = new Set<string>();
  fixed.variables.forEach(({ expression }, i) => {
    if (!used.has(i) && !fixed.offsets.includes(i)) return;
    for (const name of namesIn(expression)) names.add(name);
    for (const name of namesInFactorCalls(expression)) asLevels.add(name);
  });
  const variables: GridVariable[] = [];
  const cells: { readonly codes: Int32Array; readonly size: number }[] = [];
  for (const name of names) {
    const column = columns.get(name);
    if (column === undefined) continue;
    if (column.kind === "factor") {
      const { levels, codes } = usedLevels(column.levels, column.codes, rows, count);
      variables.push({ name, kind: "factor", levels });
      cells.push({ codes, size: levels.length });
      continue;
    }
    const { mean, min, max, values } = summaryOf(column.values, rows, count);
    const discrete =
      values !== null && (column.kind === "logical" || values.length <= 2 || asLevels.has(name));
    variables.push({ name, kind: column.kind, mean, min, max, values, discrete });
    if (discrete) cells.push({ codes: codesOf(column.values, rows, count, values), size: values.length });
  }
  return {
    variables,
    cells: observedCells(cells, count, weights),
    offset: offset === null ? null : summaryOf(offset, null, offset.length).mean,
  };
}

function namesInFactorCalls(expression: Expression): Set<string> {
  const names = new Set<string>();
  mapTree(expression, (node) => {
    if (node.kind === "call" && FACTOR_CALLS.has(node.name)) {
      for (const name of namesIn(node)) names.add(name);
    }
    return null;
  });
  return names;
}

function usedLevels(
  all: readonly string[],
  codes: Int32Array,
  rows: Int32Array | null,
  count: number,
): { levels: string[]; codes: Int32Array } {
  const present = new Uint8Array(all.length);
  for (let i = 0; i < count; i++) {
    const code = codes[rows === null ? i : rows[i]];
    if (code >= 0) present[code] = 1;
  }
  const position = new Int32Array(all.length);
  const levels: string[] = [];
  all.forEach((level, code) => {
    if (present[code] === 1) position[code] = levels.push(level) - 1;
  });
  const out = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const code = codes[rows === null ? i : rows[i]];
    out[i] = code < 0 ? -1 : position[code];
  }
  return { levels, codes: out };
}

function summaryOf(values: Float64Array, rows: Int32Array | null, count: number) {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let shift = Number.NaN;
  let sum = 0;
  let n = 0;
  let distinct: Set<number> | null = new Set();
  let previous = Number.NaN;
  for (let i = 0; i < count; i++) {
    const value = values[rows === null ? i : rows[i]];
    if (Number.isNaN(value)) continue;
    // Differences from the first value keep the digits of columns far from zero.
    if (n === 0) shift = value;
    sum += value - shift;
    n++;
    if (value < min) min = value;
    if (value > max) max = value;
    if (distinct === null || value === previous) continue;
    previous = value;
    distinct.add(value);
    if (distinct.size > MOST_VALUES) distinct = null;
  }
  return {
    mean: n === 0 ? Number.NaN : shift + sum / n,
    min,
    max,
    values: distinct === null ? null : [...distinct].sort((a, b) => a - b),
  };
}

function codesOf(
  values: Float64Array,
  rows: Int32Array | null,
  count: number,
  distinct: readonly number[],
): Int32Array {
  const position = new Map(distinct.map((value, code) => [value, code]));
  const out = new Int32Array(count);
  for (let i = 0; i < count; i++) out[i] = position.get(values[rows === null ? i : rows[i]]) ?? -1;
  return out;
}

function observedCells(
  factors: readonly { readonly codes: Int32Array; readonly size: number }[],
  count: number,
  weights: Float64Array | null,
): GridSchema["cells"] {
  if (factors.reduce((product, { size }) => product * Math.max(1, size), 1) > Number.MAX_SAFE_INTEGER)
    return null;
  const cells = new Map<number, number>();
  const codes: number[] = [];
  const counts: number[] = [];
  rows: for (let i = 0; i < count; i++) {
    if (weights !== null && weights[i] === 0) continue;
    let key = 0;
    for (const { codes: own, size } of factors) {
      if (own[i] < 0) continue rows;
      key = key * size + own[i];
    }
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = counts.push(0) - 1;
      if (cell === MOST_CELLS) return null;
      cells.set(key, cell);
      for (const { codes: own } of factors) codes.push(own[i]);
    }
    counts[cell]++;
  }
  return { codes, counts };
}
