import { type ThetaBounds, thetaBounds } from "../design/theta-bounds";
import { PlsDerivatives } from "../pls/derivatives";
import type { PlsWorkspace } from "../pls/workspace";
import { criterion } from "./criterion";
import type { Method } from "./options";

/**
 * How near to zero the diagonal of a template, or another parameter to its bound, may come before derivatives are taken: D_t = ½ ∂f/∂T T⁻¹
 * needs a regular T. On columns of mean square one, f changes by less than its rounding error.
 */
const REGULAR = 1e-7;

/** Value, gradient and average-information matrix of the criterion, with the D_t of every term. */
export class SecondOrder {
  private readonly workspace: PlsWorkspace;
  private readonly method: Method;
  private readonly derivatives: PlsDerivatives;
  private readonly point: Float64Array;
  private readonly bounds: ThetaBounds;
  /** D_t of every term at the last point, k×k, column-major. */
  readonly curvature: readonly Float64Array[];

  constructor(workspace: PlsWorkspace, method: Method) {
    this.workspace = workspace;
    this.method = method;
    this.derivatives = new PlsDerivatives(workspace);
    this.curvature = workspace.design.terms.map(({ template: { k } }) => new Float64Array(k * k));
    this.bounds = thetaBounds(workspace.design);
    this.point = new Float64Array(workspace.design.theta0.length);
  }

  /**
   * Value and gradient at x; templates may be singular.
   *
   * @param x θ, or φ when the workspace has other maps; not changed
   * @param outGradient nθ numbers, overwritten
   * @returns the criterion; +Infinity (and nothing written) where there is none
   */
  evaluateGradientInto(x: ArrayLike<number>, outGradient: Float64Array): number {
    const { workspace, method, derivatives } = this;
    if (!workspace.evaluate(x)) return Number.POSITIVE_INFINITY;
    const value = criterion(workspace, method);
    if (value !== Number.POSITIVE_INFINITY) derivatives.gradientInto(method, outGradient);
    return value;
  }

  /**
   * Evaluates at x, diagonals moved away from zero (parameters of other structures from their bounds) by 1e-7.
   *
   * @param x θ, or φ when the workspace has other maps; not changed
   * @param outGradient nθ numbers, overwritten
   * @param outHessian nθ×nθ, overwritten
   * @returns the criterion; +Infinity (and nothing written) where there is none
   */
  evaluateInto(x: ArrayLike<number>, outGradient: Float64Array, outHessian: Float64Array): number {
    const { workspace, method, derivatives, point } = this;
    const { lower, upper } = this.bounds;
    for (let i = 0; i < point.length; i++) {
      const value = x[i];
      point[i] = value;
      if (Math.abs(value - lower[i]) < REGULAR) point[i] = lower[i] + (value < lower[i] ? -REGULAR : REGULAR);
      else if (Math.abs(value - upper[i]) < REGULAR) {
        point[i] = upper[i] + (value > upper[i] ? REGULAR : -REGULAR);
      }
    }
    if (!workspace.evaluate(point)) return Number.POSITIVE_INFINITY;
    const value = criterion(workspace, method);
    if (value === Number.POSITIVE_INFINITY) return value;
    derivatives.gradientInto(method, outGradient);
    derivatives.covarianceDerivativesInto(this.curvature);
    derivatives.informationInto(method, this.curvature, outHessian);
    return value;
  }
}
