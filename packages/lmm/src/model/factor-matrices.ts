import { leastSquares, pivotedQr, triangleOfQr } from "@lmmkit/dense";
import { type CscMatrix, invertPermutation, permutation } from "@lmmkit/sparse";
import type { PlsWorkspace } from "../pls/workspace";
import type { DenseMatrix } from "./dense-matrix";
import type { LinearMixedModel } from "./linear-mixed-model";
import { randomLayout } from "./random-matrices";
import { workspaceOf } from "./workspace-of";

/** L and P of P(Λ'Z'WZΛ + I)P' = LL'. */
export interface SparseFactor {
  /** q×q, lower triangular, every entry that the symbolic analysis has a place for. */
  readonly matrix: CscMatrix;
  /** For each row of L the column of Z, in lme4's order. */
  readonly permutation: Int32Array;
}

/** The workspace at θ̂. */
function atOptimum(model: LinearMixedModel): PlsWorkspace {
  const workspace = workspaceOf(model);
  workspace.evaluate(model.theta);
  return workspace;
}

/** The sparse Cholesky factor at θ̂ and its fill-reducing permutation. */
export function sparseFactor(model: LinearMixedModel): SparseFactor {
  const { factor } = atOptimum(model);
  const ours = invertPermutation(permutation(randomLayout(model).engineColumn));
  return {
    matrix: factor.toSparse(),
    permutation: Int32Array.from(factor.permutation, (column) => ours[column]),
  };
}

/** û, the spherical random effects, in lme4's order. */
export function sphericalEffects(model: LinearMixedModel): Float64Array {
  const { u } = atOptimum(model).solution();
  return Float64Array.from(randomLayout(model).engineColumn, (column) => u[column]);
}

/** b̂ = Λû in lme4's order. */
export function conditionalModes(model: LinearMixedModel): Float64Array {
  const { ncols, termStart } = randomLayout(model);
  const out = new Float64Array(ncols);
  model.terms.forEach(({ modes, columns, levels }, t) => {
    const k = columns.length;
    for (let l = 0; l < levels.length; l++) {
      for (let c = 0; c < k; c++) out[termStart[t] + l * k + c] = modes[c * levels.length + l];
    }
  });
  return out;
}

/**
 * RX, upper triangular with a positive diagonal: RX'RX = X'V⁻¹X for V = σ⁻² Var(y), that is X'WX − RZX'RZX.
 *
 * The workspace holds RX' for an orthonormal basis Q of shifted columns, X = QK; hence RX is the triangle of the QR
 * factorization of RX_Q K.
 */
export function fixedFactor(model: LinearMixedModel): DenseMatrix {
  const workspace = atOptimum(model);
  const { p, rxt } = workspace;
  const change = basisChange(workspace);
  const product = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < p; i++) {
      let sum = 0;
      for (let m = i; m < p; m++) sum += rxt[i * p + m] * change[j * p + m];
      product[j * p + i] = sum;
    }
  }
  const triangle = triangleOfQr(pivotedQr(product, p, p, 0));
  for (let i = 0; i < p; i++) {
    if (triangle[i * p + i] >= 0) continue;
    for (let j = i; j < p; j++) triangle[j * p + i] = -triangle[j * p + i];
  }
  return { nrows: p, ncols: p, values: triangle, columnNames: model.fixedNames };
}

/** RZX = L⁻¹PΛ'Z'WX, q×p, rows in the order of L. */
export function crossFactor(model: LinearMixedModel): DenseMatrix {
  const workspace = atOptimum(model);
  const { p, rzx, design } = workspace;
  const { q } = design;
  const change = basisChange(workspace);
  const values = new Float64Array(q * p);
  for (let j = 0; j < p; j++) {
    for (let m = 0; m < p; m++) {
      const weight = change[j * p + m];
      if (weight !== 0) for (let i = 0; i < q; i++) values[j * q + i] += rzx[m * q + i] * weight;
    }
  }
  return { nrows: q, ncols: p, values, columnNames: model.fixedNames };
}

/** K of X = QK, p×p, column-major: K = RB⁻¹ for X̃ = XB = QR. */
function basisChange({ products, basis, p }: PlsWorkspace): Float64Array {
  const map = products.shifts.fixed;
  const transposed = new Float64Array(p * p);
  for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) transposed[i * p + j] = map[j * p + i];
  // B'K' = R', column by column.
  const factor = pivotedQr(transposed, p, p, 0);
  const out = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    const row = leastSquares(factor, basis.rt.subarray(j * p, (j + 1) * p));
    for (let i = 0; i < p; i++) out[i * p + j] = row[i];
  }
  return out;
}
