import { heterogeneousStructure, homogeneousStructure } from "./correlation-factor";
import { autoregressive, compoundSymmetric } from "./correlation-matrices";
import { type CovarianceStructure, SCALES_ALL } from "./covariance-structure";

/** Share of the variance to which starting values are lifted. */
const FLOOR = 0.01;

/** `homdiag`: T = sI, independent effects with one relative standard deviation. θ = (s). */
const homogeneousDiagonal: CovarianceStructure = {
  name: "homdiag",
  parameters: () => ["sd"],
  lower: () => [0],
  upper: () => [Number.POSITIVE_INFINITY],
  start: () => [1],
  fillInto: (theta, k, outT) => identityInto(theta[0], k, outT),
  derivativeInto: (_theta, k, _i, outT) => identityInto(1, k, outT),
  secondDerivativeInto: (_theta, _k, _i, _j, outT) => {
    outT.fill(0);
  },
  nearest(covariance, k) {
    let mean = 0;
    for (let i = 0; i < k; i++) mean += covariance[i * k + i] / k;
    return [Math.sqrt(mean)];
  },
  scales: () => [SCALES_ALL],
  mirrored: () => [true],
  rectifyInPlace: absoluteInPlace,
};

/**
 * `homcs`: one variance s² and one correlation ρ, T = a(I − J/k) + bJ/k, J all ones: a² = s²(1 − ρ) is the variance
 * of what effects differ from their mean by, b² = s²(1 + (k − 1)ρ) that of the mean times k. θ = (a, b): T is
 * linear in it, the criterion even in both, and ρ = 1, ρ = −1/(k − 1) and s = 0 are a = 0, b = 0 and both.
 */
const homogeneousCompoundSymmetry: CovarianceStructure = {
  name: "homcs",
  parameters: () => ["deviation", "mean"],
  lower: () => [0, 0],
  upper: () => [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  start: () => [1, 1],
  fillInto: (theta, k, outT) => symmetricInto(theta[0], theta[1], k, outT),
  derivativeInto: (_theta, k, i, outT) => symmetricInto(i === 0 ? 1 : 0, i, k, outT),
  secondDerivativeInto: (_theta, _k, _i, _j, outT) => {
    outT.fill(0);
  },
  nearest(covariance, k) {
    let variance = 0;
    let other = 0;
    for (let j = 0; j < k; j++) {
      for (let i = 0; i < k; i++) {
        if (i === j) variance += covariance[j * k + i] / k;
        else other += covariance[j * k + i] / (k * (k - 1));
      }
    }
    const floor = FLOOR * variance;
    return [
      Math.sqrt(Math.max(floor, variance - other)),
      Math.sqrt(Math.max(floor, variance + (k - 1) * other)),
    ];
  },
  correlation(theta, k) {
    const between = theta[1] * theta[1];
    const within = theta[0] * theta[0];
    return (between - within) / (between + (k - 1) * within);
  },
  scales: () => [SCALES_ALL, SCALES_ALL],
  mirrored: () => [true, true],
  rectifyInPlace: absoluteInPlace,
};

/**
 * The structures of several effects that are not free entries of T, by name: `homdiag`, `cs` (a variance for each
 * effect, as in glmmTMB and lme4) and `homcs`, `ar1` (one variance, likewise) and `hetar1`.
 */
export const builtInStructures: ReadonlyMap<string, CovarianceStructure> = /* @__PURE__ */ new Map(
  [
    homogeneousDiagonal,
    homogeneousCompoundSymmetry,
    heterogeneousStructure("cs", compoundSymmetric),
    homogeneousStructure("ar1", autoregressive),
    heterogeneousStructure("hetar1", autoregressive),
  ].map((structure) => [structure.name, structure]),
);

function identityInto(scale: number, k: number, out: Float64Array): void {
  out.fill(0);
  for (let i = 0; i < k; i++) out[i * k + i] = scale;
}

/** a(I − J/k) + bJ/k. */
function symmetricInto(a: number, b: number, k: number, out: Float64Array): void {
  const rest = (b - a) / k;
  for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) out[j * k + i] = i === j ? rest + a : rest;
}

function absoluteInPlace(theta: Float64Array): void {
  for (let i = 0; i < theta.length; i++) theta[i] = Math.abs(theta[i]);
}
