import { addColumnProductsInto } from "./column-products";
import { multiplyLevelsInto } from "./level-products";
import { timesTemplatesInto } from "./refill";
import { timesFactorZtzInto } from "./times-ztz";
import type { PlsWorkspace } from "./workspace";

/**
 * W is so near to I where Λ is near to zero that I − W has fewer digits than this leaves (sixteen less six);
 * the products with Z'Z, which cost more, keep them.
 */
const CANCELLED = 1e-6;

/**
 * The products of the average information: Q_kl = v_k'(K − GCG')v_l and s_k = v_k'h for vectors v_k that are
 * zero outside of the levels of one factor each.
 *
 * With w = Λ⁻¹v and Λ'KΛ = I − W, where W = (Λ'Z'ZΛ + I)⁻¹ = P'L⁻ᵀL⁻¹P: v'Kv = w'w − (L⁻¹Pw)'(L⁻¹Pw), so
 * that one triangular solve per parameter is all that touches more than the levels of its own factor. Where Λ
 * is singular or nearly zero, v'Kv = v'Z'Zv − (L⁻¹PΛ'Z'Zv)'(L⁻¹PΛ'Z'Zv), with one product with Z'Z more.
 *
 * Room is made once; nothing is allocated later.
 */
export class InformationProducts {
  private readonly workspace: PlsWorkspace;
  /** w or Z'Zv, q×nθ. */
  private readonly other: Float64Array;
  /** L⁻¹Pw or L⁻¹PΛ'Z'Zv, q×nθ. */
  private readonly half: Float64Array;
  /** [GR⁻¹, h]'v, (p + 1)×nθ. */
  private readonly along: Float64Array;
  /** w'w of every parameter. */
  private readonly lengths: Float64Array;

  constructor(workspace: PlsWorkspace) {
    const { design, p } = workspace;
    const n = design.theta0.length;
    this.workspace = workspace;
    this.other = new Float64Array(design.q * n);
    this.half = new Float64Array(design.q * n);
    this.along = new Float64Array((p + 1) * n);
    this.lengths = new Float64Array(n);
  }

  /**
   * @param v v_k, q×nθ; zero outside of its factor's levels; not changed
   * @param solved [B RX⁻¹, u], q×(p + 1); not changed
   * @param residual [G RX⁻¹, h], likewise
   * @param inverses M⁻¹ per factor, or null where a template is singular
   * @param outSpread nθ×nθ, overwritten: Q in the lower triangle, column-major
   * @param outS nθ numbers, overwritten: s
   * Cost: one triangular solve per parameter; nθ² products of vectors of length q.
   */
  spreadInto(
    v: Float64Array,
    solved: Float64Array,
    residual: Float64Array,
    inverses: readonly Float64Array[] | null,
    outSpread: Float64Array,
    outS: Float64Array,
  ): void {
    if (inverses === null || !this.regularInto(v, solved, inverses, outSpread)) {
      this.directInto(v, residual, outSpread);
    }
    const { along } = this;
    const { design, p } = this.workspace;
    const n = design.theta0.length;
    const rows = p + 1;
    addColumnProductsInto(n, n, p, -1, along, 0, rows, along, 0, rows, true, outSpread, 0, n);
    for (let k = 0; k < n; k++) outS[k] = along[k * rows + p];
  }

  /** By w; false where too many digits would be lost. */
  private regularInto(
    v: Float64Array,
    solved: Float64Array,
    inverses: readonly Float64Array[],
    outSpread: Float64Array,
  ): boolean {
    const { other: w, half, lengths, workspace } = this;
    const { design, factor } = workspace;
    const { q } = design;
    const n = design.theta0.length;
    w.fill(0);
    for (const { factor: f, template, thetaStart } of design.terms) {
      const { start, levels, ncols } = design.factors[f];
      const rows = levels.length * ncols;
      for (let k = thetaStart; k < thetaStart + template.count; k++) {
        multiplyLevelsInto(inverses[f], ncols, 1, ncols, v, k * q + start, rows, w);
      }
    }
    half.set(w);
    factor.solveInPlace(half, "P", n);
    factor.solveInPlace(half, "L", n);
    outSpread.fill(0);
    this.addOwnProductsInto(w, w, solved, outSpread);
    for (let k = 0; k < n; k++) lengths[k] = outSpread[k * n + k];
    addColumnProductsInto(n, n, q, -1, half, 0, q, half, 0, q, true, outSpread, 0, n);
    for (let k = 0; k < n; k++) if (!(outSpread[k * n + k] >= CANCELLED * lengths[k])) return false;
    return true;
  }

  /** By products with Z'Z, for every Λ. */
  private directInto(v: Float64Array, residual: Float64Array, outSpread: Float64Array): void {
    const { other: ztzv, half, workspace } = this;
    const { design, products, factor, templates } = workspace;
    const { q } = design;
    const n = design.theta0.length;
    for (const { factor: f, template, thetaStart } of design.terms) {
      timesFactorZtzInto(design, products, f, v, thetaStart, template.count, ztzv);
    }
    timesTemplatesInto(design, templates, ztzv, n, half);
    factor.solveInPlace(half, "P", n);
    factor.solveInPlace(half, "L", n);
    outSpread.fill(0);
    this.addOwnProductsInto(v, ztzv, residual, outSpread);
    addColumnProductsInto(n, n, q, -1, half, 0, q, half, 0, q, true, outSpread, 0, n);
  }

  /**
   * outSpread += x'y in the lower triangle and `along` = xy'x, where x is zero outside of its factor's levels.
   *
   * @param xy q×(p + 1)
   */
  private addOwnProductsInto(
    x: Float64Array,
    y: Float64Array,
    xy: Float64Array,
    outSpread: Float64Array,
  ): void {
    const { along, workspace } = this;
    const { design, p } = workspace;
    const { q, terms, factors } = design;
    const n = design.theta0.length;
    along.fill(0);
    for (let t = 0; t < terms.length; t++) {
      const { factor: f, template, thetaStart: first } = terms[t];
      const { start, levels, ncols } = factors[f];
      const count = template.count;
      const depth = levels.length * ncols;
      const a = first * q + start;
      // Rows of this term, columns of the terms before it and its own triangle.
      addColumnProductsInto(count, first, depth, 1, x, a, q, y, start, q, false, outSpread, first, n);
      const own = first * n + first;
      addColumnProductsInto(count, count, depth, 1, x, a, q, y, a, q, true, outSpread, own, n);
      const to = first * (p + 1);
      addColumnProductsInto(p + 1, count, depth, 1, xy, start, q, x, a, q, false, along, to, p + 1);
    }
  }
}
