import { thetaBounds } from "../design/theta-bounds";
import { PairCollector } from "../diagnostics/level-pairs";
import {
  addRandomPart,
  columnAt,
  columnValues,
  fixedPart,
  type IncludedColumns,
} from "../diagnostics/linear-predictor";
import { RowReader } from "../diagnostics/row-reader";
import type { RowSource } from "../diagnostics/row-source";
import { eachRow, rowSystem } from "../diagnostics/row-system";
import { jointCovariance } from "../inference/joint-covariance";
import { kernelBuffers, timesElementInto, timesKernelInPlace } from "../inference/projected-system";
import { varianceInformation } from "../inference/variance-information";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { workspaceOf } from "../model/workspace-of";
import { applyTemplatesInto } from "../pls/blocks";
import { timesTemplatesInto } from "../pls/refill";

/**
 * a'Wa + g'g for each row: the variance of x'β̂ + z'b̂ − x'β − z'b over σ², for the random effects included.
 *
 * @param theta where, default θ̂
 * Cost: one inverse subset, on a wider pattern where rows join levels that never met in the data.
 */
export function predictionVariances(
  model: LinearMixedModel,
  rows: RowSource,
  included: IncludedColumns,
  theta: ArrayLike<number> = model.theta,
): Float64Array {
  const { factors } = model.design;
  const reader = new RowReader(workspaceOf(model), rows, included);
  const collector = new PairCollector(model.design);
  for (let r = 0; r < rows.nobs; r++) {
    for (let f = 0; f < factors.length; f++) {
      const level = reader.level(f, r);
      if (level < 0) continue;
      for (let g = 0; g < f; g++) {
        const other = reader.level(g, r);
        if (other >= 0) collector.add(collector.firstNode[f] + level, collector.firstNode[g] + other);
      }
    }
  }
  const out = new Float64Array(rows.nobs);
  eachRow(rowSystem(model, collector.pairs, theta), reader, (view) => {
    let sum = view.random;
    for (const value of view.fixed) sum += value * value;
    out[view.row] = sum;
  });
  return out;
}

/**
 * The derivatives of x'β̂(θ) + z'b̂(θ) with respect to each parameter in θ, one vector per parameter.
 *
 * With Γ = ΛΛ', h = Z'V⁻¹(y − Xβ̂), K = Z'V⁻¹Z, G̃ = Z'V⁻¹X root and v = (∂Γ)h: ∂β̂ = −root G̃'v and
 * ∂b̂ = v − Γ(Kv − G̃G̃'v).
 *
 * Cost: one solve for each parameter, besides `varianceInformation`.
 */
export function thetaGradients(
  model: LinearMixedModel,
  rows: RowSource,
  included: IncludedColumns,
): Float64Array[] {
  const { system, covariance } = varianceInformation(model);
  const { workspace, gh, root } = system;
  const { design, p } = workspace;
  const { q } = design;
  const n = model.theta.length;
  // The workspace is shared: the kernel needs it at θ̂.
  workspace.evaluate(model.theta);
  const h = gh.subarray(p * q, (p + 1) * q);
  const v = new Float64Array(q);
  const one = new Float64Array(q);
  const buffers = kernelBuffers(system, 1);
  return Array.from({ length: n }, (_, i) => {
    v.fill(0);
    covariance.elements.forEach((element, k) => {
      const slope = covariance.jacobian[k * n + i];
      if (slope === 0) return;
      timesElementInto(system, element, h, 1, one);
      for (let j = 0; j < q; j++) v[j] += slope * one[j];
    });
    const onFixed = new Float64Array(p);
    for (let j = 0; j < p; j++) for (let a = 0; a < q; a++) onFixed[j] += gh[j * q + a] * v[a];
    const kernel = v.slice();
    timesKernelInPlace(system, kernel, 1, buffers);
    for (let j = 0; j < p; j++) for (let a = 0; a < q; a++) kernel[a] -= gh[j * q + a] * onFixed[j];
    timesTemplatesInto(design, workspace.relative, kernel, 1, one);
    applyTemplatesInto(design, workspace.relative, one, 1, kernel);
    const beta = new Float64Array(p);
    for (let j = 0; j < p; j++) for (let a = 0; a < p; a++) beta[a] -= root[j * p + a] * onFixed[j];
    for (let a = 0; a < q; a++) kernel[a] = v[a] - kernel[a];
    const out = fixedPart(model, rows, beta);
    addRandomPart(model, rows, modesOf(model, kernel), included, out);
    return out;
  });
}

/** A vector in the order of Z as the modes of each term, levels × k, column-major. */
function modesOf({ design }: LinearMixedModel, b: Float64Array): Float64Array[] {
  return design.terms.map(({ factor, columnStart, columns }) => {
    const { start, ncols, levels } = design.factors[factor];
    const out = new Float64Array(levels.length * columns.length);
    for (let c = 0; c < columns.length; c++) {
      for (let l = 0; l < levels.length; l++) {
        out[c * levels.length + l] = b[start + l * ncols + columnStart + c];
      }
    }
    return out;
  });
}

/** What the uncertainty of θ̂ adds to the variance of each row's prediction, by the delta method. */
export function thetaVariances(
  model: LinearMixedModel,
  rows: RowSource,
  included: IncludedColumns,
): Float64Array {
  const { covariance } = jointCovariance(model);
  const gradients = thetaGradients(model, rows, included);
  const out = new Float64Array(rows.nobs);
  gradients.forEach((left, i) => {
    gradients.forEach((right, j) => {
      const weight = covariance[i][j];
      if (weight === 0) return;
      for (let r = 0; r < out.length; r++) out[r] += weight * left[r] * right[r];
    });
  });
  return out;
}

/** Relative step of differences in θ. */
const STEP = 1e-4;

/**
 * Satterthwaite's degrees of freedom of any variance v_r = σ²s_r(θ): 2v²/(g'Ag), with g its gradient (central
 * differences in θ, exact in σ) and A the joint covariance of (θ̂, σ̂).
 *
 * @param relative s at some θ, one per row
 * Source: Giesbrecht & Burns (1985), Biometrics 41(2), applied to prediction error variances.
 */
export function varianceDf(
  model: LinearMixedModel,
  relative: (theta: ArrayLike<number>) => Float64Array,
): Float64Array {
  const { covariance } = jointCovariance(model);
  const { theta, sigma, design } = model;
  const { upper: upperBounds } = thetaBounds(design);
  const n = theta.length;
  const at = relative(theta);
  const gradients: Float64Array[] = [];
  for (let i = 0; i < n; i++) {
    // Parameters that are treated as known need no derivative.
    if (covariance[i][i] === 0) {
      gradients.push(new Float64Array(at.length));
      continue;
    }
    const step = STEP * Math.max(1, Math.abs(theta[i]));
    const moved = theta.slice();
    moved[i] = Math.min(upperBounds[i], theta[i] + step);
    const high = relative(moved);
    const above = moved[i];
    moved[i] = Math.max(design.lower[i], theta[i] - step);
    const low = relative(moved);
    const width = above - moved[i];
    gradients.push(high.map((value, r) => (sigma * sigma * (value - low[r])) / width));
  }
  gradients.push(at.map((value) => 2 * sigma * value));
  return at.map((value, r) => {
    let spread = 0;
    for (let i = 0; i <= n; i++) {
      for (let j = 0; j <= n; j++) spread += gradients[i][r] * covariance[i][j] * gradients[j][r];
    }
    const variance = sigma * sigma * value;
    return spread > 0 ? (2 * variance * variance) / spread : Number.POSITIVE_INFINITY;
  });
}

/**
 * z'TT'z of what a prediction does not condition on: the columns of terms that are left out, and all columns where
 * the row's level is a new one; the templates T are those of the workspace's last θ.
 *
 * Cost: k² for each row and term.
 */
export function unconditionedVariances(
  model: LinearMixedModel,
  rows: RowSource,
  included: IncludedColumns,
): Float64Array {
  const { relative } = workspaceOf(model);
  const out = new Float64Array(rows.nobs);
  model.design.terms.forEach((term, t) => {
    const source = rows.random[term.frameIndex];
    if (source === null) return;
    const mask = included === null ? null : included[t];
    const { levels, ncols } = model.design.factors[term.factor];
    const { codes } = source.group;
    const columns = source.design.columns.map((column) => columnValues(column, rows.nobs));
    const template = relative[term.factor];
    for (let r = 0; r < rows.nobs; r++) {
      const fresh = codes[r] < 0 || codes[r] >= levels.length;
      if (!fresh && included === null) continue;
      for (let c = 0; c < columns.length; c++) {
        let sum = 0;
        for (let a = 0; a < columns.length; a++) {
          if (!fresh && mask?.[a] === true) continue;
          sum += template[(term.columnStart + c) * ncols + term.columnStart + a] * columnAt(columns[a], r);
        }
        out[r] += sum * sum;
      }
    }
  });
  return out;
}
