import { type CovarianceElements, covarianceElements } from "./covariance-elements";
import { type KernelTraces, kernelTraces } from "./kernel-traces";
import {
  elementForm,
  kernelBuffers,
  type ProjectedSystem,
  projectedSystem,
  timesElementInto,
  timesKernelInPlace,
  type VariancePoint,
} from "./projected-system";

/**
 * How the likelihood and (X'V⁻¹X)⁻¹ change with the entries γ_k of the relative covariance matrices,
 * V = I + Σ_k γ_k Z B_k Z', at θ̂.
 *
 * X is taken in the basis X RX⁻¹, in which X'V⁻¹X = I: P_k = G̃'B_kG̃ and Q_kl = G̃'B_kKB_lG̃.
 */
export interface VarianceInformation {
  readonly system: ProjectedSystem;
  readonly covariance: CovarianceElements;
  readonly traces: KernelTraces;
  /** P_k, p×p each. */
  readonly first: readonly Float64Array[];
  /** tr Q_kl, elements × elements. */
  readonly secondTraces: Float64Array;
  /** h'B_kh. */
  readonly responseFirst: Float64Array;
  /** h'B_k(K − G̃G̃')B_lh, elements × elements. */
  readonly responseSecond: Float64Array;
}

const cache = new WeakMap<VariancePoint, VarianceInformation>();

/**
 * The variance information of a fit, computed once per model.
 *
 * Cost: `kernelTraces`, and (p + 1) solves for each element.
 */
export function varianceInformation(model: VariancePoint): VarianceInformation {
  let information = cache.get(model);
  if (information === undefined) {
    information = compute(model);
    cache.set(model, information);
  }
  return information;
}

function compute(model: VariancePoint): VarianceInformation {
  const covariance = covarianceElements(model.design, model.theta);
  const { elements } = covariance;
  const system = projectedSystem(model);
  const { p, design } = system.workspace;
  const { q } = design;
  const n = elements.length;
  const traces = kernelTraces(system, covariance);
  const first = elements.map((element) => {
    const out = new Float64Array(p * p);
    for (let j = 0; j < p; j++) {
      for (let i = 0; i <= j; i++) {
        const value = elementForm(system, element, system.gh, i * q, system.gh, j * q);
        out[j * p + i] = value;
        out[i * p + j] = value;
      }
    }
    return out;
  });
  // c_k = G̃'B_kh, what of h'B_k falls on X.
  const onFixed = elements.map((element) =>
    Float64Array.from({ length: p }, (_, j) =>
      elementForm(system, element, system.gh, j * q, system.gh, p * q),
    ),
  );
  const responseFirst = Float64Array.from(elements, (element) =>
    elementForm(system, element, system.gh, p * q, system.gh, p * q),
  );
  const secondTraces = new Float64Array(n * n);
  const responseSecond = new Float64Array(n * n);
  eachSecondProduct(system, elements.length, covariance, (k, l, product) => {
    let trace = 0;
    for (let j = 0; j < p; j++) trace += elementForm(system, elements[k], system.gh, j * q, product, j * q);
    let response = elementForm(system, elements[k], system.gh, p * q, product, p * q);
    for (let j = 0; j < p; j++) response -= onFixed[k][j] * onFixed[l][j];
    secondTraces[k * n + l] = trace;
    secondTraces[l * n + k] = trace;
    responseSecond[k * n + l] = response;
    responseSecond[l * n + k] = response;
  });
  return { system, covariance, traces, first, secondTraces, responseFirst, responseSecond };
}

/** Calls `visit` with K B_l [G̃, h] for every l and k ≤ l; the product is reused. */
function eachSecondProduct(
  system: ProjectedSystem,
  n: number,
  { elements }: CovarianceElements,
  visit: (k: number, l: number, product: Float64Array) => void,
): void {
  const ncols = system.workspace.p + 1;
  const product = new Float64Array(system.gh.length);
  const buffers = kernelBuffers(system, ncols);
  for (let l = 0; l < n; l++) {
    timesElementInto(system, elements[l], system.gh, ncols, product);
    timesKernelInPlace(system, product, ncols, buffers);
    for (let k = 0; k <= l; k++) visit(k, l, product);
  }
}

/**
 * Q_kl = G̃'B_kKB_lG̃ for all k ≤ l, in the order (0,0), (0,1), (1,1), (0,2), …, p×p each, symmetrized.
 *
 * Memory: p² numbers for each pair of elements. Cost: p² q for each pair.
 */
export function secondProducts({ system, covariance }: VarianceInformation): Float64Array[] {
  const { p, design } = system.workspace;
  const { q } = design;
  const all: Float64Array[] = [];
  eachSecondProduct(system, covariance.elements.length, covariance, (k, _, product) => {
    const out = new Float64Array(p * p);
    const element = covariance.elements[k];
    for (let j = 0; j < p; j++) {
      for (let i = 0; i < p; i++) {
        const value = elementForm(system, element, system.gh, i * q, product, j * q) / 2;
        out[j * p + i] += value;
        out[i * p + j] += value;
      }
    }
    all.push(out);
  });
  return all;
}

/** tr(K̃B_kK̃B_l) with K̃ = K − G̃G̃', elements × elements: what REML has in the place of tr(KB_kKB_l). */
export function restrictedTraces({ traces, first, secondTraces }: VarianceInformation): Float64Array {
  const n = first.length;
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < n; l++) {
      let sum = traces.pairs[k * n + l] - 2 * secondTraces[k * n + l];
      for (let i = 0; i < first[k].length; i++) sum += first[k][i] * first[l][i];
      out[k * n + l] = sum;
    }
  }
  return out;
}
