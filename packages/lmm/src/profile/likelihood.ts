import { PlsDerivatives } from "../pls/derivatives";
import type { PlsWorkspace } from "../pls/workspace";

/** How near to zero the diagonal of a template may come before derivatives are taken (see `fit/second-order`). */
const REGULAR = 1e-7;

/**
 * −2 log-likelihood as a function of (φ, log σ), β profiled out, with its derivatives:
 *
 * F = log|L|² + n log(2πσ²) + r²/σ² − Σ log w.
 *
 * The gradient is exact. Of the Hessian, the part in φ is the average information plus the curvature of the
 * templates; what concerns log σ is exact.
 */
export class Likelihood {
  private readonly workspace: PlsWorkspace;
  private readonly derivatives: PlsDerivatives;
  private readonly curvature: readonly Float64Array[];
  private readonly gradient: Float64Array;
  private readonly hessian: Float64Array;
  private readonly point: Float64Array;
  /** Length of a point: parameters in θ, and log σ. */
  readonly size: number;
  /** Evaluations so far. */
  evaluations = 0;

  constructor(workspace: PlsWorkspace) {
    const n = workspace.design.theta0.length;
    this.size = n + 1;
    this.workspace = workspace;
    this.derivatives = new PlsDerivatives(workspace);
    this.curvature = workspace.design.terms.map(({ template: { k } }) => new Float64Array(k * k));
    this.gradient = new Float64Array(n);
    this.hessian = new Float64Array(n * n);
    this.point = new Float64Array(n);
  }

  /** F at (φ, log σ), without derivatives. */
  value(point: ArrayLike<number>): number {
    this.place(point);
    return this.evaluate(point[this.size - 1]);
  }

  /**
   * F and its derivatives; diagonals of templates are moved away from zero by at most 1e-7.
   *
   * @param point φ, then log σ; not changed
   * @param outGradient n + 1 numbers, overwritten
   * @param outHessian (n + 1)×(n + 1), overwritten
   * @returns +Infinity (and nothing written) where there is no value
   * Cost: one evaluation with derivatives.
   */
  evaluateInto(point: ArrayLike<number>, outGradient: Float64Array, outHessian: Float64Array): number {
    const { workspace, derivatives, curvature, gradient, hessian } = this;
    const { products } = workspace;
    const n = gradient.length;
    this.place(point);
    const value = this.evaluate(point[n]);
    if (value === Number.POSITIVE_INFINITY) return value;
    const precision = Math.exp(-2 * point[n]);
    const { pwrss } = workspace;
    derivatives.gradientInto("ML", gradient, precision);
    derivatives.covarianceDerivativesInto(curvature);
    derivatives.informationInto("ML", curvature, hessian, precision);
    const size = n + 1;
    for (let i = 0; i < n; i++) {
      outGradient[i] = gradient[i];
      for (let j = 0; j < n; j++) outHessian[j * size + i] = hessian[j * n + i];
      const mixed = 2 * precision * derivatives.s[i];
      outHessian[n * size + i] = mixed;
      outHessian[i * size + n] = mixed;
    }
    outGradient[n] = 2 * products.nobs - 2 * precision * pwrss;
    outHessian[n * size + n] = 4 * precision * pwrss;
    return value;
  }

  private place(point: ArrayLike<number>): void {
    const { lower } = this.workspace.design;
    for (let i = 0; i < this.point.length; i++) {
      const value = point[i];
      const small = lower[i] === 0 && Math.abs(value) < REGULAR;
      this.point[i] = small ? (value < 0 ? -REGULAR : REGULAR) : value;
    }
  }

  private evaluate(logSigma: number): number {
    const { workspace } = this;
    this.evaluations++;
    const precision = Math.exp(-2 * logSigma);
    if (!(precision > 0 && precision < 1e300) || !workspace.evaluate(this.point)) {
      return Number.POSITIVE_INFINITY;
    }
    const { pwrss, logDetL2, products } = workspace;
    if (!(pwrss > 0)) return Number.POSITIVE_INFINITY;
    const constant = products.nobs * Math.log(2 * Math.PI) - products.sumLogWeights;
    return logDetL2 + 2 * products.nobs * logSigma + precision * pwrss + constant;
  }
}
