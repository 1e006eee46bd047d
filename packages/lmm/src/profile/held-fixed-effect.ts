import { cholesky, solveLowerInPlace, solveLowerTransposeInPlace } from "@lmmkit/dense";
import type { Design } from "../design/design";
import { applyTemplatesInto } from "../pls/blocks";
import { fixedBasis } from "../pls/fixed-basis";
import { PlsWorkspace } from "../pls/workspace";
import type { CrossProducts } from "../products/cross-products";

/**
 * Models with one fixed effect held at a value: p − 1 columns and a moved response, from the cross-products alone.
 *
 * With X̃ = XB the constraint is w'γ = b, w = B'e_j. The response becomes ỹ − X̃γ₀ with γ₀ the least-squares
 * solution under the constraint, the columns x̃_i − (w_i/w_c)x̃_c for i ≠ c, whose coefficients are free; c is where
 * w is largest, columns scaled alike. One workspace serves every j and every b: nothing symbolic is done again.
 */
export class WithoutFixedEffect {
  readonly workspace: PlsWorkspace;
  private readonly products: CrossProducts;
  private readonly p: number;
  /** R' of X̃'X̃. */
  private readonly root: Float64Array;
  /** Of the effect at hand: dγ₀/db, Z'X̃ of it, w'b₀ and w'(X̃'X̃)⁻¹w. */
  private move: Float64Array;
  private ztMove: Float64Array;
  private leastSquares = 0;
  private variance = 1;
  /** w_i/w_c, and c. */
  private readonly ratios: Float64Array;
  private pivot = 0;
  private readonly applied: Float64Array;
  private distance = 0;

  /** @param design with at least one fixed effect */
  constructor(design: Design, products: CrossProducts) {
    const p = design.fixedNames.length;
    this.p = p;
    this.products = products;
    const result = cholesky(products.xtx, p);
    // Not positive definite is refused when the model is fitted.
    this.root = result.status === "ok" ? result.factor : products.xtx;
    this.move = new Float64Array(p);
    this.ztMove = new Float64Array(design.q);
    this.ratios = new Float64Array(p);
    this.applied = new Float64Array(design.q);
    const reduced: Design = {
      ...design,
      fixedNames: design.fixedNames.slice(1),
      fixedColumns: design.fixedColumns.slice(1),
    };
    this.prepare(0);
    this.workspace = new PlsWorkspace(reduced, this.reducedProducts(0));
  }

  /** Chooses the effect to hold, by its position among the kept columns. */
  choose(j: number): void {
    this.prepare(j);
    const { workspace, p } = this;
    const products = this.reducedProducts(0);
    workspace.products = products;
    workspace.basis = fixedBasis(products, p - 1);
    workspace.zqy.set(workspace.basis.ztq);
  }

  /** Holds the chosen effect at b: the workspace is ready to be evaluated. */
  hold(b: number): void {
    this.distance = b - this.leastSquares;
    this.workspace.useResponse(this.reducedProducts(this.distance));
  }

  /**
   * ∂r²/∂b at the workspace's last evaluation, −2 m'X̃'(y − Xβ̂ − Zb̂) with m = dγ₀/db.
   *
   * Cost: one solve and a product with q numbers.
   */
  slope(): number {
    const { workspace, products, move, ztMove, applied, distance, variance, p } = this;
    const { u } = workspace.solution();
    applyTemplatesInto(workspace.design, workspace.templates, u, 1, applied);
    let along = -distance / variance;
    for (let i = 0; i < p; i++) along += move[i] * products.xty[i];
    for (let i = 0; i < applied.length; i++) along -= ztMove[i] * applied[i];
    return -2 * along;
  }

  /** β̂ on the model's own columns, the held effect among them, at the workspace's last evaluation. */
  beta(): Float64Array {
    const { workspace, products, move, ratios, pivot, distance, p } = this;
    const free = workspace.solution().beta;
    const gamma = move.map((value, i) => products.shifts.response[i] + distance * value);
    let at = 0;
    for (let i = 0; i < p; i++) {
      if (i === pivot) continue;
      gamma[i] += free[at];
      gamma[pivot] -= ratios[i] * free[at];
      at++;
    }
    return Float64Array.from({ length: p }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += products.shifts.fixed[j * p + i] * gamma[j];
      return sum;
    });
  }

  private prepare(j: number): void {
    const { products, p, root, move, ztMove } = this;
    const { xtx, ztx, shifts } = products;
    const w = Float64Array.from({ length: p }, (_, i) => shifts.fixed[i * p + j]);
    move.set(w);
    solveLowerInPlace(move, root, p);
    this.variance = move.reduce((sum, value) => sum + value * value, 0);
    solveLowerTransposeInPlace(move, root, p);
    this.leastSquares = 0;
    for (let i = 0; i < p; i++) {
      move[i] /= this.variance;
      this.leastSquares += w[i] * shifts.response[i];
    }
    const q = ztMove.length;
    ztMove.fill(0);
    for (let i = 0; i < p; i++) for (let r = 0; r < q; r++) ztMove[r] += ztx[i * q + r] * move[i];
    this.pivot = 0;
    for (let i = 1; i < p; i++) {
      const size = w[i] * w[i] * xtx[this.pivot * p + this.pivot];
      if (size > w[this.pivot] * w[this.pivot] * xtx[i * p + i]) this.pivot = i;
    }
    for (let i = 0; i < p; i++) this.ratios[i] = w[i] / w[this.pivot];
    this.shared = null;
  }

  private shared: { readonly xtx: Float64Array; readonly ztx: Float64Array } | null = null;

  private reducedProducts(distance: number): CrossProducts {
    const { products, p, ratios, pivot, move, ztMove, variance } = this;
    const size = p - 1;
    const kept = Array.from(ratios, (_, i) => i).filter((i) => i !== pivot);
    this.shared ??= {
      xtx: withoutColumn(products.xtx, ratios, pivot),
      ztx: combined(products.ztx, ztMove.length, kept, ratios, pivot),
    };
    // What is orthogonal to w: the move of the response adds nothing.
    const xty = Float64Array.from(kept, (i) => products.xty[i] - ratios[i] * products.xty[pivot]);
    const zty = products.zty.map((value, r) => value - distance * ztMove[r]);
    let yty = products.yty + (distance * distance) / variance;
    for (let i = 0; i < p; i++) yty -= 2 * distance * move[i] * products.xty[i];
    const identity = new Float64Array(size * size);
    for (let c = 0; c < size; c++) identity[c * size + c] = 1;
    return {
      ...products,
      ...this.shared,
      zty,
      xty,
      yty,
      shifts: {
        ...products.shifts,
        fixed: identity,
        triangle: null,
        response: new Float64Array(size),
        fixedColumns: new Float64Array(size),
      },
    };
  }
}

/** The products of the columns x_i − r_i x_c with each other, for all i but c. */
function withoutColumn(xtx: Float64Array, ratios: Float64Array, pivot: number): Float64Array {
  const p = ratios.length;
  const out = new Float64Array((p - 1) * (p - 1));
  let at = 0;
  for (let j = 0; j < p; j++) {
    if (j === pivot) continue;
    for (let i = 0; i < p; i++) {
      if (i === pivot) continue;
      const left = xtx[j * p + i] - ratios[i] * xtx[j * p + pivot];
      const right = xtx[pivot * p + i] - ratios[i] * xtx[pivot * p + pivot];
      out[at++] = left - ratios[j] * right;
    }
  }
  return out;
}

/** The columns a_i − r_i a_c of those kept. */
function combined(
  a: Float64Array,
  rows: number,
  kept: readonly number[],
  ratios: Float64Array,
  pivot: number,
): Float64Array {
  const out = new Float64Array(rows * kept.length);
  kept.forEach((i, c) => {
    out.set(a.subarray(i * rows, (i + 1) * rows), c * rows);
    const ratio = ratios[i];
    if (ratio === 0) return;
    for (let r = 0; r < rows; r++) out[c * rows + r] -= ratio * a[pivot * rows + r];
  });
  return out;
}
