import { PackingWorkspace, solveLowerTransposeInPlace } from "@lmmkit/dense";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { workspaceOf } from "../model/workspace-of";
import { applyTemplatesInto, rightSolveTransposedInPlace } from "../pls/blocks";
import { timesTemplatesInto } from "../pls/refill";
import { timesZtzInto } from "../pls/times-ztz";
import type { PlsWorkspace } from "../pls/workspace";
import type { CovarianceElement } from "./covariance-elements";
import { nonZeros } from "./non-zeros";

/**
 * What inference needs of V = I + ZΛΛ'Z' at the estimates, in terms of the cross-products alone:
 * G̃ = Z'V⁻¹X RX⁻¹ and h = Z'V⁻¹(y − Xβ̂), products with K = Z'V⁻¹Z, and a root of (X'V⁻¹X)⁻¹.
 *
 * Rows of G̃ and h are those of Z (grouped by factor, level, column), its columns as the user wrote them.
 */
export interface ProjectedSystem {
  readonly workspace: PlsWorkspace;
  /** [G̃, h]: q×(p + 1), column-major. */
  readonly gh: Float64Array;
  /** p×p, column-major: (X'V⁻¹X)⁻¹ = root root' on the kept columns of X. */
  readonly root: Float64Array;
}

/** A point θ of a model, fitted or not: all that the parts of the Hessian need. */
export type VariancePoint = Pick<LinearMixedModel, "design" | "products" | "theta">;

/**
 * Evaluates at θ̂ and solves for G̃, h and the root.
 *
 * Cost: one evaluation and p + 1 solves.
 */
export function projectedSystem(model: VariancePoint): ProjectedSystem {
  const workspace = workspaceOf(model);
  workspace.evaluate(model.theta);
  const { design, products, p, factor, rzx, rxt, zqy, templates } = workspace;
  const { q } = design;
  const gamma = workspace.cBeta.slice();
  solveLowerTransposeInPlace(gamma, rxt, p);
  const solved = rzx.slice();
  const residual = zqy.slice();
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < q; i++) {
      solved[p * q + i] -= gamma[j] * rzx[j * q + i];
      residual[p * q + i] -= gamma[j] * zqy[j * q + i];
    }
  }
  factor.solveInPlace(solved, "Lt", p + 1);
  factor.solveInPlace(solved, "Pt", p + 1);
  const product = new Float64Array(solved.length);
  applyTemplatesInto(design, templates, solved, p + 1, product);
  timesZtzInto(design, products, product, p + 1, solved);
  for (let i = 0; i < residual.length; i++) residual[i] -= solved[i];
  rightSolveTransposedInPlace(residual, q, rxt, p);
  const gh = solved;
  timesTemplatesInto(design, workspace.maps, residual, p + 1, gh);

  return { workspace, gh, root: fixedEffectsRoot(workspace) };
}

/** Columns of the root that are solved for together. */
const TOGETHER = 64;

/**
 * B R⁻¹RX⁻¹ at the workspace's last θ, p×p, column-major, with B the map of the shifts: (X'V⁻¹X)⁻¹ = root root', and
 * coefficients on the kept columns of X are root times those in the orthonormal basis. Triangular before B.
 *
 * Cost: (2/3)p³ multiply–adds, and p² for each column of X with a shift.
 */
export function fixedEffectsRoot({ products, p, rxt, basis }: PlsWorkspace): Float64Array {
  const inverse = new Float64Array(p * p);
  for (let j = 0; j < p; j++) inverse[j * p + j] = 1;
  const room = p > TOGETHER ? new PackingWorkspace() : undefined;
  for (let first = 0; first < p; first += TOGETHER) {
    const last = Math.min(p, first + TOGETHER);
    // Below row `last` these columns are zero.
    solveLowerTransposeInPlace(inverse, rxt, last, last - first, first * p, p, 0, p, room);
    solveLowerTransposeInPlace(inverse, basis.rt, last, last - first, first * p, p, 0, p, room);
  }
  const { fixed } = products.shifts;
  const root = new Float64Array(p * p);
  const rows = Array.from({ length: p }, (_, m) => nonZeros(fixed.subarray(m * p, (m + 1) * p)));
  for (let j = 0; j < p; j++) {
    for (let m = 0; m <= j; m++) {
      const value = inverse[j * p + m];
      for (const i of rows[m]) root[j * p + i] += fixed[m * p + i] * value;
    }
  }
  return root;
}

/** Room for products of K with `ncols` vectors. */
export interface KernelBuffers {
  readonly one: Float64Array;
  readonly two: Float64Array;
}

/** Buffers for `timesKernelInPlace`. */
export function kernelBuffers({ workspace }: ProjectedSystem, ncols: number): KernelBuffers {
  const length = workspace.design.q * ncols;
  return { one: new Float64Array(length), two: new Float64Array(length) };
}

/**
 * v ← Kv = Z'Zv − Z'ZΛ(Λ'Z'ZΛ + I)⁻¹Λ'Z'Zv for `ncols` vectors of length q, one after the other.
 *
 * Cost: per vector one solve and two products with Z'Z; no allocation.
 */
export function timesKernelInPlace(
  { workspace }: ProjectedSystem,
  v: Float64Array,
  ncols: number,
  { one, two }: KernelBuffers,
): void {
  const { design, products, maps, templates, factor } = workspace;
  const length = design.q * ncols;
  applyTemplatesInto(design, maps, v, ncols, one);
  timesZtzInto(design, products, one, ncols, v);
  timesTemplatesInto(design, templates, v, ncols, one);
  factor.solveInPlace(one, "A", ncols);
  applyTemplatesInto(design, templates, one, ncols, two);
  timesZtzInto(design, products, two, ncols, one);
  for (let i = 0; i < length; i++) one[i] = v[i] - one[i];
  timesTemplatesInto(design, maps, one, ncols, v);
}

/** out ← B_k v for `ncols` vectors of length q. */
export function timesElementInto(
  { workspace: { design } }: ProjectedSystem,
  { factor, row, col }: CovarianceElement,
  v: Float64Array,
  ncols: number,
  out: Float64Array,
): void {
  const { q, factors } = design;
  const { start, ncols: k, levels } = factors[factor];
  out.fill(0, 0, q * ncols);
  for (let j = 0; j < ncols; j++) {
    const last = j * q + start + levels.length * k;
    for (let first = j * q + start; first < last; first += k) {
      out[first + row] = v[first + col];
      out[first + col] = v[first + row];
    }
  }
}

/** x'B_k y for two vectors of length q inside larger arrays. */
export function elementForm(
  { workspace: { design } }: ProjectedSystem,
  { factor, row, col }: CovarianceElement,
  x: Float64Array,
  xOffset: number,
  y: Float64Array,
  yOffset: number,
): number {
  const { start, ncols: k, levels } = design.factors[factor];
  const last = start + levels.length * k;
  let sum = 0;
  for (let first = start; first < last; first += k) {
    sum += x[xOffset + first + row] * y[yOffset + first + col];
    if (row !== col) sum += x[xOffset + first + col] * y[yOffset + first + row];
  }
  return sum;
}
