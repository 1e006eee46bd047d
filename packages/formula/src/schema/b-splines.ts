/**
 * The `order` B-splines that are not zero on the knot interval `span` (knots[span] ≤ x < knots[span + 1]),
 * or the polynomials that continue them where x lies outside of it; `out[j]` belongs to spline
 * `span − order + 1 + j`. Writes `outValues` (length ≥ order).
 *
 * The Cox–de Boor recurrence (de Boor 1978, "A Practical Guide to Splines", chapter X, BSPLVB). Cost: O(order²).
 */
export function bSplinesInto(
  knots: Float64Array,
  order: number,
  span: number,
  x: number,
  outValues: Float64Array,
): void {
  outValues[0] = 1;
  for (let k = 1; k < order; k++) {
    let carried = 0;
    for (let j = 0; j < k; j++) {
      const right = knots[span + j + 1];
      const left = knots[span + j + 1 - k];
      const part = outValues[j] / (right - left);
      outValues[j] = carried + (right - x) * part;
      carried = (x - left) * part;
    }
    outValues[k] = carried;
  }
}

/**
 * The m-th derivatives of those splines: differences of splines of order − m (de Boor 1978, chapter X (16)).
 * Writes `outValues` (length ≥ order).
 */
export function bSplineDerivativesInto(
  knots: Float64Array,
  order: number,
  span: number,
  x: number,
  derivative: number,
  outValues: Float64Array,
): void {
  outValues.fill(0);
  bSplinesInto(knots, order - derivative, span, x, outValues);
  for (let k = order - derivative; k < order; k++) {
    // From order k to the derivative of order k + 1.
    let carried = 0;
    for (let j = 0; j < k; j++) {
      const part = (k * outValues[j]) / (knots[span + j + 1] - knots[span + j + 1 - k]);
      outValues[j] = carried - part;
      carried = part;
    }
    outValues[k] = carried;
  }
}

/** Where a spline basis bends: interior knots and the two boundary knots. */
export interface SplineKnots {
  readonly interior: readonly number[];
  readonly boundary: readonly [number, number];
}

/** Interior knots between boundary knots repeated `order` times. */
export function augmentedKnots({ interior, boundary }: SplineKnots, order: number): Float64Array {
  const inner = [...interior].sort((a, b) => a - b);
  const [left, right] = boundary;
  return Float64Array.from([...Array(order).fill(left), ...inner, ...Array(order).fill(right)]);
}

/** The interval of the augmented knots that x lies in, the first or last one when it is outside. */
export function knotSpan(knots: Float64Array, order: number, x: number): number {
  let low = order - 1;
  let high = knots.length - order; // the right boundary's first knot
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x < knots[middle]) high = middle;
    else low = middle;
  }
  // A knot repeated at the boundary makes empty intervals; the last one with width is meant.
  while (low > order - 1 && knots[low] === knots[low + 1]) low--;
  return low;
}

/**
 * The B-spline basis of the given degree at x: one column per spline, points outside the boundary knots by
 * the polynomial of the nearest interval. Missing where x is. Cost: O(n · degree²).
 */
export function bSplineBasis(x: Float64Array, knots: SplineKnots, degree: number): Float64Array[] {
  const order = degree + 1;
  const augmented = augmentedKnots(knots, order);
  const columns = Array.from({ length: augmented.length - order }, () => new Float64Array(x.length));
  const values = new Float64Array(order);
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) {
      for (const column of columns) column[i] = Number.NaN;
      continue;
    }
    const span = knotSpan(augmented, order, x[i]);
    bSplinesInto(augmented, order, span, x[i], values);
    for (let j = 0; j < order; j++) columns[span - degree + j][i] = values[j];
  }
  return columns;
}

/**
 * The natural cubic spline basis at x: cubic B-splines (all, or without the first when `intercept` is
 * false) projected on those with zero second derivatives at the boundary knots, linear beyond them.
 *
 * The projection is the last columns of the orthogonal factor of the 2 constraints, by Householder
 * reflections v = a + sign(a₁)‖a‖e₁ (Golub & Van Loan, "Matrix Computations", section 5.1); this fixes the
 * basis to the one R's `ns` gives. Source: Hastie (1992), in Chambers & Hastie, section 7.3.2. Cost: O(n k).
 */
export function naturalSplineBasis(x: Float64Array, knots: SplineKnots, intercept: boolean): Float64Array[] {
  const order = 4;
  const augmented = augmentedKnots(knots, order);
  const width = augmented.length - order;
  const [left, right] = knots.boundary;
  const first = intercept ? 0 : 1;
  const edge = [left, right].map((at) => {
    const span = knotSpan(augmented, order, at);
    const derivative = (m: number) => {
      const values = new Float64Array(order);
      bSplineDerivativesInto(augmented, order, span, at, m, values);
      const row = new Float64Array(width);
      row.set(values, span - 3);
      return row;
    };
    return { value: derivative(0), slope: derivative(1), curvature: derivative(2).subarray(first) };
  });
  const reflections = householder([edge[0].curvature.slice(), edge[1].curvature.slice()]);

  const size = width - first;
  const columns = Array.from({ length: size - 2 }, () => new Float64Array(x.length));
  const values = new Float64Array(order);
  const row = new Float64Array(width);
  for (let i = 0; i < x.length; i++) {
    const v = x[i];
    if (Number.isNaN(v)) {
      for (const column of columns) column[i] = Number.NaN;
      continue;
    }
    if (v < left || v > right) {
      const { value, slope } = edge[v < left ? 0 : 1];
      const distance = v - (v < left ? left : right);
      for (let j = 0; j < width; j++) row[j] = value[j] + distance * slope[j];
    } else {
      const span = knotSpan(augmented, order, v);
      bSplinesInto(augmented, order, span, v, values);
      row.fill(0);
      for (let j = 0; j < order; j++) row[span - 3 + j] = values[j];
    }
    const part = row.subarray(first);
    for (const reflection of reflections) reflectInPlace(part, reflection);
    for (let j = 0; j < columns.length; j++) columns[j][i] = part[j + 2];
  }
  return columns;
}

interface Reflection {
  readonly v: Float64Array;
  /** 2 / v'v. */
  readonly factor: number;
}

/** The reflections that make the columns upper triangular; the columns are overwritten. */
function householder(columns: Float64Array[]): Reflection[] {
  return columns.map((column, k) => {
    const v = new Float64Array(column.length);
    let norm = 0;
    for (let i = k; i < v.length; i++) {
      v[i] = column[i];
      norm += column[i] * column[i];
    }
    norm = Math.sqrt(norm);
    v[k] += v[k] < 0 ? -norm : norm;
    let square = 0;
    for (let i = k; i < v.length; i++) square += v[i] * v[i];
    const reflection = { v, factor: square === 0 ? 0 : 2 / square };
    for (let j = k; j < columns.length; j++) reflectInPlace(columns[j], reflection);
    return reflection;
  });
}

function reflectInPlace(x: Float64Array, { v, factor }: Reflection): void {
  let product = 0;
  for (let i = 0; i < v.length; i++) product += v[i] * x[i];
  const f = factor * product;
  for (let i = 0; i < v.length; i++) x[i] -= f * v[i];
}
