import type { LinearMixedModel } from "./linear-mixed-model";
import { workspaceOf } from "./workspace-of";

/** The conditional modes of one grouping factor. */
export interface GroupEffects {
  readonly group: string;
  readonly levels: readonly string[];
  /** Columns of every term on this factor, in order. */
  readonly columns: readonly string[];
  /** levels × columns, column-major. */
  readonly values: Float64Array;
  /**
   * Var(b | y) of each level given β and θ, one columns × columns block after the other, column-major;
   * null unless asked for.
   */
  readonly condVar: Float64Array | null;
}

/** What `ranef` is to give. */
export interface RanefOptions {
  /** Conditional variances too; costs one inverse subset of the factor. Default false. */
  readonly condVar?: boolean;
}

/**
 * Conditional modes b̂ = Λû of the random effects, one table per grouping factor as lme4's `ranef` has
 * them: terms on the same factor stand side by side.
 *
 * Conditional variances are σ̂²Λ(Λ'Z'ZΛ + I)⁻¹Λ', the diagonal blocks; they hold for β and θ as estimated.
 */
export function ranef(model: LinearMixedModel, options: RanefOptions = {}): GroupEffects[] {
  const { design, terms, sigma } = model;
  const blocks = options.condVar === true ? conditionalBlocks(model) : null;
  return design.factors.map((factor, f) => {
    const own = terms.filter((_, t) => design.terms[t].factor === f);
    const nlevels = factor.levels.length;
    const values = new Float64Array(nlevels * factor.ncols);
    let at = 0;
    for (const term of own) {
      values.set(term.modes, at);
      at += term.modes.length;
    }
    return {
      group: factor.name,
      levels: factor.levels,
      columns: own.flatMap((term) => term.columns),
      values,
      condVar: blocks === null ? null : blocks[f].map((value) => value * sigma * sigma),
    };
  });
}

/** ΛWΛ' by levels of each factor, in the original columns of Z. */
function conditionalBlocks(model: LinearMixedModel): Float64Array[] {
  const { design, theta } = model;
  const workspace = workspaceOf(model);
  workspace.evaluate(theta);
  const inverse = workspace.inverseBlocks();
  return design.factors.map((factor, f) => {
    const k = factor.ncols;
    const template = workspace.relative[f];
    const product = new Float64Array(k * k);
    const out = new Float64Array(factor.levels.length * k * k);
    for (let first = 0; first < out.length; first += k * k) {
      for (let j = 0; j < k; j++) {
        for (let i = 0; i < k; i++) {
          let sum = 0;
          for (let m = 0; m < k; m++) sum += inverse[f][first + m * k + i] * template[m * k + j];
          product[j * k + i] = sum;
        }
      }
      for (let j = 0; j < k; j++) {
        for (let i = 0; i < k; i++) {
          let sum = 0;
          for (let m = 0; m < k; m++) sum += template[m * k + i] * product[j * k + m];
          out[first + j * k + i] = sum;
        }
      }
    }
    return out;
  });
}
