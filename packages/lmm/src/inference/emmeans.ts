import type { LinearMixedModel } from "../model/linear-mixed-model";
import { type Adjustment, adjustTests } from "./adjust";
import { checkDdf, type DdfOptions } from "./coef-tests";
import { type Contrasts, contrast } from "./contrast";
import { InferenceError } from "./inference-error";
import { keptColumnsOf, linearFunction } from "./linear-function";
import type { MarginalMean, MarginalMeans } from "./marginal-means";
import { type CellWeights, type GridAxis, type GridValues, gridAxes, gridFunctions } from "./reference-grid";
import { responseScale } from "./response-scale";

/** How marginal means and slopes are taken. */
export interface EmmeansOptions extends DdfOptions {
  /** Factors whose levels part the means into families of their own. */
  readonly by?: string | readonly string[];
  /** Values of columns, by name: one or several; default: the mean of a number over the rows of the fit, all levels. */
  readonly at?: GridValues;
  /** How the levels that are averaged over count; default `equal`. */
  readonly weights?: CellWeights;
  /** Coverage of the confidence intervals; default 0.95. */
  readonly level?: number;
  /** Adjustment of the intervals for the number of means; default `none`. */
  readonly adjust?: Adjustment;
  /** Replaces the model's offsets; default: each at the values of the grid, one given beside the formula at its mean. */
  readonly offset?: number;
  /**
   * `response` undoes a transformation of the response (`log`, `log2`, `log10`, `log1p`, `sqrt`, of a variable or of
   * a·y + c): the means are then medians rather than means of the response, unless `biasSigma` is given. Default `fitted`.
   */
  readonly scale?: "fitted" | "response";
  /**
   * Standard deviation of the response about the mean on the fitted scale (residual and random effects together):
   * adds ½ h″σ² to back-transformed means, second-order bias.
   */
  readonly biasSigma?: number;
}

/**
 * Estimated marginal means: the mean response that the fixed effects predict for each combination of levels of some
 * factors, numeric variables held at their means and other factors averaged over.
 *
 * Means are taken of the columns of the table, not of what the formula makes of them: `log(x)` is evaluated at the
 * mean of x. Numbers with two distinct values, logicals and `factor(x)` count as factors. What empty cells leave
 * undetermined is NaN.
 *
 * @param factors columns of the fixed effects, the first varying fastest; none: one grand mean
 * @throws InferenceError for columns that the fixed effects do not have
 * Cost: one row of X for each cell of the grid; degrees of freedom as `coefTests`.
 * Source: Searle, Speed & Milliken (1980), The American Statistician 34(4); options as in R's emmeans (Lenth 2016,
 * J. Stat. Soft. 69(1)).
 */
export function emmeans(
  model: LinearMixedModel,
  factors: string | readonly string[],
  options: EmmeansOptions = {},
): MarginalMeans {
  const { names, by, axes } = gridFor(model, factors, options);
  const { rows, offsets } = gridFunctions(model, axes, names, options);
  return marginalMeans(model, { names, by, axes, rows, offsets, trend: null }, options);
}

/**
 * Slopes of the mean response along a numeric column, for each combination of levels of some factors: what `emmeans`
 * gives, differentiated.
 *
 * The derivative of the fixed effects' columns is a central difference over a thousandth of the column's range with
 * one extrapolation, exact up to quintic polynomials but for rounding.
 *
 * @param variable a numeric column of the fixed effects
 * @param factors as in `emmeans`
 */
export function emtrends(
  model: LinearMixedModel,
  variable: string,
  factors: string | readonly string[] = [],
  options: Omit<EmmeansOptions, "scale" | "biasSigma"> = {},
): MarginalMeans {
  const { names, by, axes } = gridFor(model, factors, options);
  const axis = axes.find((candidate) => candidate.variable.name === variable);
  if (axis === undefined || axis.variable.kind !== "numeric") {
    const known = axes.filter((candidate) => candidate.variable.kind === "numeric");
    throw new InferenceError(
      "unknown-term",
      `unknown numeric variable: ${JSON.stringify(variable)}`,
      variable,
      known.length === 0
        ? "the fixed effects have none"
        : `the fixed effects have ${known.map((candidate) => candidate.variable.name).join(", ")}`,
    );
  }
  const { min, max } = axis.variable;
  const step = 1e-3 * (max > min ? max - min : Math.max(1, Math.abs(max)));
  // A column of two values is a number here, held at its mean unless it is asked for.
  const held = names.includes(variable) || options.at?.[variable] !== undefined;
  const own = held ? axes : axes.map((a) => (a === axis ? asNumber(a) : a));
  const difference = (h: number) => {
    const sides = [h, -h].map((by) =>
      gridFunctions(model, own, names, { ...options, shift: { name: variable, by } }),
    );
    return {
      rows: sides[0].rows.map((row, c) => row.map((value, j) => (value - sides[1].rows[c][j]) / (2 * h))),
      offsets: sides[0].offsets.map((value, c) => (value - sides[1].offsets[c]) / (2 * h)),
    };
  };
  const [coarse, fine] = [difference(step), difference(step / 2)];
  const extrapolated = (a: Float64Array, b: Float64Array) => b.map((value, j) => value + (value - a[j]) / 3);
  const rows = fine.rows.map((row, c) => extrapolated(coarse.rows[c], row).map(clean));
  const offsets = extrapolated(coarse.offsets, fine.offsets).map(clean);
  return marginalMeans(model, { names, by, axes: own, rows, offsets, trend: variable }, options);
}

/** Differences of equal numbers, up to rounding. */
function clean(value: number): number {
  return Math.abs(value) < 1e-11 ? 0 : value;
}

function asNumber(axis: GridAxis): GridAxis {
  const { variable } = axis;
  if (variable.kind === "factor") return axis;
  return { variable, discrete: false, labels: [String(variable.mean)], codes: [-1], values: [variable.mean] };
}

/**
 * All pairwise differences of marginal means, first minus second, within each family.
 *
 * @param means of `emmeans` or `emtrends` on the same model
 */
export function pairwise(
  model: LinearMixedModel,
  means: MarginalMeans,
  options: { readonly adjust?: Adjustment; readonly level?: number } = {},
): Contrasts {
  return contrast(model, means, "pairwise", options);
}

function gridFor(model: LinearMixedModel, factors: string | readonly string[], options: EmmeansOptions) {
  const list = (names: string | readonly string[]) => (typeof names === "string" ? [names] : [...names]);
  const by = list(options.by ?? []);
  const names = [...new Set([...list(factors).filter((name) => !by.includes(name)), ...by])];
  const { level = 0.95, offset, biasSigma } = options;
  if (!(level > 0 && level < 1)) throw invalid("level", level, "give a number between 0 and 1");
  if (offset !== undefined && !Number.isFinite(offset))
    throw invalid("offset", offset, "give a finite number");
  if (biasSigma !== undefined && !(biasSigma >= 0))
    throw invalid("biasSigma", biasSigma, "give a standard deviation");
  checkDdf(options.ddf);
  const axes = gridAxes(model, options.at);
  const wanted = (axis: GridAxis) => axis.discrete || options.at?.[axis.variable.name] !== undefined;
  for (const name of names) {
    const axis = axes.find(({ variable }) => variable.name === name);
    if (axis !== undefined && wanted(axis)) continue;
    const known = axes.filter((a) => a.discrete).map(({ variable }) => variable.name);
    const numeric =
      axis === undefined ? "" : `; for ${name}, a number, give at: { ${JSON.stringify(name)}: [...] }`;
    throw new InferenceError(
      "unknown-term",
      `unknown factor: ${JSON.stringify(name)}`,
      name,
      (known.length === 0 ? "the fixed effects have no factors" : `the factors are ${known.join(", ")}`) +
        numeric,
    );
  }
  return { names, by, axes };
}

function invalid(what: string, value: unknown, hint: string): InferenceError {
  return new InferenceError("unknown-option", `invalid ${what}: ${String(value)}`, value, hint);
}

interface Functions {
  readonly names: readonly string[];
  readonly by: readonly string[];
  readonly axes: readonly GridAxis[];
  readonly rows: readonly Float64Array[];
  readonly offsets: Float64Array;
  readonly trend: string | null;
}

function marginalMeans(
  model: LinearMixedModel,
  { names, by, axes, rows, offsets, trend }: Functions,
  options: EmmeansOptions,
): MarginalMeans {
  const { level = 0.95, adjust = "none", weights = "equal" } = options;
  const ddf = checkDdf(options.ddf);
  const kept = keptColumnsOf(model);
  const axisOf = (name: string) => axes.find(({ variable }) => variable.name === name) as GridAxis;
  const lengths = names.map((name) => axisOf(name).labels.length);
  const linear = rows.map((row) => linearFunction(model, kept, row, ddf));
  const estimates = linear.map((own, c) => own.estimate + offsets[c]);
  const family = lengths.slice(0, names.length - by.length).reduce((product, n) => product * n, 1);
  const adjusted = adjustTests(
    linear.map((own) => ({ ...own, null: 0 })),
    { kind: "means", size: family, family, adjust, level, model, ddf },
  );
  const scale = options.scale === "response" ? responseScale(model, options.biasSigma ?? 0) : null;
  const averaged = axes.filter(({ variable, labels }) => !names.includes(variable.name) && labels.length > 1);
  const missing = axes.filter(({ variable, discrete }) => discrete && !names.includes(variable.name));
  const means = linear.map((own, c): MarginalMean => {
    const levels: Record<string, string> = {};
    let rest = c;
    names.forEach((name, i) => {
      levels[name] = axisOf(name).labels[rest % lengths[i]];
      rest = Math.floor(rest / lengths[i]);
    });
    const reach = adjusted.reach[c] * own.stdError;
    const back = scale?.inverse ?? ((value: number) => value);
    const ends = [back(estimates[c] - reach), back(estimates[c] + reach)];
    const [lower, upper] = scale?.falls === true ? ends.reverse() : ends;
    return {
      levels,
      estimate: back(estimates[c]),
      stdError: own.stdError * (scale === null ? 1 : Math.abs(scale.derivative(estimates[c]))),
      df: own.df,
      lower,
      upper,
      contrast: own.contrast,
      row: rows[c],
      offset: offsets[c],
    };
  });
  const held = axes.filter(
    ({ variable, discrete, values }) => !discrete && values.length === 1 && !names.includes(variable.name),
  );
  const diagnostics = [...adjusted.diagnostics];
  if (scale !== null && options.biasSigma === undefined) {
    diagnostics.push(
      `back-transformed from ${scale.name}: medians of the response; give biasSigma for means`,
    );
  }
  return {
    factors: names,
    by,
    averagedOver: [...new Set([...missing, ...averaged])].map(({ variable }) => variable.name),
    weights,
    at: Object.fromEntries(held.map(({ variable, values }) => [variable.name, values[0]])),
    trend,
    ddf,
    level,
    adjust: adjusted.adjust,
    transformation: scale?.name ?? null,
    means,
    diagnostics,
    numericalError: adjusted.error,
  };
}
