import { LmmError } from "../errors";
import { criterionAt } from "../fit/criterion";
import { minimizeTheta } from "../fit/minimize";
import { isSingularTheta } from "../fit/rectify";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { PlsWorkspace } from "../pls/workspace";
import { subtractProducts } from "../products/combine";
import { crossProducts } from "../products/from-frame";
import type { DeletionStatus } from "./deletion-outcomes";
import { subFrame } from "./sub-frame";

/** lme4's tolerance of `isSingular`. */
const SINGULAR = 1e-4;
/** As in the fit: what is left of y'y below which σ is zero in working precision. */
const PERFECT = 1e-13;

/** A fit without some rows. */
export interface FitWithout {
  readonly status: DeletionStatus;
  readonly beta: Float64Array;
  readonly theta: Float64Array;
  readonly sigma: number;
  readonly criterion: number;
  /** p×p, column-major. */
  readonly vcov: Float64Array;
}

/**
 * The model without some rows: their cross-products are subtracted, no other row is read, and θ is found again
 * from θ̂ on, or kept.
 *
 * Levels that lose all their rows stay in the design, where they change nothing.
 *
 * @param keepTheta true to evaluate at θ̂ only
 * Cost: the rows, one symbolic factorization, and the evaluations.
 */
export function fitWithout(
  model: LinearMixedModel,
  rows: Int32Array,
  keepTheta: boolean,
  signal?: AbortSignal,
): FitWithout {
  const { design, products, method, frame } = model;
  const part = crossProducts(subFrame(frame, rows), design, { shifts: products.shifts });
  const left = subtractProducts(products, part);
  const workspace = new PlsWorkspace(design, left);
  let theta = model.theta;
  let status: DeletionStatus = "ok";
  if (keepTheta) {
    if (!workspace.evaluate(theta)) {
      throw new LmmError(
        "not-finite",
        "not positive definite system without these rows",
        rows,
        "leave them in",
      );
    }
  } else {
    const fit = minimizeTheta(workspace, {
      method,
      start: model.theta,
      ...(signal === undefined ? {} : { signal }),
    });
    theta = fit.theta;
    if (!fit.certificate.holds) status = "not-converged";
    else if (isSingularTheta(theta, design, workspace.products, SINGULAR)) status = "singular";
  }
  if (!(workspace.pwrss > PERFECT * left.yty)) status = "perfect-fit";
  const df = left.nobs - (method === "REML" ? workspace.p : 0);
  const sigma = Math.sqrt(workspace.pwrss / df);
  const { beta } = workspace.solution();
  const vcov = workspace.unscaledVcov();
  for (let i = 0; i < vcov.length; i++) vcov[i] *= sigma * sigma;
  return {
    status,
    beta,
    theta: theta.slice(),
    sigma,
    criterion: criterionAt(workspace, method, theta),
    vcov,
  };
}
