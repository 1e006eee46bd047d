import type { LinearMixedModel } from "../model/linear-mixed-model";
import { checkDdf, type DdfMethod, type DdfOptions, type TTest, tTest } from "./coef-tests";
import { denseFixed } from "./dense-fixed";
import { tQuantile } from "./distributions/quantiles";
import { studentizedRangeTail } from "./distributions/studentized-range";
import { type FixedFactor, type FixedTerm, fixedTerms } from "./fixed-terms";
import { droppedColumns } from "./indicator-coding";
import { InferenceError } from "./inference-error";

/** How marginal means are taken. */
export interface EmmeansOptions extends DdfOptions {
  /** Values of numeric variables, by their text in the formula; default: the mean over the rows of the fit. */
  readonly at?: Readonly<Record<string, number>>;
  /** Coverage of the confidence intervals; default 0.95. */
  readonly level?: number;
}

/** The estimated mean of one combination of levels. */
export interface MarginalMean {
  readonly levels: Readonly<Record<string, string>>;
  /** NaN, with all that follows, when the data do not determine it. */
  readonly estimate: number;
  readonly stdError: number;
  readonly df: number;
  readonly lower: number;
  readonly upper: number;
  /** Its coefficients on the fixed effects. */
  readonly contrast: Float64Array;
}

/** Estimated marginal means. */
export interface MarginalMeans {
  readonly factors: readonly string[];
  /** Other factors, over whose levels the means are averages with equal weights. */
  readonly averagedOver: readonly string[];
  /** Where the numeric variables are held. */
  readonly at: Readonly<Record<string, number>>;
  readonly ddf: DdfMethod;
  readonly level: number;
  readonly means: readonly MarginalMean[];
}

/**
 * Estimated marginal means: the mean response that the fixed effects predict for each combination of levels of some
 * factors, numeric variables held at their means and other factors averaged over with equal weights.
 *
 * A function of a numeric variable (`log(x)`, `poly(x, 2)`) has no mean of its own to be held at: give `at` under its
 * text.
 *
 * @param factors names of factors in the fixed effects, the first varying fastest
 * @throws InferenceError for factors that the model does not have
 * Source: Searle, Speed & Milliken (1980), The American Statistician 34(4).
 */
export function emmeans(
  model: LinearMixedModel,
  factors: string | readonly string[],
  options: EmmeansOptions = {},
): MarginalMeans {
  const names = typeof factors === "string" ? [factors] : [...factors];
  const { level = 0.95 } = options;
  const ddf = checkDdf(options.ddf);
  if (!(level > 0 && level < 1)) {
    throw new InferenceError(
      "unknown-option",
      `invalid level: ${level}`,
      level,
      "give a number between 0 and 1",
    );
  }
  if (model.offset !== null) {
    throw new InferenceError(
      "unsupported-design",
      "unsupported offset: marginal means of a model with an offset",
      "offset",
      "test contrasts of your own",
    );
  }
  const terms = fixedTerms(model);
  const all = factorsOf(terms);
  for (const name of names) {
    if (all.has(name)) continue;
    const known = [...all.keys()].join(", ");
    throw new InferenceError(
      "unknown-term",
      `unknown factor: ${JSON.stringify(name)}`,
      name,
      known === "" ? "the fixed effects have no factors" : `the factors are ${known}`,
    );
  }
  const at = numericValues(model, terms, options.at ?? {});
  const dropped = droppedColumns(model);
  const counts = names.map((name) => all.get(name)?.levels.length ?? 0);
  const total = counts.reduce((product, count) => product * count, 1);
  const means = Array.from({ length: total }, (_, cell): MarginalMean => {
    const levels: Record<string, string> = {};
    const chosen = new Map<string, number>();
    let rest = cell;
    names.forEach((name, i) => {
      chosen.set(name, rest % counts[i]);
      levels[name] = all.get(name)?.levels[rest % counts[i]] ?? "";
      rest = Math.floor(rest / counts[i]);
    });
    const contrast = onKept(model, designRow(model, terms, chosen, at), dropped);
    if (contrast === null) {
      const none = Number.NaN;
      const empty = new Float64Array(model.beta.length).fill(none);
      return { levels, estimate: none, stdError: none, df: none, lower: none, upper: none, contrast: empty };
    }
    const { estimate, stdError, df } = tTest(model, "", contrast, 0, ddf);
    const reach = tQuantile((1 - level) / 2, df) * stdError;
    return { levels, estimate, stdError, df, lower: estimate - reach, upper: estimate + reach, contrast };
  });
  const averagedOver = [...all.keys()].filter((name) => !names.includes(name));
  return { factors: names, averagedOver, at: Object.fromEntries(at), ddf, level, means };
}

/** How p-values of several comparisons are adjusted. */
export type Adjustment = "tukey" | "bonferroni" | "holm" | "sidak" | "none";

/** All pairwise differences. */
export interface PairwiseComparisons {
  readonly adjust: Adjustment;
  readonly ddf: DdfMethod;
  /** First minus second; `pValue` is adjusted. */
  readonly rows: readonly TTest[];
}

/**
 * All pairwise differences of marginal means, first minus second.
 *
 * Tukey's adjustment takes the p-value from the studentized range of as many means, on the degrees of freedom of
 * each difference.
 *
 * @param means of `emmeans` on the same model
 */
export function pairwise(
  model: LinearMixedModel,
  means: MarginalMeans,
  options: { readonly adjust?: Adjustment } = {},
): PairwiseComparisons {
  const { adjust = "tukey" } = options;
  const { ddf } = means;
  const rows: TTest[] = [];
  const label = ({ levels }: MarginalMean) => Object.values(levels).join(" ");
  means.means.forEach((first, i) => {
    for (const second of means.means.slice(i + 1)) {
      const contrast = first.contrast.map((value, j) => value - second.contrast[j]);
      rows.push(tTest(model, `${label(first)} - ${label(second)}`, contrast, 0, ddf));
    }
  });
  const adjusted = adjustPValues(rows, means.means.length, adjust);
  return { adjust, ddf, rows: rows.map((row, i) => ({ ...row, pValue: adjusted[i] })) };
}

function adjustPValues(rows: readonly TTest[], nmeans: number, adjust: Adjustment): number[] {
  const n = rows.length;
  const p = rows.map((row) => row.pValue);
  switch (adjust) {
    case "none":
      return p;
    case "tukey":
      if (nmeans < 3) return p;
      return rows.map((row) => studentizedRangeTail(Math.abs(row.tValue) * Math.SQRT2, nmeans, row.df));
    case "bonferroni":
      return p.map((value) => Math.min(1, n * value));
    case "sidak":
      return p.map((value) => -Math.expm1(n * Math.log1p(-value)));
    case "holm": {
      // Holm (1979), Scandinavian Journal of Statistics 6.
      const order = p.map((_, i) => i).sort((i, j) => p[i] - p[j]);
      const out = new Array<number>(n);
      let largest = 0;
      order.forEach((i, rank) => {
        largest = Math.max(largest, Math.min(1, (n - rank) * p[i]));
        out[i] = largest;
      });
      return out;
    }
    default:
      throw new InferenceError(
        "unknown-option",
        `unknown adjustment: ${JSON.stringify(adjust)}`,
        adjust,
        "choose tukey, bonferroni, holm, sidak or none",
      );
  }
}

function factorsOf(terms: readonly FixedTerm[]): Map<string, FixedFactor> {
  const all = new Map<string, FixedFactor>();
  for (const { variables } of terms) {
    for (const { name, factor } of variables) if (factor !== null) all.set(name, factor);
  }
  return all;
}

/** Where each numeric variable is held. */
function numericValues(
  model: LinearMixedModel,
  terms: readonly FixedTerm[],
  at: Readonly<Record<string, number>>,
): Map<string, number> {
  const values = new Map<string, number>();
  for (const { variables } of terms) {
    for (const { name, factor, width } of variables) {
      if (factor !== null || values.has(name)) continue;
      const given = at[name];
      const own = terms.find((term) => term.variables.length === 1 && term.variables[0].name === name);
      const plain = model.frame.schema.columns[name]?.kind === "numeric";
      if (given !== undefined && width === 1) values.set(name, given);
      else if (given === undefined && plain && own !== undefined) {
        const column = denseFixed(model, [own.start]);
        values.set(name, column.reduce((sum, value) => sum + value, 0) / column.length);
      } else {
        throw new InferenceError(
          "unsupported-design",
          `unknown value: ${name} has no mean to be held at`,
          name,
          width === 1 ? `give at: { ${JSON.stringify(name)}: … }` : "test contrasts of your own",
        );
      }
    }
  }
  for (const name of Object.keys(at)) {
    if (values.has(name)) continue;
    throw new InferenceError(
      "unknown-term",
      `unknown numeric variable: ${JSON.stringify(name)}`,
      name,
      `those of the fixed effects are ${[...values.keys()].join(", ")}`,
    );
  }
  return values;
}

/** A row of X (all columns): factors at a level or averaged over, numeric variables held. */
function designRow(
  model: LinearMixedModel,
  terms: readonly FixedTerm[],
  chosen: ReadonlyMap<string, number>,
  at: ReadonlyMap<string, number>,
): Float64Array {
  const row = new Float64Array(model.frame.fixed.columns.length);
  for (const { variables, start, width } of terms) {
    const parts = variables.map(({ name, factor, indicator, width: own }) => {
      if (factor === null) return [at.get(name) ?? Number.NaN];
      const { levels, coding } = factor;
      const value = (level: number, j: number) => (indicator ? (level === j ? 1 : 0) : coding[level][j]);
      const level = chosen.get(name);
      return Array.from({ length: own }, (_, j) => {
        if (level !== undefined) return value(level, j);
        // The mean of a product over independent levels is the product of means.
        return levels.reduce((sum, _level, l) => sum + value(l, j), 0) / levels.length;
      });
    });
    for (let c = 0; c < width; c++) {
      let rest = c;
      let value = 1;
      for (const part of parts) {
        value *= part[rest % part.length];
        rest = Math.floor(rest / part.length);
      }
      row[start + c] = value;
    }
  }
  return row;
}

/** The row on the kept columns; null when it is not a combination of rows that the data have. */
function onKept(
  model: LinearMixedModel,
  row: Float64Array,
  dropped: ReadonlyMap<number, Float64Array>,
): Float64Array | null {
  const out = Float64Array.from(model.design.fixedColumns, (j) => row[j]);
  for (const [j, alias] of dropped) {
    let value = 0;
    let size = Math.abs(row[j]);
    for (let k = 0; k < out.length; k++) {
      value += alias[k] * out[k];
      size += Math.abs(alias[k] * out[k]);
    }
    if (Math.abs(value - row[j]) > 1e-8 * Math.max(1, size)) return null;
  }
  return out;
}
