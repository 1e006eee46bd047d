import type { ModelFrame } from "@lmmkit/formula";
import type { CovarianceStructure } from "../design/covariance-structure";
import { buildDesign } from "../design/design";
import { LmmError } from "../errors";
import { criterion } from "../fit/criterion";
import type { Method } from "../fit/options";
import { SecondOrder } from "../fit/second-order";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { workspaceOf } from "../model/workspace-of";
import { PlsDerivatives } from "../pls/derivatives";
import { crossProducts } from "../products/from-frame";
import { jointHessian } from "./joint-covariance";
import { varianceInformation } from "./variance-information";

/** What `criterionDerivatives` may be told. */
export interface CriterionDerivativesOptions {
  /** Default: the model's own, `REML` for a frame. */
  readonly method?: Method;
  /**
   * `average-information` (default): what Newton's method uses; one solve per parameter. `exact`: traces over all
   * levels, far more expensive with crossed factors. `none`: the gradient alone.
   */
  readonly hessian?: "average-information" | "exact" | "none";
  /** For a frame with covariance structures of the user's. */
  readonly structures?: Readonly<Record<string, CovarianceStructure>>;
}

/** The criterion at one θ with its derivatives. */
export interface CriterionDerivatives {
  readonly names: readonly string[];
  readonly theta: Float64Array;
  /** −2 log-likelihood or REML criterion, β and σ profiled out. */
  readonly criterion: number;
  /** ∂f/∂θ_i. */
  readonly gradient: Float64Array;
  /** nθ×nθ, by rows; null when none was asked for. */
  readonly hessian: number[][] | null;
}

/**
 * The profiled criterion f(θ), its exact gradient, and its average-information or exact Hessian in θ.
 *
 * Gradient and average information come from one factorization; the exact Hessian is that of (θ, σ) with σ
 * profiled out, H_θθ − H_θσH_σθ/H_σσ at σ² = r²/N. Average information is taken with parameters moved off their
 * bounds by 1e-7 (it divides by T); gradient and exact Hessian are those at θ itself.
 *
 * @param subject a fitted model, or a model frame
 * @param theta not changed; default: the model's estimate, or where a search would start
 * @throws LmmError `theta-length`; `theta-not-finite` where the criterion cannot be evaluated
 * Cost: two evaluations and an inverse subset; the exact Hessian as `varianceInformation`.
 */
export function criterionDerivatives(
  subject: LinearMixedModel | ModelFrame,
  theta?: ArrayLike<number>,
  options: CriterionDerivativesOptions = {},
): CriterionDerivatives {
  const point = "kind" in subject ? subject : pointOf(subject, options);
  const method = options.method ?? ("kind" in subject ? subject.method : "REML");
  const { design, products } = point;
  const own = Float64Array.from(theta ?? ("kind" in subject ? subject.theta : design.theta0));
  const n = own.length;
  const workspace = workspaceOf(point);
  const hessian = options.hessian ?? "average-information";
  const second = new SecondOrder(workspace, method);
  const information = new Float64Array(n * n);
  if (hessian === "average-information") second.evaluateInto(own, new Float64Array(n), information);
  const value = workspace.evaluate(own) ? criterion(workspace, method) : Number.POSITIVE_INFINITY;
  if (value === Number.POSITIVE_INFINITY) {
    throw new LmmError("theta-not-finite", "unusable theta: the criterion has no value there", own, "");
  }
  const gradient = new Float64Array(n);
  new PlsDerivatives(workspace).gradientInto(method, gradient);
  const df = products.nobs - (method === "REML" ? workspace.p : 0);
  const sigma = Math.sqrt(workspace.pwrss / df);
  const result = { names: design.thetaNames, theta: own, criterion: value, gradient };
  if (hessian === "none") return { ...result, hessian: null };
  const at = (i: number, j: number) => information[j * n + i];
  if (hessian === "average-information") return { ...result, hessian: square(n, at) };
  const place = { design, products, theta: own, sigma, method, nobs: products.nobs };
  const joint = jointHessian(place, varianceInformation(place));
  const size = n + 1;
  const profiled = (i: number, j: number) =>
    joint[j * size + i] - (joint[n * size + i] * joint[n * size + j]) / joint[n * size + n];
  return { ...result, hessian: square(n, profiled) };
}

function pointOf(frame: ModelFrame, { structures }: CriterionDerivativesOptions) {
  const design = buildDesign(frame, undefined, structures);
  return { design, products: crossProducts(frame, design) };
}

function square(n: number, at: (i: number, j: number) => number): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => at(i, j)));
}
