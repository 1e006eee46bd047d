import { cholesky, solveLowerInPlace } from "@lmmkit/dense";
import { addColumn, fittedValues } from "../model/fitted-values";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { RandomStream } from "../random/random-stream";

/** The effects of one term, ready to be drawn with replacement. */
interface ResampledTerm {
  readonly frameIndex: number;
  /** levels × k, column-major. */
  readonly effects: Float64Array;
  readonly nlevels: number;
  readonly k: number;
}

/**
 * Responses from resampled residuals, and where the random effects are drawn anew, resampled random effects.
 *
 * With the effects kept (`useU`) this is the semiparametric bootstrap of lme4's `bootMer`: fitted values plus
 * residuals drawn with replacement. Drawn anew, the predicted effects and the residuals are first centred and
 * reflated, for predictions vary less than what they predict: B̂ is multiplied so that B̂'B̂/levels = σ̂²T̂T̂', the
 * scaled residuals so that their variance is σ̂².
 *
 * Source: Carpenter, Goldstein & Rasbash (2003), "A novel bootstrap procedure for assessing the relationship between
 * class size and achievement", Applied Statistics 52, 431–443, §3.
 */
export class ResidualResampler {
  private readonly model: LinearMixedModel;
  private readonly mean: Float64Array;
  private readonly terms: readonly ResampledTerm[];
  /** √w times the residuals, of the rows that count. */
  private readonly residuals: Float64Array;

  constructor(model: LinearMixedModel, useU: boolean) {
    this.model = model;
    const { frame, design, weights, response, fitted } = model;
    this.mean = useU ? fitted : fittedValues(frame, design, model.beta, []);
    this.terms = useU ? [] : model.terms.map((_, t) => reflatedTerm(model, t));
    const scaled: number[] = [];
    response.forEach((y, r) => {
      const weight = weights === null ? 1 : weights[r];
      if (weight > 0) scaled.push((y - fitted[r]) * Math.sqrt(weight));
    });
    this.residuals = Float64Array.from(scaled);
    if (!useU) reflateInPlace(this.residuals, model.sigma);
  }

  /** One response; new. */
  draw(stream: RandomStream): Float64Array {
    const { model, residuals } = this;
    const { weights } = model;
    const out = this.mean.slice();
    for (const { frameIndex, effects, nlevels, k } of this.terms) {
      const { group, design } = model.frame.random[frameIndex];
      const chosen = new Int32Array(nlevels);
      stream.sampleInto(chosen, nlevels);
      const own = new Float64Array(nlevels * k);
      for (let c = 0; c < k; c++) {
        for (let l = 0; l < nlevels; l++) own[c * nlevels + l] = effects[c * nlevels + chosen[l]];
      }
      design.columns.forEach((column, c) => {
        addColumn(column, group.codes, own, c * nlevels, out);
      });
    }
    for (let r = 0; r < out.length; r++) {
      const weight = weights === null ? 1 : weights[r];
      const residual = residuals[stream.integer(residuals.length)];
      out[r] += weight > 0 ? residual / Math.sqrt(weight) : residual;
    }
    return out;
  }
}

function reflateInPlace(values: Float64Array, sigma: number): void {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  const factor = square > 0 ? sigma / Math.sqrt(square) : 0;
  for (let i = 0; i < n; i++) values[i] = factor * (values[i] - mean);
}

/** The predicted effects of a term, centred, with σT L⁻¹ applied to every level, LL' their covariance matrix. */
function reflatedTerm(model: LinearMixedModel, t: number): ResampledTerm {
  const { modes, columns, levels, template } = model.terms[t];
  const k = columns.length;
  const n = levels.length;
  const centred = modes.slice();
  for (let c = 0; c < k; c++) {
    let sum = 0;
    for (let l = 0; l < n; l++) sum += centred[c * n + l];
    for (let l = 0; l < n; l++) centred[c * n + l] -= sum / n;
  }
  const covariance = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      for (let l = 0; l < n; l++) covariance[b * k + a] += (centred[a * n + l] * centred[b * n + l]) / n;
    }
  }
  const { frameIndex } = model.design.terms[t];
  const result = cholesky(covariance, k);
  // Singular effects cannot be reflated in all directions: they are drawn as they were predicted.
  if (result.status !== "ok") return { frameIndex, effects: centred, nlevels: n, k };
  const effects = new Float64Array(n * k);
  for (let l = 0; l < n; l++) {
    const row = Float64Array.from({ length: k }, (_, c) => centred[c * n + l]);
    solveLowerInPlace(row, result.factor, k);
    for (let a = 0; a < k; a++) {
      for (let c = 0; c < k; c++) effects[a * n + l] += model.sigma * template[c * k + a] * row[c];
    }
  }
  return { frameIndex, effects, nlevels: n, k };
}
