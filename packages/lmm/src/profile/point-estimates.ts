import { hasEntries } from "../design/template";
import { lowerFactor } from "../fit/coordinates";
import { estimatesOf } from "../intervals/parameter-estimates";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { PlsWorkspace } from "../pls/workspace";
import type { ProfileTarget } from "./profile-parameters";

/**
 * T of every term at the workspace's last evaluation, whatever coordinates it was in: from M = S·T of each factor,
 * T = (2I − S)M, for S moves columns by multiples of one column alone. TT' means something, T itself need not be
 * triangular.
 */
function trueTemplates({ design, products }: LinearMixedModel, workspace: PlsWorkspace): Float64Array[] {
  return design.terms.map(({ factor, columnStart, template: { k } }) => {
    const K = design.factors[factor].ncols;
    const moved = workspace.templates[factor];
    const shift = products.shifts.random[factor];
    const own = new Float64Array(k * k);
    for (let c = 0; c < k; c++) {
      const from = (columnStart + c) * K;
      for (let a = 0; a < k; a++) {
        const row = columnStart + a;
        let value = 2 * moved[from + row];
        for (let m = 0; m < K; m++) value -= shift[m * K + row] * moved[from + m];
        own[c * k + a] = value;
      }
    }
    return own;
  });
}

/**
 * All parameters at the workspace's last evaluation.
 *
 * @param beta on the columns of the model
 */
export function pointEstimates(
  model: LinearMixedModel,
  targets: readonly ProfileTarget[],
  workspace: PlsWorkspace,
  sigma: number,
  beta: Float64Array,
): Float64Array {
  const templates = trueTemplates(model, workspace);
  const terms = model.terms.map((term, t) => ({ ...term, template: templates[t] }));
  return estimatesOf({ terms, sigma, beta }, targets);
}

/** θ at the workspace's last evaluation; null where a structure has parameters that are no entries of T. */
export function pointTheta(model: LinearMixedModel, workspace: PlsWorkspace): Float64Array | null {
  const { terms } = model.design;
  if (!terms.every(({ template }) => hasEntries(template))) return null;
  const templates = trueTemplates(model, workspace);
  const theta = new Float64Array(model.theta.length);
  terms.forEach(({ template: { k, rows, cols }, thetaStart }, t) => {
    const lower = lowerFactor(templates[t], k);
    for (let i = 0; i < rows.length; i++) theta[thetaStart + i] = lower[cols[i] * k + rows[i]];
  });
  return theta;
}
