import { leastSquares, pivotedQr } from "@lmmkit/dense";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { fixedAliases } from "../model/row-reductions";
import type { FixedTerm } from "./fixed-terms";
import { InferenceError } from "./inference-error";

/** The overparametrized design, one column for each level of each factor, in terms of the model's own. */
export interface IndicatorCoding {
  /** M, p × ncols, column-major: the design of indicators is XM. */
  readonly matrix: Float64Array;
  readonly ncols: number;
  /** Columns of each term. */
  readonly columns: readonly { readonly start: number; readonly end: number }[];
}

/** A function of the levels of one factor, or of the number of a numeric column. */
type Values = readonly number[];

/**
 * Expresses indicators of all levels by the columns of X, term by term, from the contrasts alone: an
 * indicator is a constant plus a combination of contrasts, and the constant part belongs to the term without
 * the factor. Columns dropped from X are replaced by what they are on the rows observed, so that empty cells
 * have no part in any hypothesis.
 *
 * Cost: p × (columns of the indicator design); where columns were dropped, a QR factorization of X.
 */
export function indicatorCoding(model: LinearMixedModel, terms: readonly FixedTerm[]): IndicatorCoding {
  const total = model.frame.fixed.names.length;
  const byKey = new Map(terms.map((term) => [keyOf(term.variables.map(({ name }) => name)), term]));
  const columns: Float64Array[] = [];
  const ranges = terms.map((term) => {
    const start = columns.length;
    const widths = term.variables.map((v) => (v.factor === null ? v.width : v.factor.levels.length));
    const count = widths.reduce((product, width) => product * width, 1);
    for (let c = 0; c < count; c++) {
      const functions = new Map<string, Values>();
      let rest = c;
      term.variables.forEach(({ name }, v) => {
        functions.set(name, unit(widths[v], rest % widths[v]));
        rest = Math.floor(rest / widths[v]);
      });
      const out = new Float64Array(total);
      addProduct(byKey, term, functions, 1, out);
      columns.push(out);
    }
    return { start, end: columns.length };
  });
  const kept = onKeptColumns(model, columns);
  const p = model.beta.length;
  const matrix = new Float64Array(p * kept.length);
  kept.forEach((column, j) => {
    matrix.set(column, j * p);
  });
  return { matrix, ncols: kept.length, columns: ranges };
}

/** out += scale · (coefficients on the columns of X of the product of the functions over the term's variables). */
function addProduct(
  terms: ReadonlyMap<string, FixedTerm>,
  term: FixedTerm,
  functions: ReadonlyMap<string, Values>,
  scale: number,
  out: Float64Array,
): void {
  // Coefficients of each variable's function on its columns; constant parts go to the term without it.
  const coefficients: Values[] = [];
  const known = new Map(functions);
  for (const { name, factor, indicator } of term.variables) {
    const values = functions.get(name) ?? [];
    if (factor === null || indicator) {
      coefficients.push(values);
      continue;
    }
    const { constant, slopes } = onContrasts(factor.coding, values);
    coefficients.push(slopes);
    if (constant !== 0) {
      const rest = term.variables
        .filter((variable) => variable.name !== name)
        .map((variable) => variable.name);
      const others = new Map([...known].filter(([other]) => other !== name));
      const lower = terms.get(keyOf(rest)) ?? coveringTerm(terms, term, rest, others);
      if (lower === null) throw unexplained(term.label);
      addProduct(terms, lower, others, scale * constant, out);
    }
    // What is left has no constant part in this variable.
    known.set(
      name,
      values.map((value) => value - constant),
    );
  }
  for (let c = 0; c < term.width; c++) {
    let rest = c;
    let value = scale;
    term.variables.forEach(({ width }, v) => {
      value *= coefficients[v][rest % width];
      rest = Math.floor(rest / width);
    });
    out[term.start + c] += value;
  }
}

/**
 * Where there is no term of some variables (no intercept, say), a term of them and more factors: all levels of those
 * factors together are the constant. The functions of the added factors are put into `outFunctions`.
 */
function coveringTerm(
  terms: ReadonlyMap<string, FixedTerm>,
  term: FixedTerm,
  variables: readonly string[],
  outFunctions: Map<string, Values>,
): FixedTerm | null {
  for (const candidate of terms.values()) {
    const names = candidate.variables.map(({ name }) => name);
    if (candidate === term || !variables.every((name) => names.includes(name))) continue;
    const added = candidate.variables.filter(({ name }) => !variables.includes(name));
    if (added.some(({ factor }) => factor === null) || !added.some(({ indicator }) => indicator)) continue;
    for (const { name, factor } of added) outFunctions.set(name, factor?.levels.map(() => 1) ?? []);
    return candidate;
  }
  return null;
}

/** f = constant + Σ slopes · contrasts, exactly. */
function onContrasts(coding: readonly Values[], values: Values): { constant: number; slopes: number[] } {
  const n = coding.length;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    matrix[i] = 1;
    for (let j = 0; j < coding[i].length; j++) matrix[(j + 1) * n + i] = coding[i][j];
  }
  if (coding[0].length !== n - 1) throw unexplained("contrasts with fewer columns than levels");
  const solution = leastSquares(pivotedQr(matrix, n, n, 0), values);
  const clean = Array.from(solution, (value) => (Math.abs(value) < 1e-13 ? 0 : value));
  return { constant: clean[0], slopes: clean.slice(1) };
}

/** What each column dropped from X is on the rows observed: its coefficients on the kept columns. */
export function droppedColumns(model: LinearMixedModel): ReadonlyMap<number, Float64Array> {
  return new Map(fixedAliases(model).map(({ column, coefficients }) => [column, coefficients]));
}

/** Coefficients on all columns of X turned into coefficients on the kept ones. */
function onKeptColumns(model: LinearMixedModel, columns: readonly Float64Array[]): Float64Array[] {
  const { fixedColumns } = model.design;
  const dropped = droppedColumns(model);
  if (dropped.size === 0) return [...columns];
  return columns.map((column) => {
    const out = Float64Array.from(fixedColumns, (j) => column[j]);
    for (const [j, alias] of dropped) for (let k = 0; k < out.length; k++) out[k] += column[j] * alias[k];
    return out.map((value) => (Math.abs(value) < 1e-10 ? 0 : value));
  });
}

function unit(n: number, at: number): number[] {
  return Array.from({ length: n }, (_, i) => (i === at ? 1 : 0));
}

function keyOf(names: readonly string[]): string {
  return [...names].sort().join("\u0000");
}

function unexplained(what: string): InferenceError {
  return new InferenceError(
    "unsupported-design",
    `unsupported design: ${what}`,
    what,
    "test contrasts of your own, or type I or II",
  );
}
