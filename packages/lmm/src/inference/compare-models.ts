import { pivotedQr } from "@lmmkit/dense";
import { minimizeTheta } from "../fit/minimize";
import { aic, bic, parameterCount } from "../model/accessors";
import { buildModel } from "../model/build-model";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { PlsWorkspace } from "../pls/workspace";
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
  readonly pValue: number | null;
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
 * χ² reference is conservative where the hypothesis sets a variance to zero; a diagnostic says so
 * (Self & Liang 1987, J. Am. Stat. Assoc. 82).
 *
 * @throws InferenceError `different-data` when responses, rows or weights differ, `not-nested` when a model does
 *   not contain the smaller one's fixed effects, `same-model` for two models with equally many parameters
 */
export function compareModels(given: readonly LinearMixedModel[]): ComparedModels {
  checkData(given);
  const refitted = given.some(({ method }) => method === "REML");
  const models = given
    .map((model) => (model.method === "ML" ? model : maximumLikelihood(model)))
    .sort((a, b) => parameterCount(a) - parameterCount(b));
  const diagnostics: string[] = [];
  const rows = models.map((model, i): ComparedModel => {
    const own = {
      formula: model.formula,
      nParameters: parameterCount(model),
      aic: aic(model),
      bic: bic(model),
      logLik: -model.criterion / 2,
      deviance: model.criterion,
    };
    if (i === 0) return { ...own, chiSquare: null, df: null, pValue: null };
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
    if (model.theta.length > smaller.theta.length) {
      diagnostics.push(
        `conservative p-value: ${model.formula} adds variance parameters, whose hypothesis lies on a boundary`,
      );
    }
    const chiSquare = Math.max(0, gain);
    const df = own.nParameters - parameterCount(smaller);
    return { ...own, chiSquare, df, pValue: chiSquareTails(chiSquare, df).upper };
  });
  return { refitted, models: rows, diagnostics };
}

/** The same model fitted by maximum likelihood, from the θ that REML found. */
function maximumLikelihood(model: LinearMixedModel): LinearMixedModel {
  const workspace = new PlsWorkspace(model.design, model.products);
  const fit = minimizeTheta(workspace, { method: "ML", start: model.theta });
  return buildModel(model.frame, workspace, fit, "ML", model.seconds);
}

function checkData(models: readonly LinearMixedModel[]): void {
  const [first, ...others] = models;
  for (const other of others) {
    let difference = "";
    if (other.nobs !== first.nobs) difference = `${first.nobs} and ${other.nobs} rows`;
    else if (!sameNumbers(first.response, other.response)) difference = "the responses differ";
    else if (!sameNumbers(first.weights, other.weights)) difference = "the weights differ";
    else if (!sameNumbers(first.rows, other.rows)) difference = "the rows used differ";
    if (difference === "") continue;
    throw new InferenceError(
      "different-data",
      `different data: ${difference}`,
      other.formula,
      "fit all models to the same rows: leave out those with missing values first",
    );
  }
}

function sameNumbers(a: ArrayLike<number> | null, b: ArrayLike<number> | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The smaller model's fixed effects lie in the span of the larger one's, and its grouping factors are there. */
function checkNested(smaller: LinearMixedModel, larger: LinearMixedModel): void {
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
