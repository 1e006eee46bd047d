import type { LinearMixedModel } from "../model/linear-mixed-model";
import { jointCovariance } from "./joint-covariance";
import { nonZeros } from "./non-zeros";
import { elementForm } from "./projected-system";
import { type VarianceInformation, varianceInformation } from "./variance-information";

/** From here on the forms of a contrast are worth a choice. */
const MANY_COLUMNS = 64;

/** A one-row hypothesis ℓ'β = 0 seen by Satterthwaite's method. */
export interface SatterthwaiteRow {
  /** ℓ'β̂. */
  readonly estimate: number;
  /** ℓ'vcov ℓ. */
  readonly variance: number;
  /** 2 Var² / Var(Var): the degrees of freedom of the χ² with the same two moments. */
  readonly df: number;
}

/**
 * Satterthwaite's degrees of freedom of one contrast: ν = 2v²/(g'Ag), with v(θ, σ) = ℓ'vcov ℓ, g its exact
 * gradient and A the joint covariance of (θ̂, σ̂).
 *
 * @param contrast length p, on the kept fixed effects; not changed
 * Source: Satterthwaite (1946), Biometrics Bulletin 2(6); Giesbrecht & Burns (1985), Biometrics 41(2);
 * Fai & Cornelius (1996), J. Stat. Comput. Simul. 54(4).
 */
export function satterthwaiteRow(model: LinearMixedModel, contrast: ArrayLike<number>): SatterthwaiteRow {
  const information = varianceInformation(model);
  const { covariance } = jointCovariance(model);
  const p = model.beta.length;
  let estimate = 0;
  for (let j = 0; j < p; j++) estimate += contrast[j] * model.beta[j];
  const { value, gradient } = contrastVariance(model, information, contrast);
  let spread = 0;
  for (let i = 0; i < gradient.length; i++) {
    for (let j = 0; j < gradient.length; j++) spread += gradient[i] * covariance[i][j] * gradient[j];
  }
  return {
    estimate,
    variance: value,
    df: spread > 0 ? (2 * value * value) / spread : Number.POSITIVE_INFINITY,
  };
}

/** ℓ'vcov ℓ = σ²|root'ℓ|² and its derivatives with respect to θ, then σ. */
function contrastVariance(
  { sigma, theta, beta, design: { q } }: LinearMixedModel,
  { system, covariance: { elements, jacobian }, first }: VarianceInformation,
  contrast: ArrayLike<number>,
): { value: number; gradient: Float64Array } {
  const { root, gh } = system;
  const p = beta.length;
  const n = theta.length;
  const w = new Float64Array(p);
  const own = nonZeros(contrast);
  let square = 0;
  for (let j = 0; j < p; j++) {
    for (const i of own) w[j] += root[j * p + i] * contrast[i];
    square += w[j] * w[j];
  }
  const gradient = new Float64Array(n + 1);
  // w'P_kw = (G̃w)'B_k(G̃w), which is less work where X has more columns than Z.
  const wide = p >= MANY_COLUMNS && q < elements.length * p;
  const onRandom = wide ? new Float64Array(q) : null;
  if (onRandom !== null) {
    for (let j = 0; j < p; j++) for (let i = 0; i < q; i++) onRandom[i] += gh[j * q + i] * w[j];
  }
  elements.forEach((element, k) => {
    let slope = 0;
    if (onRandom !== null) slope = elementForm(system, element, onRandom, 0, onRandom, 0);
    else for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) slope += w[i] * first[k][j * p + i] * w[j];
    for (let i = 0; i < n; i++) gradient[i] += sigma * sigma * slope * jacobian[k * n + i];
  });
  gradient[n] = 2 * sigma * square;
  return { value: sigma * sigma * square, gradient };
}

/**
 * The denominator degrees of freedom of the F statistic that is the mean of squared independent t statistics
 * on ν_m degrees of freedom: E = Σ ν_m/(ν_m − 2) is the mean of their sum of squares, and 2E/(E − q) gives an
 * F distribution the same mean; 2 when some ν_m ≤ 2, where no mean exists.
 *
 * Source: Fai & Cornelius (1996), method 1.
 */
export function combinedDf(df: readonly number[]): number {
  const q = df.length;
  if (q === 1) return df[0];
  const mean = df.reduce((sum, value) => sum + value, 0) / q;
  if (df.every((value) => value === mean || Math.abs(value - mean) < 1e-8)) return mean;
  if (df.some((value) => value <= 2)) return 2;
  // Of ν/(ν − 2) = 1 + 2/(ν − 2) only the second part counts in E − q.
  const excess = df.reduce((sum, value) => sum + 2 / (value - 2), 0);
  return (2 * (q + excess)) / excess;
}
