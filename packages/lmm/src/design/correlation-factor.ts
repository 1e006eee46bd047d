import { type CovarianceStructure, SCALES_ALL, SCALES_NONE } from "./covariance-structure";

/**
 * One-parameter correlation matrices R(x) = C(x)C(x)' with C, C' and C'' in + − × ÷ alone, smooth up to and
 * beyond the ends of the range of x, where R is singular and the covariance matrices begin to repeat.
 */
export interface CorrelationFactor {
  /** Range of x. */
  readonly range: readonly [number, number];
  /** The derivative of C of the given order (0, 1, 2), k×k, column-major. */
  into(x: number, k: number, order: 0 | 1 | 2, out: Float64Array): void;
  /** The correlation ρ(x). */
  correlation(x: number, k: number): number;
  /** x of a correlation; correlations out of range are moved into it. */
  ofCorrelation(rho: number, k: number): number;
  /** The correlation nearest to a correlation matrix. */
  nearest(correlation: (i: number, j: number) => number, k: number): number;
  /** x within the range with the same R. */
  rectified(x: number): number;
}

/**
 * T = s·C(x): one relative standard deviation s for all effects, and one correlation.
 *
 * θ = (s, x). The criterion is even in s and mirrored at the ends of x.
 */
export function homogeneousStructure(name: string, factor: CorrelationFactor): CovarianceStructure {
  const [low, high] = factor.range;
  return {
    name,
    parameters: () => ["sd", "angle"],
    lower: () => [0, low],
    upper: () => [Number.POSITIVE_INFINITY, high],
    start: (k) => [1, factor.ofCorrelation(0, k)],
    fillInto(theta, k, outT) {
      factor.into(theta[1], k, 0, outT);
      for (let i = 0; i < outT.length; i++) outT[i] *= theta[0];
    },
    derivativeInto(theta, k, i, outT) {
      factor.into(theta[1], k, i === 0 ? 0 : 1, outT);
      if (i === 1) for (let m = 0; m < outT.length; m++) outT[m] *= theta[0];
    },
    secondDerivativeInto(theta, k, i, j, outT) {
      if (i === 0 && j === 0) {
        outT.fill(0);
        return;
      }
      factor.into(theta[1], k, i === j ? 2 : 1, outT);
      if (i === j) for (let m = 0; m < outT.length; m++) outT[m] *= theta[0];
    },
    nearest(covariance, k) {
      let mean = 0;
      for (let i = 0; i < k; i++) mean += covariance[i * k + i] / k;
      const scaled = (i: number, j: number) => covariance[j * k + i] / mean;
      return [Math.sqrt(mean), factor.ofCorrelation(factor.nearest(scaled, k), k)];
    },
    correlation: (theta, k) => factor.correlation(theta[1], k),
    scales: () => [SCALES_ALL, SCALES_NONE],
    mirrored: () => [true, true],
    rectifyInPlace(theta) {
      theta[0] = Math.abs(theta[0]);
      theta[1] = factor.rectified(theta[1]);
    },
    alternatives: (theta, k) => otherAngles(theta, 1, k, factor),
  };
}

/**
 * T = diag(s)·C(x): a relative standard deviation for each effect, and one correlation.
 *
 * θ = (s_1, …, s_k, x). A negative s would be another covariance matrix: its bound is a real one.
 */
export function heterogeneousStructure(name: string, factor: CorrelationFactor): CovarianceStructure {
  const [low, high] = factor.range;
  const repeat = (k: number, value: number, last: number) => [...new Array<number>(k).fill(value), last];
  return {
    name,
    parameters: (columns) => [...columns, "angle"],
    lower: (k) => repeat(k, 0, low),
    upper: (k) => repeat(k, Number.POSITIVE_INFINITY, high),
    start: (k) => repeat(k, 1, factor.ofCorrelation(0, k)),
    fillInto(theta, k, outT) {
      factor.into(theta[k], k, 0, outT);
      scaleRows(outT, theta, k);
    },
    derivativeInto(theta, k, i, outT) {
      factor.into(theta[k], k, i === k ? 1 : 0, outT);
      if (i === k) scaleRows(outT, theta, k);
      else keepRow(outT, i, k);
    },
    secondDerivativeInto(theta, k, i, j, outT) {
      if (i < k && j < k) {
        outT.fill(0);
        return;
      }
      factor.into(theta[k], k, i === j ? 2 : 1, outT);
      if (i === j) scaleRows(outT, theta, k);
      else keepRow(outT, Math.min(i, j), k);
    },
    nearest(covariance, k) {
      const s = Array.from({ length: k }, (_, i) => Math.sqrt(covariance[i * k + i]));
      const scaled = (i: number, j: number) => covariance[j * k + i] / (s[i] * s[j]);
      return [...s, factor.ofCorrelation(factor.nearest(scaled, k), k)];
    },
    correlation: (theta, k) => factor.correlation(theta[k], k),
    scales: (k) => [...Array.from({ length: k }, (_, i) => i), SCALES_NONE],
    mirrored: (k) => [...new Array<boolean>(k).fill(false), true],
    rectifyInPlace(theta, k) {
      theta[k] = factor.rectified(theta[k]);
    },
    alternatives: (theta, k) => otherAngles(theta, k, k, factor),
  };
}

/** Shares of the way from no correlation to the greatest and least. */
const ELSEWHERE = [0.9, 0.5, -0.5, -0.9];

function otherAngles(
  theta: Float64Array,
  at: number,
  k: number,
  factor: CorrelationFactor,
): readonly Float64Array[] {
  return ELSEWHERE.map((rho) => {
    const other = theta.slice();
    other[at] = factor.ofCorrelation(rho < 0 && factor.range[0] === 0 ? rho / (k - 1) : rho, k);
    return other;
  });
}

function scaleRows(matrix: Float64Array, s: Float64Array, k: number): void {
  for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) matrix[j * k + i] *= s[i];
}

function keepRow(matrix: Float64Array, row: number, k: number): void {
  for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) if (i !== row) matrix[j * k + i] = 0;
}
