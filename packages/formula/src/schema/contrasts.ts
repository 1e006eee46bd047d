import { FormulaError } from "../syntax/formula-error";
import { nearestName } from "../syntax/nearest";
import { orthogonalPolynomials } from "./orthogonal-polynomials";

/** The contrasts known by name; `deviation` is another name for `sum`. */
export type ContrastName = "treatment" | "SAS" | "sum" | "deviation" | "helmert" | "poly" | "sdif";

/** How a factor's levels become columns. Names may carry R's prefix, `contr.sum`. */
export type ContrastSpec =
  | ContrastName
  | (string & {})
  /** Treatment contrasts against a level (its name, or its position from 1). */
  | { readonly type: "treatment"; readonly base: string | number }
  /** Other contrasts, their levels known by position only, or the first few of their columns. */
  | {
      readonly type: "part";
      readonly of: ContrastSpec;
      readonly numbered?: boolean;
      readonly columns?: number;
    }
  /** Polynomials over the given scores, one per level. */
  | { readonly type: "poly"; readonly scores: readonly number[] }
  /** A coding matrix by rows, one row per level. */
  | {
      readonly type: "custom";
      readonly matrix: readonly (readonly number[])[];
      readonly names?: readonly string[];
    }
  /** Hypotheses by rows, one weight per level; coded by their generalized inverse. */
  | {
      readonly type: "hypothesis";
      readonly matrix: readonly (readonly number[])[];
      readonly names?: readonly string[];
    };

/**
 * The coding of one factor, by level: level i has the nonzero entries
 * `cols[ptr[i] … ptr[i+1])` with `values`, among `suffixes.length` columns.
 */
export interface LevelCoding {
  readonly name: string;
  /** What follows the factor's name in a column's name: a level, `.L`, `1`. */
  readonly suffixes: readonly string[];
  readonly ptr: Int32Array;
  readonly cols: Int32Array;
  readonly values: Float64Array;
}

const NAMES: readonly ContrastName[] = ["treatment", "SAS", "sum", "deviation", "helmert", "poly", "sdif"];

/** The name of a contrast specification, without R's prefix; throws unknown-contrast. */
export function contrastName(spec: ContrastSpec): string {
  if (typeof spec !== "string") return spec.type === "part" ? contrastName(spec.of) : spec.type;
  const name = spec.startsWith("contr.") ? spec.slice("contr.".length) : spec;
  if (!(NAMES as readonly string[]).includes(name)) {
    const near = nearestName(name, NAMES);
    throw new FormulaError("unknown-contrast", `unknown contrast: ${JSON.stringify(spec)}`, {
      value: spec,
      hint: near === null ? `known are ${NAMES.join(", ")}` : `did you mean ${JSON.stringify(near)}?`,
    });
  }
  return name;
}

/** Indicators of every level. */
export function indicatorCoding(levels: readonly string[]): LevelCoding {
  const n = levels.length;
  const ptr = new Int32Array(n + 1);
  const cols = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    ptr[i + 1] = i + 1;
    cols[i] = i;
  }
  return { name: "indicator", suffixes: levels, ptr, cols, values: new Float64Array(n).fill(1) };
}

/**
 * Codes the levels of a factor by contrasts; with L levels there are L − 1 columns (a custom
 * matrix may have fewer). Definitions: Chambers & Hastie (1992), section 2.3.2; `sdif`: Venables &
 * Ripley (2002), section 6.2.
 * Throws `FormulaError`: one-level, unknown-contrast, invalid-contrast. Cost: O(nonzeros).
 */
export function contrastCoding(spec: ContrastSpec, levels: readonly string[], variable: string): LevelCoding {
  const name = contrastName(spec);
  if (levels.length < 2) {
    throw new FormulaError(
      "one-level",
      `one level only: ${variable} is always ${JSON.stringify(levels[0] ?? "")}`,
      {
        value: variable,
        hint: "contrasts need at least two levels; leave the factor out",
      },
    );
  }
  const n = levels.length;
  if (typeof spec === "object") {
    switch (spec.type) {
      case "treatment":
        return treatment(levels, baseLevel(spec.base, levels, variable));
      case "part": {
        const shown = spec.numbered ? levels.map((_, i) => String(i + 1)) : levels;
        const coding = contrastCoding(spec.of, shown, variable);
        return spec.columns === undefined ? coding : firstColumns(coding, spec.columns, variable);
      }
      case "poly":
        return polynomial(checkScores(spec.scores, n, variable));
      case "custom":
        return dense("custom", checkMatrix(spec.matrix, n, variable), spec.names);
      case "hypothesis":
        return dense("hypothesis", generalizedInverse(spec.matrix, n, variable), spec.names);
    }
  }
  switch (name) {
    case "treatment":
      return treatment(levels, 0);
    case "SAS":
      return { ...treatment(levels, n - 1), name: "SAS" };
    case "helmert":
      return dense(
        name,
        table(n, (i, j) => (i <= j ? -1 : i === j + 1 ? j + 1 : 0)),
      );
    case "poly":
      return polynomial(Array.from({ length: n }, (_, i) => i + 1));
    case "sdif":
      return dense(
        name,
        table(n, (i, j) => (j + 1) / n - (i <= j ? 1 : 0)),
        levels.slice(1).map((level, j) => `${level}-${levels[j]}`),
      );
    default:
      return sum(n);
  }
}

function treatment(levels: readonly string[], base: number): LevelCoding {
  const n = levels.length;
  const ptr = new Int32Array(n + 1);
  const cols = new Int32Array(n - 1);
  for (let i = 0; i < n; i++) {
    ptr[i + 1] = ptr[i] + (i === base ? 0 : 1);
    if (i !== base) cols[ptr[i]] = ptr[i];
  }
  const suffixes = levels.filter((_, i) => i !== base);
  return { name: "treatment", suffixes, ptr, cols, values: new Float64Array(n - 1).fill(1) };
}

function baseLevel(base: string | number, levels: readonly string[], variable: string): number {
  const at = typeof base === "number" ? base - 1 : levels.indexOf(base);
  if (Number.isInteger(at) && at >= 0 && at < levels.length) return at;
  throw new FormulaError("invalid-contrast", `unknown base level: ${JSON.stringify(base)} of ${variable}`, {
    value: base,
    hint: `the levels are ${levels.slice(0, 8).join(", ")}`,
  });
}

/** Level i has column i, the last level −1 in every column: 2(L − 1) entries, kept sparse. */
function sum(n: number): LevelCoding {
  const k = n - 1;
  const ptr = new Int32Array(n + 1);
  const cols = new Int32Array(2 * k);
  const values = new Float64Array(2 * k);
  for (let i = 0; i < k; i++) {
    ptr[i + 1] = i + 1;
    cols[i] = i;
    values[i] = 1;
    cols[k + i] = i;
    values[k + i] = -1;
  }
  ptr[n] = 2 * k;
  return { name: "sum", suffixes: numbered(k), ptr, cols, values };
}

function polynomial(scores: readonly number[]): LevelCoding {
  const n = scores.length;
  const { columns } = orthogonalPolynomials(Float64Array.from(scores), n - 1);
  const names = columns.map((_, j) => [".L", ".Q", ".C"][j] ?? `^${j + 1}`);
  return dense(
    "poly",
    Array.from({ length: n }, (_, i) => columns.map((column) => column[i])),
    names,
  );
}

function numbered(k: number): string[] {
  return Array.from({ length: k }, (_, j) => String(j + 1));
}

function table(n: number, entry: (level: number, column: number) => number): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n - 1 }, (_, j) => entry(i, j)));
}

function dense(name: string, rows: readonly (readonly number[])[], names?: readonly string[]): LevelCoding {
  const ptr = new Int32Array(rows.length + 1);
  const cols: number[] = [];
  const values: number[] = [];
  rows.forEach((row, i) => {
    row.forEach((value, j) => {
      if (value === 0) return;
      cols.push(j);
      values.push(value);
    });
    ptr[i + 1] = cols.length;
  });
  const suffixes = names ?? numbered(rows[0].length);
  return { name, suffixes, ptr, cols: Int32Array.from(cols), values: Float64Array.from(values) };
}

function firstColumns(coding: LevelCoding, count: number, variable: string): LevelCoding {
  const { suffixes, ptr, cols, values } = coding;
  if (!Number.isInteger(count) || count < 1 || count > suffixes.length) {
    throw new FormulaError("invalid-contrast", `invalid number of contrasts: ${count} for ${variable}`, {
      value: count,
      hint: `expected 1 to ${suffixes.length}`,
    });
  }
  const kept = Array.from(cols, (c, p) => (c < count ? p : -1)).filter((p) => p >= 0);
  const newPtr = new Int32Array(ptr.length);
  for (let i = 0; i + 1 < ptr.length; i++) {
    let k = 0;
    for (let p = ptr[i]; p < ptr[i + 1]; p++) if (cols[p] < count) k++;
    newPtr[i + 1] = newPtr[i] + k;
  }
  return {
    name: coding.name,
    suffixes: suffixes.slice(0, count),
    ptr: newPtr,
    cols: Int32Array.from(kept, (p) => cols[p]),
    values: Float64Array.from(kept, (p) => values[p]),
  };
}

function checkScores(scores: readonly number[], n: number, variable: string): readonly number[] {
  if (scores.length === n && new Set(scores).size === n && scores.every(Number.isFinite)) return scores;
  throw new FormulaError("invalid-contrast", `invalid scores: for ${variable}`, {
    value: scores,
    hint: `give ${n} different numbers, one per level`,
  });
}

function checkMatrix(
  matrix: readonly (readonly number[])[],
  n: number,
  variable: string,
): readonly (readonly number[])[] {
  const k = matrix[0]?.length ?? 0;
  if (
    matrix.length === n &&
    k >= 1 &&
    k < n &&
    matrix.every((row) => row.length === k && row.every(Number.isFinite))
  ) {
    return matrix;
  }
  throw new FormulaError("invalid-contrast", `invalid contrast matrix: for ${variable}`, {
    value: matrix,
    hint: `give ${n} rows, one per level, of 1 to ${n - 1} numbers each`,
  });
}

/**
 * The coding whose coefficients estimate the hypotheses H (k×L, rows independent): H'(HH')⁻¹
 * (Schad, Vasishth, Hohenstein & Kliegl 2020, "How to capitalize on a priori contrasts", J. Mem. Lang. 110).
 */
function generalizedInverse(
  hypotheses: readonly (readonly number[])[],
  n: number,
  variable: string,
): number[][] {
  const k = hypotheses.length;
  const fail = () =>
    new FormulaError("invalid-contrast", `invalid hypothesis matrix: for ${variable}`, {
      value: hypotheses,
      hint: `give 1 to ${n - 1} independent rows of ${n} weights, one per level`,
    });
  if (k < 1 || k >= n || hypotheses.some((row) => row.length !== n || !row.every(Number.isFinite)))
    throw fail();
  // Gauss–Jordan with partial pivoting on [HH' | H]; k is small.
  const a = hypotheses.map((row) => [
    ...hypotheses.map((other) => row.reduce((s, v, i) => s + v * other[i], 0)),
    ...row,
  ]);
  const scale = Math.max(...a.map((row, i) => row[i]));
  for (let c = 0; c < k; c++) {
    let pivot = c;
    for (let r = c + 1; r < k; r++) if (Math.abs(a[r][c]) > Math.abs(a[pivot][c])) pivot = r;
    if (Math.abs(a[pivot][c]) <= 1e-12 * scale) throw fail();
    [a[c], a[pivot]] = [a[pivot], a[c]];
    const d = a[c][c];
    for (let j = c; j < a[c].length; j++) a[c][j] /= d;
    for (let r = 0; r < k; r++) {
      if (r === c || a[r][c] === 0) continue;
      const f = a[r][c];
      for (let j = c; j < a[r].length; j++) a[r][j] -= f * a[c][j];
    }
  }
  return Array.from({ length: n }, (_, i) => a.map((row) => row[k + i]));
}
