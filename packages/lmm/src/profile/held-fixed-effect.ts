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
 * solution under the constraint, the columns X̃N with w'N = 0. One workspace serves every j and every b: nothing
 * symbolic is done again.
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
  private nullBasis: Float64Array;
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
    this.nullBasis = new Float64Array(p * (p - 1));
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
    // The columns but the first of the Householder reflection that takes Sw to a multiple of e₁.
    const scale = Float64Array.from({ length: p }, (_, i) => 1 / Math.sqrt(xtx[i * p + i]));
    const v = w.map((value, i) => value * scale[i]);
    const length = Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
    v[0] += v[0] < 0 ? -length : length;
    const square = v.reduce((sum, value) => sum + value * value, 0);
    for (let c = 1; c < p; c++) {
      for (let i = 0; i < p; i++) {
        const entry = (i === c ? 1 : 0) - (2 * v[i] * v[c]) / square;
        this.nullBasis[(c - 1) * p + i] = scale[i] * entry;
      }
    }
    this.shared = null;
  }

  private shared: { readonly xtx: Float64Array; readonly ztx: Float64Array } | null = null;

  private reducedProducts(distance: number): CrossProducts {
    const { products, p, nullBasis, move, ztMove, variance } = this;
    const q = ztMove.length;
    const size = p - 1;
    this.shared ??= {
      xtx: sandwich(nullBasis, products.xtx, p),
      ztx: timesRight(products.ztx, nullBasis, q, p),
    };
    const xty = new Float64Array(size);
    for (let c = 0; c < size; c++) {
      // N'X̃'X̃m = N'w/(w'Cw) = 0.
      for (let i = 0; i < p; i++) xty[c] += nullBasis[c * p + i] * products.xty[i];
    }
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

/** N'AN for symmetric A, p×p, and N, p×(p − 1). */
function sandwich(n: Float64Array, a: Float64Array, p: number): Float64Array {
  const half = timesRight(a, n, p, p);
  const size = p - 1;
  const out = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    for (let b = 0; b <= c; b++) {
      let sum = 0;
      for (let i = 0; i < p; i++) sum += n[b * p + i] * half[c * p + i];
      out[c * size + b] = sum;
      out[b * size + c] = sum;
    }
  }
  return out;
}

/** AN for A, rows×p, and N, p×(p − 1), column-major. */
function timesRight(a: Float64Array, n: Float64Array, rows: number, p: number): Float64Array {
  const out = new Float64Array(rows * (p - 1));
  for (let c = 0; c < p - 1; c++) {
    for (let i = 0; i < p; i++) {
      const factor = n[c * p + i];
      if (factor === 0) continue;
      for (let r = 0; r < rows; r++) out[c * rows + r] += factor * a[i * rows + r];
    }
  }
  return out;
}
