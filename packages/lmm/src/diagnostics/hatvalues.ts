import type { LinearMixedModel } from "../model/linear-mixed-model";
import { RowReader } from "./row-reader";
import { eachRow, rowSystem } from "./row-system";

/** What single rows weigh in the fit. */
export interface Leverage {
  /** Hat values h_i, one per row; 0 for rows of weight zero. */
  readonly hat: Float64Array;
  /** ‖g_i‖² w_i: the share of h_i that is due to the fixed effects. */
  readonly fixed: Float64Array;
}

const cache = new WeakMap<LinearMixedModel, Leverage>();

/** Hat values and their parts, computed once per model. */
export function leverage(model: LinearMixedModel): Leverage {
  let known = cache.get(model);
  if (known === undefined) {
    known = compute(model);
    cache.set(model, known);
  }
  return known;
}

function compute(model: LinearMixedModel): Leverage {
  const { frame, weights } = model;
  const system = rowSystem(model);
  const hat = new Float64Array(frame.nobs);
  const fixed = new Float64Array(frame.nobs);
  eachRow(system, new RowReader(system.workspace, frame), (view) => {
    let square = 0;
    for (const value of view.fixed) square += value * value;
    const weight = weights === null ? 1 : weights[view.row];
    hat[view.row] = weight * (view.random + square);
    fixed[view.row] = weight * square;
  });
  return { hat, fixed };
}

/**
 * Hat values, the diagonal of the matrix that turns √w(y − offset) into √w(fitted − offset) at θ̂:
 * h_i = w_i(a'(Λ'Z'ZΛ + I)⁻¹a + g'g) with a = Λ'z_i (see `RowSystem`).
 *
 * They add up to the effective number of parameters of β and b, between p and p + q.
 *
 * Cost: the inverse subset of the factor, once per model, and p² for each row. Nothing of size n×n or q×q.
 *
 * Source: Demidenko & Stukel (2005), Statistics in Medicine 24, §3; Erisman & Tinney (1975) for the subset.
 */
export function hatvalues(model: LinearMixedModel): Float64Array {
  return leverage(model).hat.slice();
}
