import { type ApplyFrameOptions, padRows, type RowNumbers } from "@lmmkit/formula";
import { addRandomPart, fixedPart, type IncludedColumns } from "../diagnostics/linear-predictor";
import type { LmmTable } from "../fit/lmm";
import { checkDdf, type DdfMethod, tTest } from "../inference/coef-tests";
import { normalQuantile, tQuantile } from "../inference/distributions/quantiles";
import { InferenceError } from "../inference/inference-error";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { RandomStream } from "../random/random-stream";
import { includedColumns, type RandomSelection } from "./included-terms";
import { fittedRows, newRows, type PredictionRows } from "./prediction-rows";
import {
  predictionVariances,
  thetaVariances,
  unconditionedVariances,
  varianceDf,
} from "./prediction-variance";

/**
 * What an interval covers.
 *
 * - `mean`: offset + x'β + z'b, with the random effects conditioned on at the levels of the row; for
 *   `reForm: "none"`, the mean of the population
 * - `new-level`: the same for another level, drawn from the population, of every term that is not conditioned on,
 *   and of a term whose level in the row is new
 * - `new-observation`: one more observation there: `new-level`, and σ²/w
 */
export type PredictionInterval = "mean" | "new-level" | "new-observation";

/** What `predict` is told. */
export interface PredictOptions {
  /** Which random effects are conditioned on; default all. */
  readonly reForm?: RandomSelection;
  /**
   * Levels that the model does not know: an error (default), random effects of zero, or random effects drawn from
   * their distribution, the same for all rows of a level.
   */
  readonly newLevels?: "error" | "zero" | "drawn";
  /** For drawn effects; default 1. */
  readonly seed?: number;
  /** Limits too; `none` by default. */
  readonly interval?: "none" | PredictionInterval;
  /** Default 0.95. */
  readonly level?: number;
  /** Standard errors too; default true with an interval, else false. */
  readonly stdErrors?: boolean;
  /** Whether to count the uncertainty of θ̂ in what is predicted, by the delta method. Default false. */
  readonly uncertaintyOfTheta?: boolean;
  /**
   * Degrees of freedom of the limits: `satterthwaite` (default) of the variance in question; `kenward-roger` for
   * the mean of the population only, and `fit` is then that of the REML fit; `asymptotic` for none.
   */
  readonly ddf?: DdfMethod;
  /** Rows with missing values: NaN in their place (default), left out, or an error. */
  readonly naAction?: "exclude" | "omit" | "fail";
  /** Prior weights of the new rows, for new observations; default 1. */
  readonly weights?: RowNumbers | null;
  /** As when the model was fitted, by default; needed where it was given as numbers. */
  readonly offset?: RowNumbers | null;
  /** The functions that the formula calls, if they are the user's. */
  readonly functions?: ApplyFrameOptions["functions"];
}

/** Predictions, one per row. */
export interface Prediction {
  readonly fit: Float64Array;
  /** Standard deviation of what the limits cover about `fit` (`mean` where there are none); null unless asked for. */
  readonly stdError: Float64Array | null;
  readonly lower: Float64Array | null;
  readonly upper: Float64Array | null;
  /** Degrees of freedom of the limits, Infinity for the normal distribution; null without limits. */
  readonly df: Float64Array | null;
  /** What the standard errors and limits cover; null where there are none. */
  readonly covers: PredictionInterval | null;
  readonly level: number | null;
  /** Positions in the table of the rows predicted; null when each row has its own. */
  readonly rows: Int32Array | null;
  /** The levels that the model does not know, by grouping factor. */
  readonly newLevels: Readonly<Record<string, readonly string[]>>;
}

/**
 * Predicts the response at the rows that the model was fitted to, or at new ones, which need no response.
 *
 * Standard errors are those of the prediction, β̂ and b̂ together: σ̂√(a'(Λ'Z'ZΛ + I)⁻¹a + g'g) with a = Λ'z (see
 * `RowSystem`), given θ̂ unless `uncertaintyOfTheta` adds what θ̂ brings along.
 *
 * @param table new rows; the model's own by default
 * @throws FormulaError where the table does not fit the formula, InferenceError for options that contradict each
 *   other, LmmError `too-large`
 * Cost: the rows; with standard errors one inverse subset; with Satterthwaite's degrees of freedom two more for each
 *   parameter in θ.
 * Source: Henderson (1975), Biometrics 31(2); Harville (1976), Ann. Statist. 4(2); for the uncertainty of θ̂ Kackar &
 * Harville (1984), JASA 79.
 */
export function predict(
  model: LinearMixedModel,
  table: LmmTable | null = null,
  options: PredictOptions = {},
): Prediction {
  const asked = checked(options);
  const included = includedColumns(model, options.reForm ?? "all");
  const excludedToo = asked.covers === "new-level" || asked.covers === "new-observation";
  const rows =
    table === null
      ? fittedRows(model)
      : newRows(model, table, {
          included,
          excludedToo,
          newLevels: asked.newLevels === "error" ? "error" : "number",
          naAction: options.naAction ?? "exclude",
          weights: options.weights,
          offset: options.offset,
          functions: options.functions,
        });
  const fit = fixedPart(model, rows, model.beta);
  addRandomPart(
    model,
    rows,
    model.terms.map((term) => term.modes),
    included,
    fit,
  );
  if (asked.newLevels === "drawn") addDrawn(model, rows, included, asked.seed, fit);
  const limits = asked.covers === null ? null : variances(model, rows, included, options, asked, fit);
  if (rows.offset !== null) for (let r = 0; r < fit.length; r++) fit[r] += rows.offset[r];
  return result(model, rows, fit, limits, asked, table === null, options.naAction ?? "exclude");
}

interface Asked {
  readonly newLevels: "error" | "zero" | "drawn";
  readonly covers: PredictionInterval | null;
  readonly limits: boolean;
  readonly level: number;
  readonly ddf: DdfMethod;
  readonly seed: number;
}

function checked(options: PredictOptions): Asked {
  const { newLevels = "error", interval = "none", level = 0.95, seed = 1 } = options;
  const unknown = (name: string, value: unknown, hint: string) =>
    new InferenceError("unknown-option", `unknown ${name}: ${JSON.stringify(value)}`, value, hint);
  if (!["error", "zero", "drawn"].includes(newLevels)) {
    throw unknown("newLevels", newLevels, 'choose "error", "zero" or "drawn"');
  }
  if (!["none", "mean", "new-level", "new-observation"].includes(interval)) {
    throw unknown("interval", interval, 'choose "none", "mean", "new-level" or "new-observation"');
  }
  if (!["exclude", "omit", "fail"].includes(options.naAction ?? "exclude")) {
    throw unknown("naAction", options.naAction, 'choose "exclude", "omit" or "fail"');
  }
  if (!(level > 0 && level < 1)) {
    throw new InferenceError("unknown-option", `unusable level: ${level}`, level, "a number between 0 and 1");
  }
  const limits = interval !== "none";
  const covers = limits ? interval : options.stdErrors === true ? "mean" : null;
  if (newLevels === "drawn" && covers !== null) {
    throw new InferenceError(
      "contradictory-options",
      "contradictory options: drawn effects have no standard errors",
      newLevels,
      'use newLevels: "zero" with interval: "new-level", which covers any level',
    );
  }
  return { newLevels, covers, limits, level, seed, ddf: checkDdf(options.ddf) };
}

interface Limits {
  readonly variance: Float64Array;
  readonly df: Float64Array;
}

function variances(
  model: LinearMixedModel,
  rows: PredictionRows,
  included: IncludedColumns,
  options: PredictOptions,
  { covers, ddf, limits }: Asked,
  fit: Float64Array,
): Limits {
  const population = included?.every((mask) => mask === null) ?? false;
  const square = model.sigma ** 2;
  if (ddf === "kenward-roger") {
    if (!population || covers !== "mean" || options.uncertaintyOfTheta === true) {
      throw new InferenceError(
        "contradictory-options",
        "contradictory options: Kenward-Roger's method is for the mean of the population",
        ddf,
        'use reForm: "none" with interval: "mean", or ddf: "satterthwaite"',
      );
    }
    return byTests(model, rows, ddf, fit);
  }
  if (ddf === "satterthwaite" && population && covers === "mean" && options.uncertaintyOfTheta !== true) {
    return byTests(model, rows, ddf, null);
  }
  const own = Float64Array.from({ length: rows.nobs }, (_, r) => {
    return covers === "new-observation" ? 1 / (rows.weights === null ? 1 : rows.weights[r]) : 0;
  });
  const relative = (theta: ArrayLike<number>): Float64Array => {
    const out = predictionVariances(model, rows, included, theta);
    if (covers === "mean") return out;
    const more = unconditionedVariances(model, rows, included);
    return out.map((value, r) => value + more[r] + own[r]);
  };
  const variance = relative(model.theta).map((value) => square * value);
  const df =
    limits && ddf === "satterthwaite"
      ? varianceDf(model, relative)
      : new Float64Array(rows.nobs).fill(Number.POSITIVE_INFINITY);
  if (options.uncertaintyOfTheta === true) {
    const more = thetaVariances(model, rows, included);
    for (let r = 0; r < variance.length; r++) variance[r] += more[r];
  }
  return { variance, df };
}

/** The mean of the population at each row as a test of x'β; with Kenward–Roger the estimates are those of REML. */
function byTests(
  model: LinearMixedModel,
  rows: PredictionRows,
  ddf: DdfMethod,
  outFit: Float64Array | null,
): Limits {
  const { fixedColumns } = model.design;
  const contrasts = Array.from({ length: rows.nobs }, () => new Float64Array(fixedColumns.length));
  fixedColumns.forEach((at, j) => {
    const column = rows.fixed.columns[at];
    if (column.kind === "sparse") {
      for (let i = 0; i < column.rows.length; i++) contrasts[column.rows[i]][j] = column.values[i];
      return;
    }
    for (let r = 0; r < rows.nobs; r++) {
      contrasts[r][j] = column.kind === "constant" ? column.value : column.values[r];
    }
  });
  const variance = new Float64Array(rows.nobs);
  const df = new Float64Array(rows.nobs);
  const known = new Map<string, { estimate: number; stdError: number; df: number }>();
  contrasts.forEach((contrast, r) => {
    const key = contrast.join(" ");
    const test = known.get(key) ?? tTest(model, "", contrast, 0, ddf);
    known.set(key, test);
    variance[r] = test.stdError ** 2;
    // Of a row of zeros nothing is estimated, and nothing is uncertain.
    df[r] = Number.isNaN(test.df) ? Number.POSITIVE_INFINITY : test.df;
    if (outFit !== null) outFit[r] = test.estimate;
  });
  return { variance, df };
}

/** Adds σTe with standard normal e, drawn once for each new level of each term. */
function addDrawn(
  model: LinearMixedModel,
  rows: PredictionRows,
  included: IncludedColumns,
  seed: number,
  outFit: Float64Array,
): void {
  const shifted = model.design.terms.map((term, t) => {
    const count = rows.newLevels[term.frameIndex].length;
    const stream = new RandomStream(seed, t);
    const k = term.columns.length;
    const { template } = model.terms[t];
    const modes = new Float64Array(count * k);
    const draws = new Float64Array(k);
    for (let l = 0; l < count; l++) {
      for (let c = 0; c < k; c++) draws[c] = model.sigma * stream.normal();
      for (let c = 0; c < k; c++) {
        for (let a = 0; a < k; a++) modes[a * count + l] += template[c * k + a] * draws[c];
      }
    }
    return modes;
  });
  // The new levels alone, as the levels of a model that has no others.
  const fresh = {
    nobs: rows.nobs,
    fixed: rows.fixed,
    random: rows.random.map((source, position) => {
      const t = model.design.terms.findIndex((term) => term.frameIndex === position);
      if (source === null || t < 0) return null;
      const known = model.design.factors[model.design.terms[t].factor].levels.length;
      return { ...source, group: { codes: source.group.codes.map((code) => code - known) } };
    }),
  };
  const factors = model.design.factors.map((factor, f) => {
    const term = model.design.terms.find((candidate) => candidate.factor === f);
    return { ...factor, levels: term === undefined ? [] : rows.newLevels[term.frameIndex] };
  });
  addRandomPart({ design: { ...model.design, factors } }, fresh, shifted, included, outFit);
}

function result(
  model: LinearMixedModel,
  rows: PredictionRows,
  fit: Float64Array,
  limits: Limits | null,
  asked: Asked,
  fitted: boolean,
  naAction: "exclude" | "omit" | "fail",
): Prediction {
  const padded = fitted ? model.frame.naAction === "exclude" : naAction === "exclude";
  const pad = (values: Float64Array) => (padded ? padRows(values, rows) : values);
  const stdError = limits === null ? null : limits.variance.map((value) => Math.sqrt(Math.max(0, value)));
  let bounds: { lower: Float64Array; upper: Float64Array; df: Float64Array } | null = null;
  if (limits !== null && stdError !== null && asked.limits) {
    const tail = (1 - asked.level) / 2;
    const known = new Map<number, number>();
    const reach = stdError.map((value, r) => {
      const df = limits.df[r];
      const quantile =
        known.get(df) ?? (df === Number.POSITIVE_INFINITY ? normalQuantile(tail) : tQuantile(tail, df));
      known.set(df, quantile);
      return value * quantile;
    });
    bounds = {
      lower: pad(fit.map((value, r) => value - reach[r])),
      upper: pad(fit.map((value, r) => value + reach[r])),
      df: pad(limits.df),
    };
  }
  const newLevels: Record<string, readonly string[]> = {};
  model.design.terms.forEach((term) => {
    const own = rows.newLevels[term.frameIndex];
    if (own.length > 0) newLevels[model.design.factors[term.factor].name] = own;
  });
  return {
    fit: pad(fit),
    stdError: stdError === null ? null : pad(stdError),
    lower: bounds?.lower ?? null,
    upper: bounds?.upper ?? null,
    df: bounds?.df ?? null,
    covers: asked.covers,
    level: asked.limits ? asked.level : null,
    rows: padded ? null : rows.rows,
    newLevels,
  };
}
