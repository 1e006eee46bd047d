import { isSingularTheta } from "../fit/rectify";
import type { LinearMixedModel } from "./linear-mixed-model";

/** Numbers with names, in order. */
export interface NamedVector {
  readonly names: readonly string[];
  readonly values: Float64Array;
}

/** A row of the table of fixed effects. */
export interface Coefficient {
  readonly term: string;
  readonly estimate: number;
  readonly stdError: number;
  readonly tValue: number;
}

/** −log-likelihood's companion numbers, as R's logLik object carries them. */
export interface LogLikelihood {
  readonly value: number;
  /** p + length of θ + 1 (σ). */
  readonly df: number;
  readonly nobs: number;
}

/** β̂ with its names. */
export function fixef(model: LinearMixedModel): NamedVector {
  return { names: model.fixedNames, values: model.beta.slice() };
}

/** σ̂²(X'V⁻¹X)⁻¹, the covariance matrix of β̂, by rows. */
export function vcov(model: LinearMixedModel): number[][] {
  const p = model.beta.length;
  return Array.from({ length: p }, (_, i) => Array.from({ length: p }, (_, j) => model.vcov[j * p + i]));
}

/** Estimates, standard errors and t values of the fixed effects. */
export function coefTable(model: LinearMixedModel): Coefficient[] {
  const p = model.beta.length;
  return model.fixedNames.map((term, j) => {
    const estimate = model.beta[j];
    const stdError = Math.sqrt(model.vcov[j * p + j]);
    return { term, estimate, stdError, tValue: estimate / stdError };
  });
}

/** Correlation matrix of β̂, by rows. */
export function fixefCorrelation(model: LinearMixedModel): number[][] {
  const p = model.beta.length;
  const scale = Array.from({ length: p }, (_, j) => Math.sqrt(model.vcov[j * p + j]));
  return Array.from({ length: p }, (_, i) =>
    Array.from({ length: p }, (_, j) => (i === j ? 1 : model.vcov[j * p + i] / (scale[i] * scale[j]))),
  );
}

/** Residual standard deviation σ̂ = √(r²/N), N = n for ML and n − p for REML. */
export function sigma(model: LinearMixedModel): number {
  return model.sigma;
}

/** Rows used in the fit (those with a positive weight). */
export function nobs(model: LinearMixedModel): number {
  return model.nobs;
}

/** Number of estimated parameters: p, those of θ, and σ. */
export function parameterCount(model: LinearMixedModel): number {
  return model.beta.length + model.theta.length + 1;
}

/** nobs less the number of estimated parameters, as R's df.residual of a mixed model. */
export function dfResidual(model: LinearMixedModel): number {
  return model.nobs - parameterCount(model);
}

/** Log-likelihood (ML) or log restricted likelihood (REML) at the estimates. */
export function logLik(model: LinearMixedModel): LogLikelihood {
  return { value: -model.criterion / 2, df: parameterCount(model), nobs: model.nobs };
}

/**
 * −2 log-likelihood at θ̂: log|L|² + n(1 + log(2πr²/n)) − Σ log w. For an ML fit this is the criterion;
 * for a REML fit it is the ML deviance at the REML θ̂, as lme4's `deviance(m, REML = FALSE)`.
 */
export function deviance(model: LinearMixedModel): number {
  const n = model.nobs;
  return model.logDetL2 + n * (1 + Math.log((2 * Math.PI * model.pwrss) / n)) - model.products.sumLogWeights;
}

/** The REML criterion; null for a fit by maximum likelihood. */
export function remlCriterion(model: LinearMixedModel): number | null {
  return model.method === "REML" ? model.criterion : null;
}

/** Akaike's criterion, −2 log L + 2 df. */
export function aic(model: LinearMixedModel): number {
  return model.criterion + 2 * parameterCount(model);
}

/** Schwarz's criterion, −2 log L + log(n) df, with n the number of rows as lme4 has it. */
export function bic(model: LinearMixedModel): number {
  return model.criterion + Math.log(model.nobs) * parameterCount(model);
}

/** θ̂, a copy. */
export function getTheta(model: LinearMixedModel): Float64Array {
  return model.theta.slice();
}

/**
 * Whether some variance or covariance direction is estimated as zero: a diagonal entry of a template below the
 * tolerance (lme4's, 1e-4), in the units of its column and on a column of mean square one.
 */
export function isSingular({ theta, design, products }: LinearMixedModel, tolerance = 1e-4): boolean {
  return isSingularTheta(theta, design, products, tolerance);
}

/** Levels of each grouping factor, most first. */
export function ngrps(model: LinearMixedModel): Record<string, number> {
  return Object.fromEntries(model.design.factors.map(({ name, levels }) => [name, levels.length]));
}

/** The formula, printed back. */
export function formula(model: LinearMixedModel): string {
  return model.formula;
}

/** Conditional fitted values, offset included, one per row used. */
export function fitted(model: LinearMixedModel): Float64Array {
  return model.fitted.slice();
}

/** Which residuals: y − fitted, times √w, or that over σ̂. */
export type ResidualType = "response" | "pearson" | "scaled";

/** Residuals, one per row used; lme4's `residuals` are of type `response`. */
export function residuals(model: LinearMixedModel, type: ResidualType = "response"): Float64Array {
  const { response, fitted: values, weights } = model;
  const scale = type === "scaled" ? 1 / model.sigma : 1;
  return response.map((y, r) => {
    const residual = y - values[r];
    if (type === "response") return residual;
    return residual * scale * (weights === null ? 1 : Math.sqrt(weights[r]));
  });
}
