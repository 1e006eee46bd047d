import type { Design, DesignTerm } from "../design/design";
import {
  hasEntries,
  type Template,
  templateDerivativeInto,
  templateSecondDerivativeInto,
} from "../design/template";

/**
 * The chain rule from the k×k template of one term to its parameters, for structures whose parameters are not
 * single entries of T.
 *
 * With F = ∂f/∂T = 2DT and E_i = ∂T/∂θ_i: ∂f/∂θ_i = F·E_i, and what T contributes to the Hessian besides the part
 * of the response is 2 tr(D E_iE_j') + F·∂²T/∂θ_i∂θ_j, where A·B is the sum of the products of entries.
 *
 * Room is made once; nothing is allocated later but for structures without second derivatives.
 */
export class TemplateChain {
  private readonly k: number;
  private readonly own: Float64Array;
  /** E_i one after the other, k×k each. */
  private readonly first: readonly Float64Array[];
  private readonly second: Float64Array;
  private readonly work: Float64Array;
  private readonly pivots: Int32Array;
  private readonly projected: Float64Array;

  constructor(template: Template) {
    const { k, count } = template;
    const size = hasEntries(template) ? 0 : k * k;
    this.k = k;
    this.own = new Float64Array(count);
    this.first = hasEntries(template) ? [] : Array.from({ length: count }, () => new Float64Array(size));
    this.second = new Float64Array(size);
    this.work = new Float64Array(size);
    this.pivots = new Int32Array(k);
    this.projected = new Float64Array(k);
  }

  /** Takes in the term's parameters and fills all E_i. */
  fillFirst(template: Template, theta: Float64Array, thetaStart: number): void {
    for (let i = 0; i < template.count; i++) this.own[i] = theta[thetaStart + i];
    for (let i = 0; i < template.count; i++) templateDerivativeInto(template, this.own, i, this.first[i]);
  }

  /** F·E_i. */
  firstOf(i: number, gradient: Float64Array, K: number, columnStart: number): number {
    return this.innerProduct(this.first[i], gradient, K, columnStart);
  }

  /**
   * D = ½ F T⁻¹, symmetrized: Gaussian elimination with row exchanges on T', whose rows may be as small as the
   * nearest a search goes to a singular T.
   *
   * @param first position of the term's block in the factor's K×K matrices `gradient` and `relative`
   * @param outD k×k, overwritten
   */
  solveInto(
    gradient: Float64Array,
    relative: Float64Array,
    first: number,
    K: number,
    outD: Float64Array,
  ): void {
    const { k, work, pivots } = this;
    // Row i of D solves T'd = ½F_i'. Factor PT' = LU in place: work[i + k·j] = T'_ij = T_ji.
    for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) work[j * k + i] = relative[first + i * K + j];
    for (let c = 0; c < k; c++) {
      let pivot = c;
      for (let i = c + 1; i < k; i++)
        if (Math.abs(work[c * k + i]) > Math.abs(work[c * k + pivot])) pivot = i;
      pivots[c] = pivot;
      if (pivot !== c) {
        for (let j = 0; j < k; j++) {
          const value = work[j * k + c];
          work[j * k + c] = work[j * k + pivot];
          work[j * k + pivot] = value;
        }
      }
      for (let i = c + 1; i < k; i++) {
        const factor = work[c * k + i] / work[c * k + c];
        work[c * k + i] = factor;
        if (factor === 0) continue;
        for (let j = c + 1; j < k; j++) work[j * k + i] -= factor * work[j * k + c];
      }
    }
    for (let r = 0; r < k; r++) {
      for (let i = 0; i < k; i++) outD[i * k + r] = gradient[first + i * K + r] / 2;
      for (let c = 0; c < k; c++) {
        const pivot = pivots[c];
        const value = outD[pivot * k + r];
        outD[pivot * k + r] = outD[c * k + r];
        outD[c * k + r] = value;
      }
      for (let c = 0; c < k; c++) {
        for (let i = c + 1; i < k; i++) outD[i * k + r] -= work[c * k + i] * outD[c * k + r];
      }
      for (let c = k - 1; c >= 0; c--) {
        outD[c * k + r] /= work[c * k + c];
        for (let i = 0; i < c; i++) outD[i * k + r] -= work[c * k + i] * outD[c * k + r];
      }
    }
    for (let j = 0; j < k; j++) {
      for (let i = 0; i < j; i++) {
        const mean = (outD[j * k + i] + outD[i * k + j]) / 2;
        outD[j * k + i] = mean;
        outD[i * k + j] = mean;
      }
    }
  }

  /** Adds 2 tr(D E_iE_j') + F·∂²T/∂θ_i∂θ_j for all i and j of the term. */
  addCurvatureInto(
    template: Template,
    d: Float64Array,
    gradient: Float64Array,
    K: number,
    columnStart: number,
    outHessian: Float64Array,
    n: number,
    thetaStart: number,
  ): void {
    for (let i = 0; i < template.count; i++) {
      for (let j = 0; j <= i; j++) {
        templateSecondDerivativeInto(template, this.own, i, j, this.second);
        const value =
          2 * this.quadratic(d, this.first[i], this.first[j]) +
          this.innerProduct(this.second, gradient, K, columnStart);
        outHessian[(thetaStart + i) * n + thetaStart + j] += value;
        if (i !== j) outHessian[(thetaStart + j) * n + thetaStart + i] += value;
      }
    }
  }

  /**
   * v_i = S(E_i u + T E_i'S'h) level by level, in the columns of the products.
   *
   * @param scaled M = S·blockdiag(T) of the factor, K×K
   * @param solved with u at `offset`, `residual` with h there
   * @param outV q numbers per parameter of the model; those of the term's levels are written
   */
  directionsInto(
    design: Design,
    { factor, columnStart, template, thetaStart }: DesignTerm,
    shift: Float64Array,
    scaled: Float64Array,
    solved: Float64Array,
    residual: Float64Array,
    offset: number,
    outV: Float64Array,
    q: number,
  ): void {
    const { k, projected } = this;
    const { ncols: K, start, levels } = design.factors[factor];
    for (let l = 0; l < levels.length; l++) {
      const base = start + l * K;
      // S'h on the term's own columns.
      for (let c = 0; c < k; c++) {
        let sum = 0;
        for (let m = 0; m < K; m++) sum += shift[(columnStart + c) * K + m] * residual[offset + base + m];
        projected[c] = sum;
      }
      for (let i = 0; i < template.count; i++) {
        const e = this.first[i];
        const out = (thetaStart + i) * q + base;
        for (let m = 0; m < K; m++) outV[out + m] = 0;
        for (let a = 0; a < k; a++) {
          let along = 0;
          let back = 0;
          for (let c = 0; c < k; c++) {
            along += e[c * k + a] * solved[offset + base + columnStart + c];
            back += e[a * k + c] * projected[c];
          }
          const column = (columnStart + a) * K;
          for (let m = 0; m < K; m++) outV[out + m] += shift[column + m] * along + scaled[column + m] * back;
        }
      }
    }
  }

  private innerProduct(matrix: Float64Array, gradient: Float64Array, K: number, columnStart: number): number {
    const { k } = this;
    let sum = 0;
    for (let j = 0; j < k; j++) {
      const column = (columnStart + j) * K + columnStart;
      for (let i = 0; i < k; i++) sum += matrix[j * k + i] * gradient[column + i];
    }
    return sum;
  }

  /** tr(D AB'). */
  private quadratic(d: Float64Array, a: Float64Array, b: Float64Array): number {
    const { k } = this;
    let total = 0;
    for (let m = 0; m < k; m++) {
      for (let i = 0; i < k; i++) {
        let sum = 0;
        for (let j = 0; j < k; j++) sum += d[j * k + i] * b[m * k + j];
        total += a[m * k + i] * sum;
      }
    }
    return total;
  }
}
