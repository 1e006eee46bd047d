/** Orthogonal polynomials up to a degree, and what it takes to evaluate them elsewhere. */
export interface OrthogonalPolynomials {
  /** One column per degree 1 … d, orthonormal over the points and orthogonal to the constant. */
  readonly columns: Float64Array[];
  readonly coefs: PolynomialCoefs;
}

/** R's `attr(poly(x, d), "coefs")`: the recurrence's shifts α (d of them) and squared norms (d + 2). */
export interface PolynomialCoefs {
  readonly alpha: readonly number[];
  readonly norm2: readonly number[];
}

/**
 * Orthonormal polynomials of degree 1 … d over the points x (NaN where missing), with positive leading
 * coefficients, by the three-term recurrence
 *
 *   p₀ = 1,  p₁ = x − α₁,  pₖ₊₁ = (x − αₖ₊₁) pₖ − (‖pₖ‖² / ‖pₖ₋₁‖²) pₖ₋₁,  αₖ₊₁ = Σ x pₖ² / ‖pₖ‖².
 *
 * Each new column is made orthogonal to the earlier ones a second time, so that orthogonality holds to
 * rounding at high degrees too. Source: Forsythe (1957, J. SIAM 5), Kennedy & Gentle (1980, "Statistical
 * Computing", pp. 343–344). Cost: O(n d²). The caller sees to it that x has more than d distinct values.
 */
export function orthogonalPolynomials(x: Float64Array, degree: number): OrthogonalPolynomials {
  const n = x.length;
  let count = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(x[i])) continue;
    count++;
    total += x[i];
  }
  const mean = total / count;
  const alpha: number[] = [];
  const norm2: number[] = [1, count];
  const raw: Float64Array[] = [];
  // Working with x − mean keeps the digits of points far from zero.
  const centred = x.map((v) => v - mean);
  let previous: Float64Array | null = null;
  let current = new Float64Array(n).fill(1);
  for (let i = 0; i < n; i++) if (Number.isNaN(x[i])) current[i] = Number.NaN;
  for (let k = 0; k < degree; k++) {
    let weighted = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      const p2 = current[i] * current[i];
      if (Number.isNaN(p2)) continue;
      weighted += centred[i] * p2;
      square += p2;
    }
    const shift = weighted / square;
    alpha.push(shift + mean);
    const ratio = k === 0 ? 0 : norm2[k + 1] / norm2[k];
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      next[i] = (centred[i] - shift) * current[i] - (previous === null ? 0 : ratio * previous[i]);
    }
    orthogonalize(next, raw);
    raw.push(next);
    norm2.push(sumOfSquares(next));
    previous = current;
    current = next;
  }
  const columns = raw.map((p, k) => {
    const length = Math.sqrt(norm2[k + 2]);
    return p.map((v) => v / length);
  });
  return { columns, coefs: { alpha, norm2 } };
}

/** The same polynomials at other points. Cost: O(n d). */
export function evaluatePolynomials(x: Float64Array, coefs: PolynomialCoefs): Float64Array[] {
  const { alpha, norm2 } = coefs;
  const out: Float64Array[] = [];
  let previous: Float64Array | null = null;
  let current: Float64Array = new Float64Array(x.length).fill(1);
  for (let k = 0; k < alpha.length; k++) {
    const next = new Float64Array(x.length);
    const ratio = k === 0 ? 0 : norm2[k + 1] / norm2[k];
    for (let i = 0; i < x.length; i++) {
      next[i] = (x[i] - alpha[k]) * current[i] - (previous === null ? 0 : ratio * previous[i]);
    }
    previous = current;
    current = next;
    const length = Math.sqrt(norm2[k + 2]);
    out.push(next.map((v) => v / length));
  }
  return out;
}

function sumOfSquares(p: Float64Array): number {
  let s = 0;
  for (let i = 0; i < p.length; i++) if (!Number.isNaN(p[i])) s += p[i] * p[i];
  return s;
}

/** Takes out of `p` what is left of the constant and of the earlier columns (in place). */
function orthogonalize(p: Float64Array, earlier: readonly Float64Array[]): void {
  let total = 0;
  let count = 0;
  for (let i = 0; i < p.length; i++) {
    if (Number.isNaN(p[i])) continue;
    total += p[i];
    count++;
  }
  const mean = total / count;
  for (let i = 0; i < p.length; i++) p[i] -= mean;
  for (const q of earlier) {
    let product = 0;
    for (let i = 0; i < p.length; i++) if (!Number.isNaN(p[i])) product += p[i] * q[i];
    const f = product / sumOfSquares(q);
    for (let i = 0; i < p.length; i++) p[i] -= f * q[i];
  }
}
