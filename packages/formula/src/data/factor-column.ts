import { FormulaError } from "../syntax/formula-error";
import { numberText } from "../syntax/number-text";
import type { Column, FactorColumn } from "./column";

/** Orders two strings by Unicode code points (not by locale, nor by UTF-16 units). */
export function compareCodePoints(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // A surrogate stands for a code point above every other UTF-16 unit.
      const xHigh = x >= 0xd800 && x <= 0xdfff;
      const yHigh = y >= 0xd800 && y <= 0xdfff;
      if (xHigh !== yHigh) return xHigh ? 1 : -1;
      return x - y;
    }
  }
  return a.length - b.length;
}

/**
 * Makes a factor column from texts (null and undefined are missing).
 * Levels are the given ones, or the distinct values in code-point order; a value that is not among
 * given levels is an error (unknown-level). Cost: O(rows) hashing once.
 */
export function factorColumn(
  values: ArrayLike<string | number | boolean | null | undefined>,
  options: { levels?: readonly string[]; ordered?: boolean } = {},
): FactorColumn {
  const n = values.length;
  const codes = new Int32Array(n);
  const positions = new Map<string, number>();
  const given = options.levels;
  if (given !== undefined) {
    for (const level of given) {
      if (positions.has(level)) {
        throw new FormulaError("invalid-column", `duplicated level: ${JSON.stringify(level)}`, {
          value: level,
        });
      }
      positions.set(level, positions.size);
    }
  }
  for (let i = 0; i < n; i++) {
    const value = values[i];
    if (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value))) {
      codes[i] = -1;
      continue;
    }
    const text =
      typeof value === "string"
        ? value
        : typeof value === "number"
          ? numberText(value)
          : value
            ? "TRUE"
            : "FALSE";
    let code = positions.get(text);
    if (code === undefined) {
      if (given !== undefined) {
        throw new FormulaError("unknown-level", `unknown level: ${JSON.stringify(text)} in row ${i + 1}`, {
          value: text,
          hint: `the levels are ${given.slice(0, 8).join(", ")}${given.length > 8 ? ", …" : ""}`,
        });
      }
      code = positions.size;
      positions.set(text, code);
    }
    codes[i] = code;
  }
  const ordered = options.ordered ?? false;
  if (given !== undefined) return { kind: "factor", levels: [...given], codes, ordered };
  const levels = [...positions.keys()];
  const order = levels.map((_, i) => i).sort((a, b) => compareCodePoints(levels[a], levels[b]));
  return relabel(levels, codes, order, ordered);
}

/** The factor whose levels are `order` of the given ones; codes are changed in place. */
function relabel(
  levels: readonly string[],
  codes: Int32Array,
  order: number[],
  ordered: boolean,
): FactorColumn {
  const rank = new Int32Array(levels.length);
  for (let k = 0; k < order.length; k++) rank[order[k]] = k;
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) codes[i] = rank[codes[i]];
  return { kind: "factor", levels: order.map((k) => levels[k]), codes, ordered };
}

/**
 * Any column as a factor: numbers by their distinct values in numeric order, named as R's
 * `as.character` does (15 significant digits); logicals by FALSE, TRUE; factors as they are.
 * Cost: O(rows) plus sorting the distinct values.
 */
export function asFactor(column: Column): FactorColumn {
  if (column.kind === "factor") return column;
  const { values } = column;
  if (column.kind === "logical") {
    const codes = new Int32Array(values.length);
    for (let i = 0; i < codes.length; i++) codes[i] = Number.isNaN(values[i]) ? -1 : values[i];
    return dropUnusedLevels({ kind: "factor", levels: ["FALSE", "TRUE"], codes, ordered: false });
  }
  return integerFactor(values) ?? numberFactor(values);
}

/** Whole numbers of a narrow range: a table of the range instead of hashing; null when they are not. */
function integerFactor(values: Float64Array): FactorColumn | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (Number.isNaN(v)) continue;
    if (!Number.isInteger(v)) return null;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  // Nothing but missing values makes no range.
  if (low > high)
    return { kind: "factor", levels: [], codes: new Int32Array(values.length).fill(-1), ordered: false };
  const range = high - low + 1;
  if (!(range <= Math.max(65_536, 2 * values.length))) return null;
  const rank = new Int32Array(range);
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) rank[values[i] - low] = 1;
  const levels: string[] = [];
  for (let k = 0; k < range; k++) {
    if (rank[k] === 0) continue;
    rank[k] = levels.length;
    levels.push(numberText(low + k));
  }
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) codes[i] = Number.isNaN(values[i]) ? -1 : rank[values[i] - low];
  return { kind: "factor", levels, codes, ordered: false };
}

function numberFactor(values: Float64Array): FactorColumn {
  const positions = new Map<number, number>();
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (Number.isNaN(v)) {
      codes[i] = -1;
      continue;
    }
    let code = positions.get(v);
    if (code === undefined) {
      code = positions.size;
      positions.set(v, code);
    }
    codes[i] = code;
  }
  const distinct = Float64Array.from(positions.keys()).sort();
  // Values that agree in 15 digits share a label, and so a level.
  const rank = new Int32Array(distinct.length);
  const levels: string[] = [];
  for (let k = 0; k < distinct.length; k++) {
    const text = numberText(distinct[k]);
    if (levels.length === 0 || levels[levels.length - 1] !== text) levels.push(text);
    rank[positions.get(distinct[k])!] = levels.length - 1;
  }
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) codes[i] = rank[codes[i]];
  return { kind: "factor", levels, codes, ordered: false };
}

/** A factor without the levels that no row has; the same object when there are none. Cost: O(rows + levels). */
export function dropUnusedLevels(factor: FactorColumn): FactorColumn {
  const { levels, codes } = factor;
  const rank = new Int32Array(levels.length);
  let used = 0;
  for (let i = 0; i < codes.length && used < levels.length; i++) {
    const code = codes[i];
    if (code >= 0 && rank[code] === 0) {
      rank[code] = 1;
      used++;
    }
  }
  if (used === levels.length) return factor;
  const kept: string[] = [];
  for (let k = 0; k < levels.length; k++) {
    if (rank[k] === 0) continue;
    rank[k] = kept.length;
    kept.push(levels[k]);
  }
  const newCodes = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) newCodes[i] = codes[i] < 0 ? -1 : rank[codes[i]];
  return { ...factor, levels: kept, codes: newCodes };
}
