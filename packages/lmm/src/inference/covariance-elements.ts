import type { Design } from "../design/design";
import {
  fillTemplateInto,
  hasEntries,
  type Template,
  templateDerivativeInto,
  templateSecondDerivativeInto,
} from "../design/template";

/**
 * One entry of one term's relative covariance matrix Σ_t = T_tT_t'. V = I + Σ_k γ_k Z B_k Z' is linear in
 * these entries, B_k having ones at (row, col) and (col, row) of the term's block of every level.
 */
export interface CovarianceElement {
  readonly term: number;
  /** The grouping factor of the term. */
  readonly factor: number;
  /** row ≥ col, counted among the columns of the factor. */
  readonly row: number;
  readonly col: number;
}

/** The entries of all Σ_t, their values at θ, and their derivatives. */
export interface CovarianceElements {
  readonly elements: readonly CovarianceElement[];
  /** γ_k = (T_tT_t')_ab. */
  readonly gamma: Float64Array;
  /** ∂γ_k/∂θ_i, row k of an (elements × parameters) matrix stored by rows. */
  readonly jacobian: Float64Array;
}

/**
 * The entries that can be other than zero, by terms, then columns, and the linear map from changes of θ
 * to changes of them.
 */
export function covarianceElements(design: Design, theta: ArrayLike<number>): CovarianceElements {
  const elements: CovarianceElement[] = [];
  const gamma: number[] = [];
  const rows: Float64Array[] = [];
  design.terms.forEach(({ factor, columnStart, template, thetaStart }, term) => {
    const { k, rows: at, cols } = template;
    if (!hasEntries(template)) {
      for (const { row, col, value, slope } of structuredElements(template, theta, thetaStart)) {
        elements.push({ term, factor, row: columnStart + row, col: columnStart + col });
        gamma.push(value);
        const whole = new Float64Array(design.theta0.length);
        whole.set(slope, thetaStart);
        rows.push(whole);
      }
      return;
    }
    // Position of each entry of T in θ, −1 where there is none.
    const position = new Int32Array(k * k).fill(-1);
    for (let i = 0; i < at.length; i++) position[cols[i] * k + at[i]] = thetaStart + i;
    for (let b = 0; b < k; b++) {
      for (let a = b; a < k; a++) {
        const slope = new Float64Array(design.theta0.length);
        let value = 0;
        let present = false;
        for (let m = 0; m < k; m++) {
          const left = position[m * k + a];
          const right = position[m * k + b];
          if (left < 0 || right < 0) continue;
          present = true;
          value += theta[left] * theta[right];
          slope[left] += theta[right];
          slope[right] += theta[left];
        }
        if (!present) continue;
        elements.push({ term, factor, row: columnStart + a, col: columnStart + b });
        gamma.push(value);
        rows.push(slope);
      }
    }
  });
  const n = design.theta0.length;
  const jacobian = new Float64Array(rows.length * n);
  rows.forEach((row, k) => {
    jacobian.set(row, k * n);
  });
  return { elements, gamma: Float64Array.from(gamma), jacobian };
}

/**
 * The directions in which the entries γ may move where structures tie them, γ = Cτ with a constant C: one vector of
 * as many numbers as there are elements for each τ. Null where nothing is tied, and every entry moves alone.
 *
 * @returns "nonlinear" where the structure of some term is no linear space of covariance matrices (`cs`, `ar1`, …)
 */
export function linearDirections(
  design: Design,
  elements: readonly CovarianceElement[],
): readonly Float64Array[] | "nonlinear" | null {
  const free = ({ template }: Design["terms"][number]) =>
    hasEntries(template) ||
    (template.custom === null && template.count === (template.k * (template.k + 1)) / 2);
  if (design.terms.every(free)) return null;
  const out: Float64Array[] = [];
  const add = (value: (element: CovarianceElement) => number) => {
    out.push(Float64Array.from(elements, value));
  };
  for (const [term, own] of design.terms.entries()) {
    const { k, structure } = own.template;
    const diagonal = (element: CovarianceElement) => (element.row === element.col ? 1 : 0);
    if (free(own)) {
      elements.forEach((element, at) => {
        if (element.term === term) add((other) => (other === elements[at] ? 1 : 0));
      });
    } else if (structure === "homdiag") {
      add((element) => (element.term === term ? diagonal(element) : 0));
    } else if (structure === "homcs") {
      add((element) => (element.term === term ? diagonal(element) - 1 / k : 0));
      add((element) => (element.term === term ? 1 / k : 0));
    } else {
      return "nonlinear";
    }
  }
  return out;
}

/** All entries of TT' of a structured term, with their derivatives with respect to its own parameters. */
function structuredElements(
  template: Template,
  theta: ArrayLike<number>,
  thetaStart: number,
): { row: number; col: number; value: number; slope: Float64Array }[] {
  const { k, count } = template;
  const own = Float64Array.from({ length: count }, (_, i) => theta[thetaStart + i]);
  const matrix = new Float64Array(k * k);
  fillTemplateInto(template, own, 0, matrix, k, 0);
  const slopes = Array.from({ length: count }, (_, i) => {
    const slope = new Float64Array(k * k);
    templateDerivativeInto(template, own, i, slope);
    return slope;
  });
  const out: ReturnType<typeof structuredElements> = [];
  for (let col = 0; col < k; col++) {
    for (let row = col; row < k; row++) {
      let value = 0;
      for (let m = 0; m < k; m++) value += matrix[m * k + row] * matrix[m * k + col];
      const slope = Float64Array.from(slopes, (e) => {
        let sum = 0;
        for (let m = 0; m < k; m++) {
          sum += e[m * k + row] * matrix[m * k + col] + matrix[m * k + row] * e[m * k + col];
        }
        return sum;
      });
      out.push({ row, col, value, slope });
    }
  }
  return out;
}

/**
 * ∂²γ/∂θ_i∂θ_j of one entry (row, col) of a structured term's TT', count × count.
 *
 * @param row counted among the columns of the term, likewise `col`
 */
export function structuredBend(
  template: Template,
  theta: ArrayLike<number>,
  thetaStart: number,
  row: number,
  col: number,
): Float64Array {
  const { k, count } = template;
  const own = Float64Array.from({ length: count }, (_, i) => theta[thetaStart + i]);
  const matrix = new Float64Array(k * k);
  fillTemplateInto(template, own, 0, matrix, k, 0);
  const [left, right, bend] = [new Float64Array(k * k), new Float64Array(k * k), new Float64Array(k * k)];
  const out = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    templateDerivativeInto(template, own, i, left);
    for (let j = 0; j <= i; j++) {
      templateDerivativeInto(template, own, j, right);
      templateSecondDerivativeInto(template, own, i, j, bend);
      let sum = 0;
      for (let m = 0; m < k; m++) {
        sum += bend[m * k + row] * matrix[m * k + col] + matrix[m * k + row] * bend[m * k + col];
        sum += left[m * k + row] * right[m * k + col] + right[m * k + row] * left[m * k + col];
      }
      out[i * count + j] = sum;
      out[j * count + i] = sum;
    }
  }
  return out;
}
