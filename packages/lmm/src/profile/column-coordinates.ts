import type { Design } from "../design/design";
import { fillTemplateInto, hasEntries } from "../design/template";
import { gram, lowerFactor } from "../fit/coordinates";
import type { CrossProducts } from "../products/cross-products";

/** Coordinates φ in which chosen columns of one term come first, every column scaled, none moved. */
export interface ColumnCoordinates {
  /** For `PlsWorkspace.maps`. */
  readonly maps: readonly Float64Array[];
  /** What the columns of each term were multiplied by: Φ's row i is T's row `order[i]` times this. */
  readonly scales: readonly Float64Array[];
  /** φ of a θ; new. */
  fromTheta(theta: ArrayLike<number>): Float64Array;
}

/** The columns of a term with some of them first, the others in their own order. */
export function columnsFirst(k: number, first: readonly number[]): number[] {
  const others = Array.from({ length: k }, (_, c) => c).filter((c) => !first.includes(c));
  return [...first, ...others];
}

/**
 * Coordinates with T_t = D⁻¹P'Φ_t for one term, in which the standard deviation of its first column is
 * σ|Φ₁₁|/d₁, and T = D⁻¹Φ for the others. Unlike the coordinates of the optimizer the columns of Z are scaled
 * but never moved, for moving changes what an intercept's variance is the variance of.
 *
 * @param order the column of the term at each place of Φ, where its template is unstructured; null for their own
 *   order
 */
export function columnCoordinates(
  design: Design,
  products: CrossProducts,
  term: number,
  order: readonly number[] | null,
): ColumnCoordinates {
  const { factors, terms } = design;
  const factorScales = factors.map(({ ncols: k }, f) => {
    const own = gram(design, products, f);
    const shift = products.shifts.random[f];
    return Float64Array.from({ length: k }, (_, c) => {
      let square = 0;
      for (let a = 0; a < k; a++) {
        for (let b = 0; b < k; b++) square += shift[c * k + a] * own[b * k + a] * shift[c * k + b];
      }
      const rms = Math.sqrt(square / products.nobs);
      return rms > 0 && Number.isFinite(1 / rms) ? rms : 1;
    });
  });
  for (const { factor, columnStart, template } of terms) {
    // Other structures' parameters are what they are.
    if (!hasEntries(template)) factorScales[factor].fill(1, columnStart, columnStart + template.k);
  }
  const k = terms[term].template.k;
  const maps = factors.map(({ ncols: K }, f) =>
    products.shifts.random[f].map((value, at) => value / factorScales[f][Math.floor(at / K)]),
  );
  const { factor, columnStart } = terms[term];
  if (order !== null) {
    const K = factors[factor].ncols;
    const before = maps[factor].slice();
    order.forEach((column, place) => {
      const from = (columnStart + column) * K;
      maps[factor].set(before.subarray(from, from + K), (columnStart + place) * K);
    });
  }
  const scales = terms.map((own, t) => {
    const scale = factorScales[own.factor].slice(own.columnStart, own.columnStart + own.template.k);
    return t === term && order !== null ? Float64Array.from(order, (column) => scale[column]) : scale;
  });
  return {
    maps,
    scales,
    fromTheta: (theta) => {
      const phi = Float64Array.from(theta);
      terms.forEach(({ template, thetaStart }, t) => {
        const { rows, cols } = template;
        if (t !== term || order === null) {
          for (let i = 0; i < rows.length; i++) phi[thetaStart + i] *= scales[t][rows[i]];
          return;
        }
        const own = new Float64Array(k * k);
        fillTemplateInto(template, theta, thetaStart, own, k, 0);
        const moved = new Float64Array(k * k);
        for (let c = 0; c < k; c++) {
          for (let i = 0; i < k; i++) moved[c * k + i] = own[c * k + order[i]] * scales[t][i];
        }
        const lower = lowerFactor(moved, k);
        for (let i = 0; i < rows.length; i++) phi[thetaStart + i] = lower[cols[i] * k + rows[i]];
      });
      return phi;
    },
  };
}
