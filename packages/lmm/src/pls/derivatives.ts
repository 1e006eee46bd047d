import { solveLowerTransposeInPlace } from "@lmmkit/dense";
import { hasEntries } from "../design/template";
import type { Method } from "../fit/options";
import { addBlockOuterInto, applyTemplatesInto, rightSolveTransposedInPlace } from "./blocks";
import { InformationProducts } from "./information";
import { addInverseTracesInto, addRegularTracesInto } from "./inverse-traces";
import { invertInto } from "./invert";
import { timesTemplatesInto } from "./refill";
import { TemplateChain } from "./template-chain";
import { timesZtzInto } from "./times-ztz";
import type { PlsWorkspace } from "./workspace";

/**
 * Exact first derivatives of the criterion, and its average-information matrix, from the factor of the
 * workspace's last evaluation.
 *
 * With V = I + ZΛΛ'Z', h = Z'V⁻¹(y − Xβ̂) and G = Z'V⁻¹X, the derivative with respect to a template is
 * 2 Σ_l {[Z'ZΛW]_ll − [REML] [G C B']_ll − (N/r²) h_l u_l'}: only entries of W = (Λ'Z'ZΛ + I)⁻¹ on the
 * pattern of Z'Z are needed (Takahashi, Fagan & Chin 1973). The average information (Gilmour, Thompson &
 * Cullis 1995) replaces the trace part of the Hessian by what it is on average, and needs one solve per
 * parameter.
 *
 * Buffers are allocated once; its methods allocate nothing.
 */
export class PlsDerivatives {
  private readonly workspace: PlsWorkspace;
  /** [B, u]: q×(p + 1), original order of Z. */
  private readonly solved: Float64Array;
  /** [G, h]: q×(p + 1). */
  private readonly residual: Float64Array;
  private readonly product: Float64Array;
  private readonly gamma: Float64Array;
  /** ∂f/∂M, then S'∂f/∂M, per factor K×K. */
  private readonly perFactor: readonly Float64Array[];
  private readonly rotated: readonly Float64Array[];
  /** M⁻¹ per factor, and scratch to find it. */
  private readonly inverses: readonly Float64Array[];
  private readonly work: readonly Float64Array[];
  /** Whether `inverses` are there for the last θ. */
  private regular = false;
  /** Per parameter v_k, q numbers each. */
  private readonly v: Float64Array;
  /** s = −∂r²/∂θ, one number per parameter; filled by `informationInto`. */
  readonly s: Float64Array;
  private readonly information: InformationProducts;
  /** Per term, the chain rule through T(θ). */
  private readonly chains: readonly TemplateChain[];

  constructor(workspace: PlsWorkspace) {
    const { design, p } = workspace;
    const { q, factors, theta0 } = design;
    const n = theta0.length;
    this.workspace = workspace;
    this.solved = new Float64Array(q * (p + 1));
    this.residual = new Float64Array(q * (p + 1));
    this.product = new Float64Array(q * (p + 1));
    this.gamma = new Float64Array(p);
    this.perFactor = factors.map(({ ncols }) => new Float64Array(ncols * ncols));
    this.rotated = factors.map(({ ncols }) => new Float64Array(ncols * ncols));
    this.inverses = factors.map(({ ncols }) => new Float64Array(ncols * ncols));
    this.work = factors.map(({ ncols }) => new Float64Array(ncols * ncols));
    this.v = new Float64Array(q * n);
    this.s = new Float64Array(n);
    this.information = new InformationProducts(workspace);
    this.chains = design.terms.map(({ template }) => new TemplateChain(template));
  }

  /**
   * ∂f/∂θ at the θ of the last successful evaluation.
   *
   * @param outGradient one number per parameter, overwritten
   * @param precision 1/σ² where σ is held at a value of its own: the gradient of log|L|² + r²/σ² (for REML with
   *   log|RX|²) is given. By default σ is profiled out
   * Cost: an inverse subset, p + 1 triangular solves and products with Z'Z.
   */
  gradientInto(method: Method, outGradient: Float64Array, precision?: number): void {
    const { workspace, solved, residual, perFactor, rotated } = this;
    const { design, products, p, pwrss } = workspace;
    const { q, factors, terms } = design;
    const reml = method === "REML";
    const df = products.nobs - (reml ? p : 0);
    this.solveResiduals();
    for (const block of perFactor) block.fill(0);
    const inverse = workspace.inverseOnSystem();
    if (!this.regular || !addRegularTracesInto(workspace, inverse, this.inverses, this.work, perFactor)) {
      addInverseTracesInto(workspace, inverse, perFactor);
    }
    if (reml) {
      for (let j = 0; j < p; j++) addBlockOuterInto(design, residual, j * q, solved, j * q, -1, perFactor);
    }
    const share = precision ?? df / pwrss;
    addBlockOuterInto(design, residual, p * q, solved, p * q, -share, perFactor);
    for (let f = 0; f < factors.length; f++) {
      const k = factors[f].ncols;
      const shift = workspace.maps[f];
      for (let c = 0; c < k; c++) {
        for (let a = 0; a < k; a++) {
          let sum = 0;
          for (let m = 0; m < k; m++) sum += shift[a * k + m] * perFactor[f][c * k + m];
          rotated[f][c * k + a] = 2 * sum;
        }
      }
    }
    for (let t = 0; t < terms.length; t++) {
      const { factor, columnStart, template, thetaStart } = terms[t];
      const k = factors[factor].ncols;
      if (!hasEntries(template)) {
        const chain = this.chains[t];
        chain.fillFirst(template, workspace.theta, thetaStart);
        for (let i = 0; i < template.count; i++) {
          outGradient[thetaStart + i] = chain.firstOf(i, rotated[factor], k, columnStart);
        }
        continue;
      }
      for (let i = 0; i < template.rows.length; i++) {
        const at = (columnStart + template.cols[i]) * k + columnStart + template.rows[i];
        outGradient[thetaStart + i] = rotated[factor][at];
      }
    }
  }

  /**
   * D_t = Σ_l {K_ll − [REML] (GCG')_ll − (N/r²) h_l h_l'} of every term, k×k, column-major: the
   * derivative of the criterion with respect to TT'. After `gradientInto` at the same θ, whose templates
   * must not be singular.
   *
   * @param outD one k×k matrix per term, overwritten
   */
  covarianceDerivativesInto(outD: readonly Float64Array[]): void {
    const { workspace, rotated } = this;
    const { design, relative } = workspace;
    for (let t = 0; t < design.terms.length; t++) {
      const { factor, columnStart, template } = design.terms[t];
      const { k } = template;
      const K = design.factors[factor].ncols;
      const d = outD[t];
      // Entry (row, col) of the term's block is at first + col * K + row.
      const first = columnStart * K + columnStart;
      const gradient = rotated[factor];
      const lower = relative[factor];
      if (!hasEntries(template)) {
        this.chains[t].solveInto(gradient, lower, first, K, d);
        continue;
      }
      // D T = ½ ∂f/∂T with T lower triangular: from the last column to the first.
      for (let j = k - 1; j >= 0; j--) {
        for (let i = 0; i < k; i++) {
          let value = gradient[first + j * K + i] / 2;
          for (let m = j + 1; m < k; m++) value -= d[m * k + i] * lower[first + j * K + m];
          d[j * k + i] = value / lower[first + j * K + j];
        }
      }
      for (let j = 0; j < k; j++) {
        for (let i = 0; i < j; i++) {
          const mean = (d[j * k + i] + d[i * k + j]) / 2;
          d[j * k + i] = mean;
          d[i * k + j] = mean;
        }
      }
    }
  }

  /**
   * The average-information matrix N(Q/r² − ss'/r⁴) plus the curvature 2D_t of parameters in one column
   * of one template. After `gradientInto` at the same θ.
   *
   * @param curvature D_t of every term, from `covarianceDerivativesInto`
   * @param outHessian nθ×nθ, overwritten, both triangles
   * @param precision 1/σ² where σ is held: Q/σ² then stands for N(Q/r² − ss'/r⁴)
   * Cost: per parameter one triangular solve.
   */
  informationInto(
    method: Method,
    curvature: readonly Float64Array[],
    outHessian: Float64Array,
    precision?: number,
  ): void {
    const { workspace, v, s } = this;
    const { design, products, p, pwrss } = workspace;
    const n = design.theta0.length;
    const df = products.nobs - (method === "REML" ? p : 0);
    this.directions();
    const inverses = this.regular ? this.inverses : null;
    this.information.spreadInto(v, this.solved, this.residual, inverses, outHessian, s);
    for (let k = 0; k < n; k++) {
      for (let l = 0; l <= k; l++) {
        const spread = outHessian[l * n + k];
        const value =
          precision === undefined ? (df / pwrss) * (spread - (s[k] / pwrss) * s[l]) : precision * spread;
        outHessian[k * n + l] = value;
        outHessian[l * n + k] = value;
      }
    }
    design.terms.forEach(({ factor: f, columnStart, template, thetaStart }, t) => {
      const { rows, cols, k } = template;
      if (!hasEntries(template)) {
        const K = design.factors[f].ncols;
        this.chains[t].addCurvatureInto(
          template,
          curvature[t],
          this.rotated[f],
          K,
          columnStart,
          outHessian,
          n,
          thetaStart,
        );
        return;
      }
      for (let i = 0; i < rows.length; i++) {
        for (let j = 0; j < rows.length; j++) {
          if (cols[i] !== cols[j]) continue;
          outHessian[(thetaStart + i) * n + thetaStart + j] += 2 * curvature[t][rows[i] * k + rows[j]];
        }
      }
    });
  }

  /**
   * Fills [B RX⁻¹, u] and [G RX⁻¹, h], so that GCB' is the product of the second with the first.
   *
   * Where Λ is regular, Λ'G = B and Λ'h = u are solved level by level; otherwise G and h are formed as they
   * are defined, Z'X − Z'ZΛB and Z'(y − Xβ̂) − Z'ZΛu.
   */
  private solveResiduals(): void {
    const { workspace, solved, residual, product, gamma } = this;
    const { design, products, p, factor, rzx, rxt, zqy, templates } = workspace;
    const { q } = design;
    gamma.set(workspace.cBeta);
    solveLowerTransposeInPlace(gamma, rxt, p);
    solved.set(rzx);
    for (let j = 0; j < p; j++) {
      for (let i = 0; i < q; i++) solved[p * q + i] -= gamma[j] * rzx[j * q + i];
    }
    factor.solveInPlace(solved, "Lt", p + 1);
    factor.solveInPlace(solved, "Pt", p + 1);
    this.regular = this.invertTemplates();
    if (this.regular) {
      rightSolveTransposedInPlace(solved, q, rxt, p);
      timesTemplatesInto(design, this.inverses, solved, p + 1, residual);
      return;
    }
    applyTemplatesInto(design, templates, solved, p + 1, product);
    timesZtzInto(design, products, product, p + 1, residual);
    for (let i = 0; i < residual.length; i++) residual[i] = zqy[i] - residual[i];
    for (let j = 0; j < p; j++) {
      for (let i = 0; i < q; i++) residual[p * q + i] -= gamma[j] * zqy[j * q + i];
    }
    rightSolveTransposedInPlace(solved, q, rxt, p);
    rightSolveTransposedInPlace(residual, q, rxt, p);
  }

  /** Fills `inverses`; false when a template is too nearly singular to divide by. */
  private invertTemplates(): boolean {
    const { templates } = this.workspace;
    for (let f = 0; f < templates.length; f++) {
      if (!invertInto(templates[f], this.workspace.design.factors[f].ncols, this.work[f], this.inverses[f])) {
        return false;
      }
    }
    return true;
  }

  /** v_k = (E_kΛ' + ΛE_k')h in the shifted columns: S_a u_b + M_b (S_a'h) level by level. */
  private directions(): void {
    const { workspace, solved, residual, v } = this;
    const { design, templates, p } = workspace;
    const { q, factors, terms } = design;
    v.fill(0);
    for (let t = 0; t < terms.length; t++) {
      const { factor: f, columnStart, template, thetaStart } = terms[t];
      const { ncols: k, start, levels } = factors[f];
      const shift = workspace.maps[f];
      if (!hasEntries(template)) {
        this.chains[t].directionsInto(design, terms[t], shift, templates[f], solved, residual, p * q, v, q);
        continue;
      }
      for (let i = 0; i < template.rows.length; i++) {
        const a = columnStart + template.rows[i];
        const b = columnStart + template.cols[i];
        const base = (thetaStart + i) * q;
        for (let l = 0; l < levels.length; l++) {
          const first = start + l * k;
          let projected = 0;
          for (let m = 0; m < k; m++) projected += shift[a * k + m] * residual[p * q + first + m];
          const own = solved[p * q + first + b];
          for (let m = 0; m < k; m++) {
            v[base + first + m] = shift[a * k + m] * own + templates[f][b * k + m] * projected;
          }
        }
      }
    }
  }
}
