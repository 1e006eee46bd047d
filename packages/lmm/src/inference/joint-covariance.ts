import { hasEntries } from "../design/template";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { structuredBend } from "./covariance-elements";
import type { VariancePoint } from "./projected-system";
import { symmetricEigen } from "./symmetric-eigen";
import { restrictedTraces, type VarianceInformation, varianceInformation } from "./variance-information";

/** Eigenvalues of the scaled Hessian below this carry no information. */
const FLAT = 1e-9;
/** Curvature below this share of what there would be if X explained nothing is rounding error. */
const EXPLAINED = 1e-10;

/** The asymptotic covariance of the estimates of (θ, σ). */
export interface JointCovariance {
  /** Names of θ, then `sigma`. */
  readonly names: readonly string[];
  /** Hessian of −2 log-likelihood (restricted for REML) in (θ, σ), β profiled out; by rows. */
  readonly hessian: number[][];
  /** 2 H⁻¹, by rows; zero in directions in which the likelihood does not bend. */
  readonly covariance: number[][];
  /** What a reader must know: singular templates, flat or descending directions. */
  readonly diagnostics: readonly string[];
}

const cache = new WeakMap<LinearMixedModel, JointCovariance>();

/**
 * The joint covariance matrix of θ̂ and σ̂ from the exact Hessian of −2 log-likelihood.
 *
 * With γ(θ) the entries of all T_tT_t', K̃ = K − [REML] G̃G̃', g_k = tr(K̃B_k) − h'B_kh/σ² and
 * H_γ = −tr(K̃B_kK̃B_l) + 2h'B_k(K − G̃G̃')B_lh/σ²: H_θθ = J'H_γJ + Σ_k g_k ∂²γ_k, H_θσ = 2J'(h'B_kh)/σ³,
 * H_σσ = 4N/σ². Where the Hessian is singular its pseudo-inverse is given, and a diagnostic.
 *
 * Cost: that of `varianceInformation`, once per model.
 */
export function jointCovariance(model: LinearMixedModel): JointCovariance {
  let joint = cache.get(model);
  if (joint === undefined) {
    joint = compute(model, varianceInformation(model));
    cache.set(model, joint);
  }
  return joint;
}

function compute(model: LinearMixedModel, information: VarianceInformation): JointCovariance {
  const size = model.theta.length + 1;
  const h = jointHessian(model, information);
  const diagnostics: string[] = [];
  if (model.singular) {
    diagnostics.push("singular fit: some variance parameters are on their boundary; treated as known");
  }
  return {
    names: [...model.thetaNames, "sigma"],
    hessian: byRows(h, size),
    covariance: byRows(pseudoInverse(h, size, curvatureWithoutX(model, information), diagnostics), size),
    diagnostics,
  };
}

/** What the Hessian of (θ, σ) depends on besides the variance information at θ. */
export type HessianPoint = VariancePoint & Pick<LinearMixedModel, "sigma" | "method" | "nobs">;

/** The Hessian of −2 log-likelihood (restricted for REML) in (θ, σ), β profiled out, column-major. */
export function jointHessian(model: HessianPoint, information: VarianceInformation): Float64Array {
  const { sigma, theta } = model;
  const { p } = information.system.workspace;
  const n = theta.length;
  const size = n + 1;
  const h = new Float64Array(size * size);
  addCurvature(model, information, h);
  const { covariance, responseFirst } = information;
  const m = covariance.elements.length;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < m; k++) sum += covariance.jacobian[k * n + i] * responseFirst[k];
    h[i * size + n] = (2 * sum) / sigma ** 3;
    h[n * size + i] = h[i * size + n];
  }
  const df = model.nobs - (model.method === "REML" ? p : 0);
  h[n * size + n] = (4 * df) / sigma ** 2;
  return h;
}

/** H_θθ in the leading block of `outHessian`, (n + 1) × (n + 1). */
function addCurvature(model: HessianPoint, information: VarianceInformation, outHessian: Float64Array): void {
  const { theta, sigma, method, design } = model;
  const { covariance, traces, first, responseFirst, responseSecond } = information;
  const n = theta.length;
  const size = n + 1;
  const { elements, jacobian } = covariance;
  const m = elements.length;
  const reml = method === "REML";
  const pairs = reml ? restrictedTraces(information) : traces.pairs;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < m; k++) {
        const left = jacobian[k * n + i];
        if (left === 0) continue;
        for (let l = 0; l < m; l++) {
          const value = (2 * responseSecond[k * m + l]) / sigma ** 2 - pairs[k * m + l];
          sum += left * value * jacobian[l * n + j];
        }
      }
      outHessian[i * size + j] = sum;
    }
  }
  // γ_ab = Σ_m T_am T_bm: parameters in one column of one template bend each entry they share.
  const { p } = information.system.workspace;
  elements.forEach(({ term, row, col }, k) => {
    const { columnStart, template, thetaStart } = design.terms[term];
    let slope = traces.single[k] - responseFirst[k] / sigma ** 2;
    if (reml) for (let i = 0; i < p; i++) slope -= first[k][i * p + i];
    const { rows, cols, count } = template;
    if (!hasEntries(template)) {
      const bend = structuredBend(template, theta, thetaStart, row - columnStart, col - columnStart);
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < count; j++) {
          outHessian[(thetaStart + i) * size + thetaStart + j] += slope * bend[i * count + j];
        }
      }
      return;
    }
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < rows.length; j++) {
        if (cols[i] !== cols[j] || rows[i] + columnStart !== row || rows[j] + columnStart !== col) continue;
        outHessian[(thetaStart + i) * size + thetaStart + j] += slope;
        outHessian[(thetaStart + j) * size + thetaStart + i] += slope;
      }
    }
  });
}

/** Σ_kl |J_ki tr(KB_kKB_l) J_li| + 2 tr(KB), the size of the terms that add up to the diagonal of H. */
function curvatureWithoutX(
  { theta, design }: LinearMixedModel,
  { covariance: { elements, jacobian }, traces }: VarianceInformation,
): Float64Array {
  const n = theta.length;
  const m = elements.length;
  const out = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < m; k++) {
      const left = jacobian[k * n + i];
      if (left === 0) continue;
      for (let l = 0; l < m; l++) out[i] += Math.abs(left * traces.pairs[k * m + l] * jacobian[l * n + i]);
    }
  }
  elements.forEach(({ term, row, col }, k) => {
    const { columnStart, template, thetaStart } = design.terms[term];
    if (row !== col) return;
    template.rows.forEach((entry, i) => {
      if (entry + columnStart === row) out[thetaStart + i] += 2 * Math.abs(traces.single[k]);
    });
  });
  return out;
}

/**
 * 2H⁻¹ on the directions in which H, scaled to a unit diagonal, is clearly positive. Where X explains the effects of a
 * term, H is rounding error of `whole`, and scaled to a unit diagonal it would look like information.
 */
function pseudoInverse(
  h: Float64Array,
  size: number,
  whole: Float64Array,
  diagnostics: string[],
): Float64Array {
  const scale = Float64Array.from({ length: size }, (_, i) => {
    const value = Math.abs(h[i * size + i]);
    return value > EXPLAINED * whole[i] ? 1 / Math.sqrt(value) : 0;
  });
  const scaled = Float64Array.from(h, (value, at) => value * scale[at % size] * scale[Math.floor(at / size)]);
  const { values, vectors } = symmetricEigen(scaled, size);
  const out = new Float64Array(size * size);
  let flat = 0;
  let descending = 0;
  values.forEach((value, m) => {
    if (!(value > FLAT)) {
      if (value < -FLAT) descending++;
      else flat++;
      return;
    }
    for (let j = 0; j < size; j++) {
      for (let i = 0; i < size; i++) {
        out[j * size + i] +=
          (2 * vectors[m * size + i] * scale[i] * vectors[m * size + j] * scale[j]) / value;
      }
    }
  });
  if (flat > 0) {
    diagnostics.push(`flat likelihood: ${flat} direction${flat > 1 ? "s" : ""} of (theta, sigma) left out`);
  }
  if (descending > 0) {
    diagnostics.push(
      "no minimum: the Hessian of (theta, sigma) has a negative eigenvalue; degrees of freedom are doubtful",
    );
  }
  return out;
}

function byRows(matrix: Float64Array, n: number): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => matrix[j * n + i]));
}
