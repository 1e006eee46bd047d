import { parameterCount } from "../model/accessors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { type ChiBarSquare, chiBarSquare } from "./chi-bar-square";
import { covarianceHypothesis } from "./covariance-hypothesis";
import { chiSquareTails } from "./distributions/tails";
import { noteConvergence } from "./drop-terms";
import { fitLike, fixedOnlyCriterion, randomReductions, submodelFormula, withRandomTerms } from "./submodels";

/** What `ranova` is told. */
export interface RanovaOptions {
  /** False: terms go as a whole; default: `(Days | Subject)` is tested against `(1 | Subject)`. */
  readonly reduce?: boolean;
  /** Draws for p-values at boundaries of covariance matrices; default 4000. */
  readonly draws?: number;
  /** Their seed; default 1. */
  readonly seed?: number;
}

/** The test of one reduction of the random effects. */
export interface RanovaRow {
  /** `(1 | Subject)`, `Days in (Days | Subject)`. */
  readonly term: string;
  /** Formula of the model without it. */
  readonly formula: string;
  readonly nParameters: number;
  readonly logLik: number;
  readonly aic: number;
  /** Twice the loss in (restricted) log-likelihood. */
  readonly chiSquare: number;
  readonly df: number;
  /** From χ² on `df` degrees of freedom, which is conservative: variances cannot be negative. */
  readonly pValue: number;
  /** What the boundary makes of it; null where it is not known, and a diagnostic says why. */
  readonly boundary: ChiBarSquare | null;
}

/** Single-term deletions of the random effects. */
export interface Ranova {
  readonly formula: string;
  readonly method: "REML" | "ML";
  readonly nParameters: number;
  readonly logLik: number;
  readonly aic: number;
  readonly rows: readonly RanovaRow[];
  readonly diagnostics: readonly string[];
}

/**
 * Likelihood-ratio tests of single-term deletions of the random effects, each against the model itself, by the
 * model's own criterion (REML or ML) and on the same rows.
 *
 * Beside the naive p-value stands that of the mixture of χ² distributions that holds at the boundary (`boundary`):
 * for r + 1 correlated effects against r, ½χ²_r + ½χ²_{r+1}.
 *
 * Cost: one fit per deletion; for boundaries of two and more variances one `jointCovariance` each.
 * Source: Stram & Lee (1994), Biometrics 50; deletions as lmerTest's `ranova` (Kuznetsova, Brockhoff & Christensen
 * 2017, J. Stat. Soft. 82), except that a term of a single number `(0 + x | g)` goes altogether.
 */
export function ranova(model: LinearMixedModel, options: RanovaOptions = {}): Ranova {
  const { draws, seed } = options;
  const { frame, method, criterion } = model;
  const count = parameterCount(model);
  const diagnostics: string[] = [];
  const rows = randomReductions(frame, options.reduce ?? true).map(({ term, random }): RanovaRow => {
    const smaller = random.length === 0 ? null : fitLike(model, withRandomTerms(frame, random));
    if (smaller !== null) noteConvergence(smaller, diagnostics);
    const own = smaller?.criterion ?? fixedOnlyCriterion(frame, method);
    const formula = smaller?.formula ?? submodelFormula(frame, frame.fixed.termLabels, []).text;
    const nParameters = smaller === null ? model.beta.length + 1 : parameterCount(smaller);
    const df = count - nParameters;
    const chiSquare = Math.max(0, own - criterion);
    const { cone, reason } = covarianceHypothesis(smaller, model);
    if (reason !== null)
      diagnostics.push(`no boundary-aware p-value for ${term}: ${reason}; bootstrapTest has one`);
    return {
      term,
      formula,
      nParameters,
      logLik: -own / 2,
      aic: own + 2 * nParameters,
      chiSquare,
      df,
      pValue: df > 0 ? chiSquareTails(chiSquare, df).upper : Number.NaN,
      boundary: cone === null ? null : chiBarSquare(chiSquare, cone, draws, seed),
    };
  });
  return {
    formula: model.formula,
    method,
    nParameters: count,
    logLik: -criterion / 2,
    aic: criterion + 2 * count,
    rows,
    diagnostics,
  };
}
