import { aic, parameterCount } from "../model/accessors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { checkDdf, type DdfMethod } from "./coef-tests";
import { contest } from "./contest";
import { chiSquareTails } from "./distributions/tails";
import { InferenceError } from "./inference-error";
import { kenwardRoger } from "./kenward-roger";
import { checkDroppable, droppableTerms, fitLike, submodelFormula, withoutFixedTerm } from "./submodels";
import { deletionHypothesis } from "./type-hypotheses";

/** How deletions and additions of fixed terms are tested; `lrt` compares fits by maximum likelihood. */
export type TermTest = DdfMethod | "lrt";

/** What `drop1` is told. */
export interface DropOptions {
  /** Default `satterthwaite`. */
  readonly test?: TermTest;
  /** Labels of the terms to try; default: all that may go. */
  readonly scope?: readonly string[];
}

/** The test of one fixed term. */
export interface TermChange {
  /** Label of the term. */
  readonly term: string;
  /** Formula of the model with the term taken out, or put in. */
  readonly formula: string;
  /** F tests: numerator degrees of freedom; likelihood ratios: difference in parameters. */
  readonly df: number;
  /** Denominator degrees of freedom; null for likelihood ratios. */
  readonly denDf: number | null;
  /** meanSq · df; null for likelihood ratios. */
  readonly sumSq: number | null;
  readonly meanSq: number | null;
  /** F, or twice the difference in log-likelihood. */
  readonly statistic: number;
  readonly pValue: number;
  /** AIC of the ML fit without (with) the term; null for F tests. */
  readonly aic: number | null;
}

/** Tests of single terms. */
export interface TermChanges {
  readonly change: "drop" | "add";
  readonly test: TermTest;
  readonly formula: string;
  /** AIC of the model itself fitted by ML; null for F tests. */
  readonly aic: number | null;
  readonly rows: readonly TermChange[];
  readonly diagnostics: readonly string[];
}

/**
 * Single-term deletions of the fixed effects, respecting marginality: terms that are part of others stay.
 *
 * F tests take nothing but the fit: the hypothesis is that the fixed effects lie in the column space of the model
 * without the term. Likelihood ratios fit each smaller model by maximum likelihood to the same rows.
 *
 * @throws InferenceError `unknown-term`, `marginal-term` for a scope that cannot be
 */
export function drop1(model: LinearMixedModel, options: DropOptions = {}): TermChanges {
  const test = checkTest(options.test);
  const scope = options.scope ?? droppableTerms(model);
  if (test !== "lrt") {
    const { frame } = model;
    const rows = scope.map((term) => {
      checkDroppable(model, term);
      const labels = frame.fixed.termLabels.filter((label) => label !== term);
      return fTest(model, term, test, submodelFormula(frame, labels, frame.random).text);
    });
    return { change: "drop", test, formula: model.formula, aic: null, rows, diagnostics: [] };
  }
  const frames = scope.map((term) => withoutFixedTerm(model, term));
  const full = model.method === "ML" ? model : fitLike(model, model.frame, "ML");
  const diagnostics: string[] = [];
  const rows = scope.map((term, t) => {
    const smaller = fitLike(model, frames[t], "ML");
    noteConvergence(smaller, diagnostics);
    return likelihoodRatio(term, smaller, full, smaller);
  });
  noteConvergence(full, diagnostics);
  return { change: "drop", test, formula: model.formula, aic: aic(full), rows, diagnostics };
}

/** The F test of one term of a model against the model without it. */
export function fTest(model: LinearMixedModel, term: string, ddf: DdfMethod, formula: string): TermChange {
  const contrasts = deletionHypothesis(model, term);
  if (contrasts.length === 0) {
    const none = Number.NaN;
    return {
      term,
      formula,
      df: 0,
      denDf: none,
      sumSq: none,
      meanSq: none,
      statistic: none,
      pValue: none,
      aic: null,
    };
  }
  const { sigma } = ddf === "kenward-roger" ? kenwardRoger(model).model : model;
  const { numDf, denDf, fValue, pValue, scale } = contest(model, contrasts, { ddf });
  const meanSq = (fValue / scale) * sigma * sigma;
  return {
    term,
    formula,
    df: numDf,
    denDf,
    sumSq: meanSq * numDf,
    meanSq,
    statistic: fValue,
    pValue,
    aic: null,
  };
}

/** The likelihood ratio of two ML fits; `shown` is the one that differs from the model asked about. */
export function likelihoodRatio(
  term: string,
  smaller: LinearMixedModel,
  larger: LinearMixedModel,
  shown: LinearMixedModel,
): TermChange {
  const df = parameterCount(larger) - parameterCount(smaller);
  const statistic = Math.max(0, smaller.criterion - larger.criterion);
  return {
    term,
    formula: shown.formula,
    df,
    denDf: null,
    sumSq: null,
    meanSq: null,
    statistic,
    pValue: df > 0 ? chiSquareTails(statistic, df).upper : Number.NaN,
    aic: aic(shown),
  };
}

/** Says so where a fit that was needed did not converge. */
export function noteConvergence(model: LinearMixedModel, diagnostics: string[]): void {
  if (!model.converged) diagnostics.push(`not converged: ${model.formula}`);
}

/** The test asked for, or the default. */
export function checkTest(test: TermTest = "satterthwaite"): TermTest {
  if (test === "lrt") return test;
  if (test === "satterthwaite" || test === "kenward-roger" || test === "asymptotic") return checkDdf(test);
  throw new InferenceError(
    "unknown-option",
    `unknown test: ${JSON.stringify(test)}`,
    test,
    'choose "satterthwaite", "kenward-roger", "asymptotic" or "lrt"',
  );
}
