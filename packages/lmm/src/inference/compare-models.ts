import { pivotedQr } from "@lmmkit/dense";
import { minimizeTheta } from "../fit/minimize";
import { aic, bic, parameterCount } from "../model/accessors";
import { buildModel } from "../model/build-model";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { dataFingerprint } from "../model/row-reductions";
import { PlsWorkspace } from "../pls/workspace";
import { type ChiBarSquare, chiBarSquare } from "./chi-bar-square";
import { covarianceHypothesis } from "./covariance-hypothesis";
import { denseFixed } from "./dense-fixed";
import { chiSquareTails } from "./distributions/tails";
import { InferenceError } from "./inference-error";

/** One model of a comparison. */
export interface ComparedModel {
  readonly formula: string;
  readonly nParameters: number;
  readonly aic: number;
  readonly bic: number;
  readonly logLik: number;
  readonly deviance: number;
  /** Twice the gain in log-likelihood over the model before it; null for the first. */
  readonly chiSquare: number | null;
  readonly df: number | null;
  /** From χ² on `df` degrees of freedom. */
  readonly pValue: number | null;
  /**
   * Where variance parameters were added: the mixture that holds at the boundary. Null for the first model, where
   * none were, and where it is not known (a diagnostic says why).
   */
  readonly boundary: ChiBarSquare | null;
  /** exp(−Δ/2) of AIC and of BIC, summing to one over the models. */
  readonly aicWeight: number;
  readonly bicWeight: number;
}

/** How models are compared. */
export interface CompareOptions {
  /**
   * Default true: REML fits are refitted by maximum likelihood. False: they are compared by their REML criteria,
   * which their having the same fixed effects allows.
   */
  readonly refit?: boolean;
  /** Draws for p-values at boundaries of covariance matrices; default 4000. */
  readonly draws?: number;
  /** Their seed; default 1. */
  readonly seed?: number;
}

/** Likelihood-ratio tests of models, fewest parameters first. */
export interface ComparedModels {
  /** True when REML fits were refitted by maximum likelihood. */
  readonly refitted: boolean;
  readonly models: readonly ComparedModel[];
  readonly diagnostics: readonly string[];
}

/** How far below its smaller neighbour a larger model's log-likelihood may be by rounding. */
const ROUNDING = 1e-6;

/**
 * Compares nested models by likelihood ratios, each with the next larger one.
 *
 * REML fits with different fixed effects cannot be compared, so all are refitted by maximum likelihood. The
 * χ² reference is conservative where the hypothesis sets a variance to zero; beside it stands the p-value of the
 * mixture of χ² distributions that holds there (Self & Liang 1987, J. Am. Stat. Assoc. 82).
 *
 * @throws InferenceError `unknown-option` for fewer than two models, `different-data` when responses, rows or weights differ, `not-nested` when a model does
 *   not contain the smaller one's fixed effects, `same-model` for two models with equally many parameters,
 *   `contradictory-options` for REML fits with different fixed effects that may not be refitted
 */
export function compareModels(
  given: readonly LinearMixedModel[],
  options: CompareOptions = {},
): ComparedModels {
  if (given.length < 2) {
    throw new InferenceError(
      "unknown-option",
      `too few models: ${given.length}`,
      given.length,
      "give two or more, one within the other",
    );
  }
  checkData(given);
  const wanted = given.some(({ method }) => method === "REML") && given.length > 0;
  const refitted = wanted && options.refit !== false;
  if (wanted && !refitted) checkComparable(given);
  const models = given
    .map((model) => (model.method === "ML" || !refitted ? model : maximumLikelihood(model)))
    .sort((a, b) => parameterCount(a) - parameterCount(b));
  const diagnostics: string[] = [];
  const aicWeights = weightsOf(models.map(aic));
  const bicWeights = weightsOf(models.map(bic));
  const rows = models.map((model, i): ComparedModel => {
    const own = {
      formula: model.formula,
      nParameters: parameterCount(model),
      aic: aic(model),
      bic: bic(model),
      logLik: -model.criterion / 2,
      deviance: model.criterion,
      aicWeight: aicWeights[i],
      bicWeight: bicWeights[i],
    };
    if (!model.converged) diagnostics.push(`not converged: ${model.formula}`);
    if (i === 0) return { ...own, chiSquare: null, df: null, pValue: null, boundary: null };
    const smaller = models[i - 1];
    checkNested(smaller, model);
    const gain = smaller.criterion - model.criterion;
    if (gain < -ROUNDING * Math.max(1, Math.abs(model.criterion))) {
      throw new InferenceError(
        "not-nested",
        `not nested models: ${smaller.formula} fits better than the larger ${model.formula}`,
        gain,
        "the larger model must contain the smaller one",
      );
    }
    const chiSquare = Math.max(0, gain);
    const df = own.nParameters - parameterCount(smaller);
    const boundary = boundaryOf(smaller, model, chiSquare, options, diagnostics);
    return { ...own, chiSquare, df, pValue: chiSquareTails(chiSquare, df).upper, boundary };
  });
  return { refitted, models: rows, diagnostics };
}

function boundaryOf(
  smaller: LinearMixedModel,
  larger: LinearMixedModel,
  chiSquare: number,
  { draws, seed }: CompareOptions,
  diagnostics: string[],
): ChiBarSquare | null {
  if (larger.theta.length <= smaller.theta.length) return null;
  const { cone, reason } = covarianceHypothesis(smaller, larger, larger.beta.length - smaller.beta.length);
  if (cone !== null) {
    if (cone.blocks.length > 0) {
      diagnostics.push(
        `conservative p-value: ${larger.formula} adds variance parameters, whose hypothesis lies on a boundary`,
      );
    }
    return cone.blocks.length === 0 ? null : chiBarSquare(chiSquare, cone, draws, seed);
  }
  diagnostics.push(
    `conservative p-value: ${larger.formula} adds variance parameters; their boundary: ${reason}; bootstrapTest has a p-value`,
  );
  return null;
}

/** exp(−Δ/2), normalized (Burnham & Anderson 2002, §2.9). */
function weightsOf(criteria: readonly number[]): number[] {
  const least = Math.min(...criteria);
  const shares = criteria.map((value) => Math.exp((least - value) / 2));
  const total = shares.reduce((sum, value) => sum + value, 0);
  return shares.map((value) => value / total);
}

/** REML criteria are on one scale when the fixed effects are the same columns. */
function checkComparable(models: readonly LinearMixedModel[]): void {
  const [first, ...others] = models;
  for (const other of others) {
    if (other.method === first.method && other.fixedNames.join("\u0000") === first.fixedNames.join("\u0000"))
      continue;
    throw new InferenceError(
      "contradictory-options",
      "different fixed effects: restricted likelihoods cannot be compared",
      [first.formula, other.formula],
      "let them be refitted by maximum likelihood",
    );
  }
}

/** The same model fitted by maximum likelihood, from the θ that REML found. */
export function maximumLikelihood(model: LinearMixedModel): LinearMixedModel {
  if (model.method === "ML") return model;
  const workspace = new PlsWorkspace(model.design, model.products);
  const fit = minimizeTheta(workspace, { method: "ML", start: model.theta });
  return buildModel(model.frame, workspace, fit, "ML", model.seconds);
}

/** The models saw the same response, offset, weights and rows. */
export function checkData(models: readonly LinearMixedModel[]): void {
  const [first, ...others] = models;
  for (const other of others) {
    if (other.nobs === first.nobs && dataFingerprint(other) === dataFingerprint(first)) continue;
    const difference =
      other.nobs === first.nobs
        ? "responses, offsets, weights or rows differ"
        : `${first.nobs} and ${other.nobs} rows`;
    throw new InferenceError(
      "different-data",
      `different data: ${difference}`,
      other.formula,
      "fit all models to the same rows: leave out those with missing values first",
    );
  }
}

/** The smaller model's fixed effects lie in the span of the larger one's, and its grouping factors are there. */
export function checkNested(smaller: LinearMixedModel, larger: LinearMixedModel): void {
  const refuse = (what: string): never => {
    throw new InferenceError(
      "not-nested",
      `not nested models: ${what}`,
      [smaller.formula, larger.formula],
      "a likelihood ratio compares a model with one that it is a special case of",
    );
  };
  if (parameterCount(smaller) === parameterCount(larger)) {
    throw new InferenceError(
      "same-model",
      `equally large models: ${smaller.formula} and ${larger.formula}`,
      parameterCount(larger),
      "compare them by AIC or BIC",
    );
  }
  const known = new Set(larger.fixedNames);
  if (!smaller.fixedNames.every((name) => known.has(name))) {
    const n = larger.frame.nobs;
    const p = larger.beta.length;
    const both = new Float64Array(n * (p + smaller.beta.length));
    both.set(denseFixed(larger));
    both.set(denseFixed(smaller), n * p);
    if (pivotedQr(both, n, p + smaller.beta.length).rank > p) {
      refuse(`fixed effects of ${smaller.formula} are no part of ${larger.formula}`);
    }
  }
  const groups = new Set(larger.terms.map(({ group }) => group));
  const missing = smaller.terms.find(({ group }) => !groups.has(group));
  if (missing !== undefined) refuse(`${larger.formula} has no random effects for ${missing.group}`);
}
