import { SCALES_ALL } from "../design/covariance-structure";
import type { Design } from "../design/design";
import { fillTemplateInto, hasEntries, type Template } from "../design/template";
import { hardBounds, type ThetaBounds } from "../design/theta-bounds";
import type { CrossProducts } from "../products/cross-products";

/**
 * Another parametrization of the templates in which every random-effects column has mean square one and,
 * where a term allows it, mean zero: φ instead of θ. Covariates in any unit and with any zero look alike
 * to an optimizer in φ.
 *
 * The columns of an unstructured term may stand in another order in Φ. With the order of a pivoted Cholesky
 * factorization what is degenerate comes last; in the columns' own order the criterion has a circular
 * valley where an early diagonal entry is near zero, in which every method crawls.
 *
 * A factor with a single unstructured term is moved and scaled, ZT = Z̃D⁻¹Φ; T is then the lower
 * triangular matrix with TT' = S⁻¹D⁻¹ΦΦ'D⁻¹S⁻ᵀ. Others are scaled only, T = D⁻¹Φ; terms whose structure has one
 * scale for all columns by one number.
 */
export interface Coordinates {
  /** For `PlsWorkspace.maps`: with them the workspace is evaluated at φ. */
  readonly maps: readonly Float64Array[];
  /** θ of a φ; new. */
  toTheta(phi: ArrayLike<number>): Float64Array;
  /** φ of a θ; new. */
  fromTheta(theta: ArrayLike<number>): Float64Array;
  /**
   * The combination y of the columns of term t, as the user wrote them, that belongs to x in the columns of Φ:
   * Φ'x = 0 where T'y = 0; new.
   */
  combination(t: number, x: Float64Array): Float64Array;
}

/**
 * Coordinates fitted to the columns of Z.
 *
 * @param orders per term, the column at each place of Φ; null for the columns' own order. Another order
 *   is possible for unstructured terms only
 */
export function scaledCoordinates(
  design: Design,
  products: CrossProducts,
  orders: readonly (Int32Array | null)[] = design.terms.map(() => null),
): Coordinates {
  const { factors, terms } = design;
  const grams = factors.map((_, f) => gram(design, products, f));
  const maps: Float64Array[] = [];
  const moved: boolean[] = [];
  const scales: Float64Array[] = [];
  factors.forEach(({ ncols: k }, f) => {
    const shift = products.shifts.random[f];
    const own = terms.filter((term) => term.factor === f);
    const full = own.length === 1 && own[0].template.rows.length === (k * (k + 1)) / 2;
    const move = full && shift.some((value, i) => value !== (i % (k + 1) === 0 ? 1 : 0));
    const scale = new Float64Array(k);
    for (let c = 0; c < k; c++) {
      let square = 0;
      for (let a = 0; a < k; a++) {
        for (let b = 0; b < k; b++) {
          const left = move ? (a === c ? 1 : 0) : shift[c * k + a];
          const right = move ? (b === c ? 1 : 0) : shift[c * k + b];
          square += left * grams[f][b * k + a] * right;
        }
      }
      const rms = Math.sqrt(square / products.nobs);
      scale[c] = rms > 0 && Number.isFinite(1 / rms) ? rms : 1;
    }
    for (const { template, columnStart } of own) {
      joinScalesInPlace(scale.subarray(columnStart, columnStart + template.k), template);
    }
    const map = new Float64Array(k * k);
    for (let c = 0; c < k; c++) {
      for (let a = 0; a < k; a++) map[c * k + a] = (move ? (a === c ? 1 : 0) : shift[c * k + a]) / scale[c];
    }
    maps.push(map);
    moved.push(move);
    scales.push(scale);
  });

  terms.forEach(({ factor, columnStart }, t) => {
    const order = orders[t];
    if (order === null) return;
    const K = factors[factor].ncols;
    const map = maps[factor].slice();
    order.forEach((column, place) => {
      const from = (columnStart + column) * K;
      maps[factor].set(map.subarray(from, from + K), (columnStart + place) * K);
    });
  });

  const convert = (from: ArrayLike<number>, back: boolean): Float64Array => {
    const out = new Float64Array(from.length);
    terms.forEach(({ factor, columnStart, template, thetaStart }, t) => {
      const { k, rows, cols } = template;
      const scale = scales[factor];
      const order = orders[t];
      if (!hasEntries(template)) {
        for (let i = 0; i < template.count; i++) {
          const row = template.scales[i];
          const d = row >= 0 ? scale[columnStart + row] : row === SCALES_ALL ? scale[columnStart] : 1;
          out[thetaStart + i] = back ? from[thetaStart + i] / d : from[thetaStart + i] * d;
        }
        return;
      }
      if (!moved[factor] && order === null) {
        for (let i = 0; i < rows.length; i++) {
          const d = scale[columnStart + rows[i]];
          out[thetaStart + i] = back ? from[thetaStart + i] / d : from[thetaStart + i] * d;
        }
        return;
      }
      let matrix: Float64Array = new Float64Array(k * k);
      fillTemplateInto(template, from, thetaStart, matrix, k, 0);
      const own = scale.subarray(columnStart, columnStart + k);
      const shift = moved[factor] ? products.shifts.random[factor] : null;
      if (back) {
        matrix = scaleRows(placeRows(matrix, order, true), own, -1);
        if (shift !== null) matrix = unshift(matrix, shift, k);
      } else {
        if (shift !== null) matrix = times(shift, matrix, k);
        matrix = placeRows(scaleRows(matrix, own, 1), order, false);
      }
      const lower = lowerFactor(matrix, k);
      for (let i = 0; i < rows.length; i++) out[thetaStart + i] = lower[cols[i] * k + rows[i]];
    });
    return out;
  };
  const combination = (t: number, x: Float64Array): Float64Array => {
    const { factor, columnStart, template } = terms[t];
    const { k } = template;
    const order = orders[t];
    const placed = new Float64Array(k);
    for (let i = 0; i < k; i++) {
      const column = order === null ? i : order[i];
      placed[column] = x[i] * scales[factor][columnStart + column];
    }
    if (!moved[factor]) return placed;
    const shift = products.shifts.random[factor];
    return placed.map((_, j) => {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += shift[j * k + i] * placed[i];
      return sum;
    });
  };
  return {
    maps,
    toTheta: (phi) => convert(phi, true),
    fromTheta: (theta) => convert(theta, false),
    combination,
  };
}

/**
 * The root mean square of the column of Z that each parameter scales, as the user wrote it; of all columns of its term
 * where it scales all, 1 for parameters that are no scale.
 */
export function thetaUnits(design: Design, products: CrossProducts): Float64Array {
  const grams = design.factors.map((_, f) => gram(design, products, f));
  const units = new Float64Array(design.theta0.length);
  for (const { factor, columnStart, template, thetaStart } of design.terms) {
    const k = design.factors[factor].ncols;
    const shift = products.shifts.random[factor];
    const sizes = Float64Array.from({ length: template.k }, (_, column) => {
      const c = columnStart + column;
      let square = 0;
      for (let a = 0; a < k; a++) {
        for (let b = 0; b < k; b++) square += shift[c * k + a] * grams[factor][b * k + a] * shift[c * k + b];
      }
      return Math.sqrt(Math.max(0, square) / products.nobs);
    });
    let whole = 0;
    for (const size of sizes) whole += (size * size) / template.k;
    template.scales.forEach((row, i) => {
      units[thetaStart + i] = row >= 0 ? sizes[row] : row === SCALES_ALL ? Math.sqrt(whole) : 1;
    });
  }
  return units;
}

/** One scale for all columns where a structure allows no other, and none where it allows no scale. */
function joinScalesInPlace(scale: Float64Array, template: Template): void {
  if (hasEntries(template)) return;
  if (template.scales.includes(SCALES_ALL)) {
    let square = 0;
    for (const value of scale) square += (value * value) / scale.length;
    scale.fill(Math.sqrt(square));
  } else if (template.scales.every((row) => row < 0)) {
    scale.fill(1);
  }
}

/** The bounds that searches in φ must keep. */
export function boundsInPhi(design: Design, coordinates: Coordinates): ThetaBounds {
  const hard = hardBounds(design);
  const convert = (bounds: Float64Array): Float64Array => {
    const finite = coordinates.fromTheta(bounds.map((value) => (Number.isFinite(value) ? value : 0)));
    return finite.map((value, i) => (Number.isFinite(bounds[i]) ? value : bounds[i]));
  };
  return { lower: convert(hard.lower), upper: convert(hard.upper) };
}

/** Σ_l of the diagonal blocks of Z'Z of one factor, K×K. */
export function gram(design: Design, products: CrossProducts, f: number): Float64Array {
  const k = design.factors[f].ncols;
  const sum = new Float64Array(k * k);
  const pair = products.ztz.find(({ rowFactor, colFactor }) => rowFactor === f && colFactor === f);
  const values = pair === undefined ? new Float64Array(0) : pair.values;
  for (let i = 0; i < values.length; i++) sum[i % (k * k)] += values[i];
  return sum;
}

/** The rows of a k×k matrix put into an order, or back into their own. */
function placeRows(matrix: Float64Array, order: Int32Array | null, back: boolean): Float64Array {
  if (order === null) return matrix;
  const k = order.length;
  const out = new Float64Array(k * k);
  for (let c = 0; c < k; c++) {
    for (let i = 0; i < k; i++) {
      if (back) out[c * k + order[i]] = matrix[c * k + i];
      else out[c * k + i] = matrix[c * k + order[i]];
    }
  }
  return out;
}

function scaleRows(matrix: Float64Array, scale: Float64Array, power: 1 | -1): Float64Array {
  const k = scale.length;
  return matrix.map((value, i) => (power === 1 ? value * scale[i % k] : value / scale[i % k]));
}

function times(left: Float64Array, right: Float64Array, k: number): Float64Array {
  const out = new Float64Array(k * k);
  for (let c = 0; c < k; c++) {
    for (let m = 0; m < k; m++) {
      for (let a = 0; a < k; a++) out[c * k + a] += left[m * k + a] * right[c * k + m];
    }
  }
  return out;
}

/** S⁻¹M, where S = I + N with N² = 0 (one constant column absorbs all shifts), so S⁻¹ = 2I − S. */
function unshift(matrix: Float64Array, shift: Float64Array, k: number): Float64Array {
  const moved = times(shift, matrix, k);
  return matrix.map((value, i) => 2 * value - moved[i]);
}

/**
 * Lower triangular L with LL' = MM', by orthogonalizing the rows of M from the first on, twice for
 * accuracy; a dependent row leaves a zero on the diagonal.
 */
export function lowerFactor(matrix: Float64Array, k: number): Float64Array {
  const lower = new Float64Array(k * k);
  const basis: (Float64Array | null)[] = [];
  for (let i = 0; i < k; i++) {
    const row = Float64Array.from({ length: k }, (_, c) => matrix[c * k + i]);
    const whole = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((q, j) => {
        if (q === null) return;
        const along = dot(q, row);
        lower[j * k + i] += along;
        for (let c = 0; c < k; c++) row[c] -= along * q[c];
      });
    }
    const rest = Math.sqrt(dot(row, row));
    const independent = rest > 1e-14 * whole;
    lower[i * k + i] = independent ? rest : 0;
    basis.push(independent ? row.map((value) => value / rest) : null);
  }
  return lower;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
