import { coefTests, type DdfMethod } from "../inference/coef-tests";
import { aic, bic, coefTable, logLik, ngrps, vcov } from "../model/accessors";
import type { LinearMixedModel, SingularDirection } from "../model/linear-mixed-model";
import { varCorr } from "../model/var-corr";

/**
 * One fixed effect in the JSON of a fit; `df` and `pValue` are null without a degrees-of-freedom method, `df`
 * also where it is infinite.
 */
export interface FixedEffectJson {
  term: string;
  estimate: number;
  stdError: number;
  df: number | null;
  tValue: number;
  pValue: number | null;
}

/** One random-effects term in the JSON of a fit; a correlation with a zero variance is null. */
export interface RandomTermJson {
  group: string;
  terms: string[];
  stdDev: number[];
  corr: (number | null)[][];
  /** `us`, `diag`, `cs`, …: what the formula says of the covariance matrix. */
  structure: string;
}

/** The object that `lmm fit --json` prints: numbers in full precision, plain arrays. */
export interface ModelJson {
  formula: string;
  method: "REML" | "ML";
  nobs: number;
  groups: Record<string, number>;
  criterion: number;
  logLik: number;
  df: number;
  AIC: number;
  BIC: number;
  sigma: number;
  theta: number[];
  thetaNames: string[];
  converged: boolean;
  singular: boolean;
  fixed: FixedEffectJson[];
  vcov: number[][];
  random: RandomTermJson[];
  optimizer: {
    name: string;
    evaluations: number;
    status: string;
    message: string;
    npt?: number;
    rhobeg?: number;
    rhoend?: number;
  };
  certificate: {
    holds: boolean;
    gradient: number[];
    predictedDecrease: number;
    boundaryCurvature: number | null;
    /** What is estimated as zero, and which smaller term says the same. */
    singular: SingularDirection[];
    /** Terms whose variances the data do not determine, in words. */
    unidentified: string[];
  };
  seconds: { read?: number; design: number; fit: number };
  dropped: string[];
  warnings: string[];
  /** Where df and p-values come from; null when there are none. */
  ddf: DdfMethod | null;
}

/**
 * The fit as one plain object, ready for `JSON.stringify`.
 *
 * @param model not changed
 * @param extra `read`: seconds that reading the data took, to be reported beside the engine's own times;
 *   `ddf`: the method of degrees of freedom, default `"none"`. With `kenward-roger` estimates and standard errors
 *   of the fixed effects are the adjusted ones of the REML fit; `vcov` stays that of the fit itself.
 */
export function modelJson(
  model: LinearMixedModel,
  extra: { readonly read?: number; readonly ddf?: DdfMethod | "none" } = {},
): ModelJson {
  const { ddf = "none" } = extra;
  const { value, df } = logLik(model);
  const { name, evaluations, status, message, npt, rhobeg, rhoend } = model.optimizer;
  const { holds, gradient, predictedDecrease, boundaryCurvature, singular, unidentified } = model.certificate;
  return {
    formula: model.formula,
    method: model.method,
    nobs: model.nobs,
    groups: ngrps(model),
    criterion: model.criterion,
    logLik: value,
    df,
    AIC: aic(model),
    BIC: bic(model),
    sigma: model.sigma,
    theta: Array.from(model.theta),
    thetaNames: [...model.thetaNames],
    converged: model.converged,
    singular: model.singular,
    fixed: ddf === "none" ? untested(model) : tested(model, ddf),
    vcov: vcov(model),
    random: varCorr(model).terms.map(({ name: group, terms, stdDev, corr }, t) => ({
      group,
      terms: [...terms],
      stdDev,
      corr: corr.map((row) => row.map((r) => (Number.isNaN(r) ? null : r))),
      structure: model.design.terms[t].template.structure,
    })),
    optimizer: {
      name,
      evaluations,
      status,
      message,
      ...(npt === null ? {} : { npt }),
      ...(rhobeg === null ? {} : { rhobeg }),
      ...(rhoend === null ? {} : { rhoend }),
    },
    certificate: {
      holds,
      gradient: Array.from(gradient),
      predictedDecrease,
      boundaryCurvature,
      singular: [...singular],
      unidentified: [...unidentified],
    },
    seconds: {
      ...(extra.read === undefined ? {} : { read: extra.read }),
      design: model.seconds.design,
      fit: model.seconds.fit,
    },
    dropped: [...model.dropped],
    warnings: [...model.warnings],
    ddf: ddf === "none" ? null : ddf,
  };
}

function untested(model: LinearMixedModel): FixedEffectJson[] {
  return coefTable(model).map((row) => ({ ...row, df: null, pValue: null }));
}

function tested(model: LinearMixedModel, ddf: DdfMethod): FixedEffectJson[] {
  return coefTests(model, { ddf }).rows.map((row) => ({
    ...row,
    df: Number.isFinite(row.df) ? row.df : null,
    pValue: Number.isNaN(row.pValue) ? null : row.pValue,
  }));
}
