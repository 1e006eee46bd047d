import { type ModelFrame, printFormula } from "@lmmkit/formula";
import type { Design } from "../design/design";
import { fillTemplateInto } from "../design/template";
import { LmmError } from "../errors";
import type { ThetaFit } from "../fit/minimize";
import type { Method } from "../fit/options";
import { isSingularTheta } from "../fit/rectify";
import type { PlsWorkspace } from "../pls/workspace";
import { collinearEffects } from "./collinear-effects";
import { fittedValues } from "./fitted-values";
import type { FittedTerm, LinearMixedModel } from "./linear-mixed-model";
import { singularWarning, withSmallerTerms } from "./smaller-terms";
import { hasRows, withoutRows } from "./without-rows";

/** lme4's tolerance of `isSingular`. */
const SINGULAR = 1e-4;

/** What is left of y'y after the fit, below which σ is zero in working precision. */
const PERFECT = 1e-13;
/** As much, of a fit that has not converged: with σ falling to zero, θ goes on for ever. */
const ON_THE_WAY = 1e-8;

/**
 * The fitted model from a workspace that stands at the optimum.
 *
 * @param frame the rows: for fitted values only
 * @throws LmmError `perfect-fit` when nothing of the response is left to estimate σ from
 */
export function buildModel(
  frame: ModelFrame,
  workspace: PlsWorkspace,
  fit: ThetaFit,
  method: Method,
  seconds: { readonly design: number; readonly fit: number },
): LinearMixedModel {
  const { design, products, p, pwrss } = workspace;
  refusePerfect(workspace, fit);
  refuseInfinite(fit.criterion);
  const { beta, u } = workspace.solution();
  const df = method === "REML" ? products.nobs - p : products.nobs;
  const sigma = Math.sqrt(pwrss / df);
  const vcov = workspace.unscaledVcov();
  for (let i = 0; i < vcov.length; i++) vcov[i] *= sigma * sigma;
  const terms = fittedTerms(design, fit.theta, u);
  const singular = isSingularTheta(fit.theta, design, products, SINGULAR);
  const warnings: string[] = [];
  if (design.dropped.length > 0) {
    warnings.push(`rank-deficient fixed effects: dropped ${design.dropped.join(", ")}`);
  }
  if (products.nobs < frame.nobs) {
    warnings.push(`zero weights: ${frame.nobs - products.nobs} rows are left out of the likelihood`);
  }
  const directions = withSmallerTerms(frame, design, fit.certificate.singular);
  const { unidentified } = fit.certificate;
  if (singular && (directions.length > 0 || unidentified.length === 0))
    warnings.push(singularWarning(frame, design, directions));
  warnings.push(...collinearEffects(design, products));
  warnings.push(...unidentified);
  if (!fit.certificate.holds) {
    const why = fit.optimizer.message.replace(/\.$/, "");
    const gain = fit.certificate.predictedDecrease.toPrecision(2);
    const hint = fit.optimizer.name.startsWith("newton") ? "" : "; the default optimizer may do better";
    warnings.push(`not converged: ${why}; a step could still lower the criterion by about ${gain}${hint}`);
  }
  const common = {
    kind: "lmm",
    version: 1,
    formula: printFormula(frame.formula),
    method,
    nobs: products.nobs,
    nrowsTable: frame.nrowsTable,
    criterion: fit.criterion,
    theta: fit.theta,
    thetaNames: design.thetaNames,
    sigma,
    fixedNames: design.fixedNames,
    beta,
    vcov,
    dropped: design.dropped,
    terms,
    logDetL2: workspace.logDetL2,
    logDetRX2: workspace.logDetRX2,
    pwrss,
    converged: fit.certificate.holds,
    singular,
    certificate: { ...fit.certificate, singular: directions },
    optimizer: fit.optimizer,
    warnings,
    seconds,
    responseName: frame.response === null ? "" : frame.response.name,
    frame,
    design,
    products,
  } as const;
  if (!hasRows(frame)) return withoutRows(common, frame);
  return {
    ...common,
    response: frame.response === null ? new Float64Array(0) : frame.response.values,
    fitted: fittedValues(frame, design, beta, terms),
    weights: frame.weights,
    offset: frame.offset,
    rows: frame.rows,
  };
}

/**
 * Refuses a fit that leaves nothing of the response, or all but nothing while the search was still on its way there.
 *
 * @throws LmmError `perfect-fit`
 */
export function refusePerfect(
  { products, pwrss }: PlsWorkspace,
  { certificate, optimizer }: Pick<ThetaFit, "certificate" | "optimizer">,
): void {
  const unfinished = !certificate.holds && optimizer.status !== "max-evaluations";
  // Not a number: nothing was evaluated.
  if (pwrss > (unfinished ? ON_THE_WAY : PERFECT) * products.yty || Number.isNaN(pwrss)) return;
  throw new LmmError(
    "perfect-fit",
    "perfect fit: fixed and random effects leave no residual variance",
    pwrss,
    "the criterion has no minimum; look for a column or a group that determines the response",
  );
}

/**
 * Refuses a fit whose criterion is no number where the search ended: there is nothing that could be a minimum.
 *
 * @throws LmmError `no-finite-criterion`
 */
export function refuseInfinite(criterion: number): void {
  if (Number.isFinite(criterion)) return;
  throw new LmmError(
    "no-finite-criterion",
    `no finite criterion: it is ${criterion} where the search ended`,
    criterion,
    "look for columns in extreme units, or structures whose covariance matrices are not finite",
  );
}

/** Templates and conditional modes b = Λu term by term; shifts of Z do not touch u. */
function fittedTerms(design: Design, theta: Float64Array, u: Float64Array): FittedTerm[] {
  return design.terms.map((term) => {
    const factor = design.factors[term.factor];
    const k = term.template.k;
    const nlevels = factor.levels.length;
    const template = new Float64Array(k * k);
    fillTemplateInto(term.template, theta, term.thetaStart, template, k, 0);
    const modes = new Float64Array(nlevels * k);
    for (let l = 0; l < nlevels; l++) {
      const first = factor.start + l * factor.ncols + term.columnStart;
      for (let a = 0; a < k; a++) {
        let sum = 0;
        for (let c = 0; c < k; c++) sum += template[c * k + a] * u[first + c];
        modes[a * nlevels + l] = sum;
      }
    }
    return {
      name: term.name,
      group: factor.name,
      columns: term.columns,
      levels: factor.levels,
      template,
      modes,
    };
  });
}
