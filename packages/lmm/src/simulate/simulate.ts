import {
  type AppliedFrame,
  type ApplyFrameOptions,
  applyFrame,
  modelFrame,
  type RandomTerm,
} from "@lmmkit/formula";
import type { Design } from "../design/design";
import { fillTemplateInto } from "../design/template";
import { thetaBounds } from "../design/theta-bounds";
import { LmmError } from "../errors";
import type { LmmTable } from "../fit/lmm";
import { InferenceError } from "../inference/inference-error";
import { fittedValues } from "../model/fitted-values";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { includedColumns, type RandomSelection } from "../predict/included-terms";
import { RandomStream } from "../random/random-stream";
import { type DrawnTerm, ResponseSimulator } from "./response-simulator";

/** Parameters to simulate from in the place of the estimates; what is left out is as estimated. */
export interface SimulationParameters {
  /** One number per fixed effect kept, or some of them by name. */
  readonly beta?: ArrayLike<number> | Readonly<Record<string, number>>;
  /** Relative covariance parameters, as `getTheta` gives them. */
  readonly theta?: ArrayLike<number>;
  /** Residual standard deviation. */
  readonly sigma?: number;
}

/** What `simulate` may be told. */
export interface SimulateOptions {
  /** Number of responses, default 1. */
  readonly nsim?: number;
  /** Seed; response i is drawn from stream i of it. Default 0. */
  readonly seed?: number;
  /**
   * Which random effects stay as they were predicted: `none` (default; all are drawn anew), `all` (only the
   * residuals are drawn), the names of some terms as in `varCorr`, or of their grouping factors, or a one-sided
   * formula of whole terms (`"~ (Days | Subject)"`).
   */
  readonly reForm?: RandomSelection;
  /**
   * Rows to simulate for; they need no response. Effects that are drawn are drawn for whatever groups they have;
   * those that stay as predicted are known for groups of the fit alone.
   */
  readonly newData?: LmmTable;
  /** Weights and offset of new rows, as for `lmm`. */
  readonly newDataOptions?: Pick<ApplyFrameOptions, "weights" | "offset" | "functions">;
  readonly parameters?: SimulationParameters;
}

/** Simulated responses. */
export interface Simulation {
  readonly responseName: string;
  readonly seed: number;
  /** One vector per response; one number per row used. */
  readonly responses: readonly Float64Array[];
  /** Positions in the table of the rows used, those without missing values; null when all were. */
  readonly rows: Int32Array | null;
}

/**
 * New responses from a fitted model: fixed effects, random effects (drawn anew or as predicted), residuals.
 *
 * The numbers depend on the seed and the index of the response alone: the same on every machine, and response i is
 * the same whether one or a thousand are drawn.
 *
 * @throws InferenceError `unknown-term` for a term the model has not, `unknown-option`; FormulaError for new data
 *   that do not fit the formula
 * Cost: n + q normal numbers per response.
 */
export function simulate(model: LinearMixedModel, options: SimulateOptions = {}): Simulation {
  const nsim = checkCount("nsim", options.nsim ?? 1);
  const seed = options.seed ?? 0;
  const { simulator, rows } = simulatorOf(model, options);
  return {
    responseName: model.responseName,
    seed,
    responses: Array.from({ length: nsim }, (_, i) => simulator.draw(new RandomStream(seed, i))),
    rows,
  };
}

/** The simulator that `simulate` draws from. */
export function simulatorOf(
  model: LinearMixedModel,
  options: Pick<SimulateOptions, "reForm" | "newData" | "newDataOptions" | "parameters"> = {},
): { readonly simulator: ResponseSimulator; readonly rows: Int32Array | null } {
  const { parameters = {} } = options;
  const beta = betaOf(model.fixedNames, parameters.beta, model.beta);
  const sigma = sigmaOf(parameters.sigma ?? model.sigma);
  const keep = keptTerms(model, options.reForm ?? "none");
  const frame = options.newData === undefined ? model.frame : appliedFrame(model, keep, options);
  const zero = (values: Float64Array, t: number) => (keep[t] ? values : new Float64Array(values.length));
  const terms = model.terms.map((term, t) => ({ ...term, modes: zero(term.modes, t) }));
  const mean = fittedValues(frame, model.design, beta, keep.includes(true) ? terms : []);
  const roots = rootsOf(model.design, parameters.theta ?? model.theta, sigma);
  const drawn = model.design.terms.flatMap(({ frameIndex }, t): DrawnTerm[] =>
    keep[t] ? [] : [{ frameIndex, root: roots[t] }],
  );
  return { simulator: new ResponseSimulator(frame, mean, drawn, sigma), rows: frame.rows };
}

/** σT of every term. */
export function rootsOf(design: Design, theta: ArrayLike<number>, sigma: number): Float64Array[] {
  if (theta.length !== design.theta0.length) {
    throw new LmmError(
      "theta-length",
      `wrong length of theta: ${theta.length}`,
      theta,
      `this model has ${design.theta0.length}: ${design.thetaNames.join(", ")}`,
    );
  }
  const { lower, upper } = thetaBounds(design);
  for (let i = 0; i < theta.length; i++) {
    if (Number.isFinite(theta[i]) && theta[i] >= lower[i] && theta[i] <= upper[i]) continue;
    throw new InferenceError(
      "unknown-option",
      `unusable theta: ${theta[i]}`,
      theta,
      `${design.thetaNames[i]} is a number from ${lower[i]} to ${upper[i]}`,
    );
  }
  return design.terms.map(({ template, thetaStart }) => {
    const { k } = template;
    const root = new Float64Array(k * k);
    fillTemplateInto(template, theta, thetaStart, root, k, 0);
    return root.map((value) => value * sigma);
  });
}

/** β from numbers, or from some by name and the others from `fallback`. */
export function betaOf(
  names: readonly string[],
  asked: SimulationParameters["beta"],
  fallback: Float64Array | null,
): Float64Array {
  if (asked === undefined && fallback !== null) return fallback;
  if (asked !== undefined && isNumbers(asked)) {
    if (asked.length === names.length) return Float64Array.from(asked);
    throw new InferenceError(
      "unknown-option",
      `wrong length of beta: ${asked.length}`,
      asked,
      `the fixed effects are ${names.join(", ")}`,
    );
  }
  const given: Readonly<Record<string, number>> = asked ?? {};
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new InferenceError(
      "unknown-option",
      `unknown fixed effect: ${JSON.stringify(name)}`,
      name,
      `the fixed effects are ${names.join(", ")}`,
    );
  }
  return Float64Array.from(names, (name, j) => {
    const value = Object.hasOwn(given, name) ? given[name] : fallback?.[j];
    if (value !== undefined) return value;
    throw new InferenceError(
      "unknown-option",
      `missing fixed effect: ${JSON.stringify(name)}`,
      name,
      `give all of ${names.join(", ")}`,
    );
  });
}

/** A residual standard deviation. */
export function sigmaOf(sigma: number): number {
  if (sigma >= 0 && Number.isFinite(sigma)) return sigma;
  throw new InferenceError("unknown-option", `unusable sigma: ${sigma}`, sigma, "a number of at least 0");
}

/** A whole number of at least one. */
export function checkCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InferenceError("unknown-option", `unusable ${name}: ${value}`, value, "a whole number from 1 on");
}

function isNumbers(value: ArrayLike<number> | Readonly<Record<string, number>>): value is ArrayLike<number> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** Which terms keep their modes; a term's effects are drawn together or not at all. */
function keptTerms(model: LinearMixedModel, reForm: RandomSelection): boolean[] {
  return (includedColumns(model, reForm) ?? model.terms.map(() => [true])).map((mask, t) => {
    if (mask === null || mask.every((use) => use)) return mask !== null;
    throw new InferenceError(
      "unknown-term",
      `part of a term: ${JSON.stringify(reForm)}`,
      reForm,
      `the effects of (${model.frame.random[model.design.terms[t].frameIndex].label}) stay together, or are drawn together`,
    );
  });
}

/**
 * The new rows, with groups of their own for the terms that are drawn. Of the fit's rows nothing is read, for a model
 * may be without them.
 */
function appliedFrame(
  { frame, design }: LinearMixedModel,
  keep: readonly boolean[],
  options: SimulateOptions,
): AppliedFrame {
  const table = options.newData as LmmTable;
  const applied = applyFrame(frame.schema, table, { ...options.newDataOptions, newGroups: "allow" });
  const random = applied.random.slice();
  design.terms.forEach(({ frameIndex, name }, t) => {
    const term = random[frameIndex];
    if (!keep[t]) {
      random[frameIndex] = { ...term, group: ownGroups(term.label, table, applied) };
      return;
    }
    const row = term.group.codes.indexOf(-1);
    if (row < 0) return;
    const place = (applied.rows === null ? row : applied.rows[row]) + 1;
    throw new InferenceError(
      "unknown-option",
      `unknown level: of ${term.group.name} in row ${place} of the new data`,
      name,
      "effects that stay as predicted are known for the groups of the fit; leave the term out of reForm",
    );
  });
  return { ...applied, random };
}

/** The groups that a table has itself, on the rows used. */
function ownGroups(label: string, table: LmmTable, { rows, nobs }: AppliedFrame): RandomTerm["group"] {
  const group = label.slice(label.lastIndexOf("|") + 1);
  const own = modelFrame(`~ 1 + (1 | ${group})`, table);
  const codes = new Int32Array(own.nrowsTable).fill(-1);
  own.random[0].group.codes.forEach((code, r) => {
    codes[own.rows === null ? r : own.rows[r]] = code;
  });
  return {
    ...own.random[0].group,
    codes: Int32Array.from({ length: nobs }, (_, r) => codes[rows === null ? r : rows[r]]),
  };
}
