import type { CorrelationFactor } from "./correlation-factor";

/** Starting correlations stay within this share of their range. */
const INSIDE = 0.95;

/*
 * c = 2x/(1 + x²) and s = (1 − x²)/(1 + x²) run along the circle c² + s² = 1 without sines: with w = 2/(1 + x²),
 * c' = sw, s' = −cw, w' = −cw.
 */

/** c, s and their derivatives of the given order at x. */
function circle(x: number, order: 0 | 1 | 2): { c: number; s: number } {
  const square = 1 + x * x;
  const c = (2 * x) / square;
  const s = ((1 - x) * (1 + x)) / square;
  if (order === 0) return { c, s };
  const w = 2 / square;
  if (order === 1) return { c: s * w, s: -c * w };
  return { c: -c * w * (w + s), s: w * (c * c - s * w) };
}

/** x in [−1, 1] with 2x/(1 + x²) = c. */
function ofSine(c: number): number {
  return c / (1 + Math.sqrt(Math.max(0, (1 - c) * (1 + c))));
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/**
 * First-order autoregression, R_ij = ρ^|i − j| with ρ = 2x/(1 + x²), −1 ≤ x ≤ 1: C is the lower Cholesky factor,
 * C_i1 = ρ^(i−1), C_ij = √(1 − ρ²)ρ^(i−j).
 *
 * x is the tangent of half the arcsine of ρ; 1/x gives the same R.
 */
export const autoregressive: CorrelationFactor = {
  range: [-1, 1],
  into(x, k, order, out) {
    const { c, s } = circle(x, 0);
    const first = circle(x, 1);
    const second = circle(x, 2);
    out.fill(0);
    // power = c^m, and its derivatives in x.
    let power = 1;
    let slope = 0;
    let bend = 0;
    for (let m = 0; m < k; m++) {
      out[m] = order === 0 ? power : order === 1 ? slope : bend;
      let value = s * power;
      if (order === 1) value = first.s * power + s * slope;
      if (order === 2) value = second.s * power + 2 * first.s * slope + s * bend;
      for (let j = 1; j + m < k; j++) out[j * k + j + m] = value;
      bend = bend * c + 2 * slope * first.c + power * second.c;
      slope = slope * c + power * first.c;
      power *= c;
    }
  },
  correlation: (x) => circle(x, 0).c,
  ofCorrelation: (rho) => ofSine(clamp(rho, -1, 1)),
  nearest(correlation, k) {
    let sum = 0;
    for (let i = 1; i < k; i++) sum += correlation(i, i - 1);
    return clamp(sum / (k - 1), -INSIDE, INSIDE);
  },
  rectified: (x) => (Math.abs(x) > 1 ? 1 / x : x),
};

/**
 * Compound symmetry, R_ij = ρ off the diagonal, −1/(k − 1) ≤ ρ ≤ 1: C is the symmetric root aI + (b − a)J/k with
 * a² = 1 − ρ and b² = 1 + (k − 1)ρ, J all ones. On the ellipse (k − 1)a² + b² = k, a = √(k/(k − 1))(1 − x²)/(1 + x²)
 * and b = √k·2x/(1 + x²), 0 ≤ x ≤ 1; −x and 1/x give the same R.
 */
export const compoundSymmetric: CorrelationFactor = {
  range: [0, 1],
  into(x, k, order, out) {
    const { c, s } = circle(x, order);
    const a = Math.sqrt(k / (k - 1)) * s;
    const rest = (Math.sqrt(k) * c - a) / k;
    for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) out[j * k + i] = i === j ? rest + a : rest;
  },
  correlation(x, k) {
    // 1 − ρ = a², the better conditioned of the two.
    const { s } = circle(x, 0);
    return 1 - (k / (k - 1)) * s * s;
  },
  ofCorrelation(rho, k) {
    const mean = Math.sqrt(Math.max(0, (1 + (k - 1) * rho) / k));
    return ofSine(Math.min(1, mean));
  },
  nearest(correlation, k) {
    let sum = 0;
    for (let i = 0; i < k; i++) for (let j = 0; j < i; j++) sum += correlation(i, j);
    return clamp((2 * sum) / (k * (k - 1)), -INSIDE / (k - 1), INSIDE);
  },
  rectified: (x) => (Math.abs(x) > 1 ? 1 / Math.abs(x) : Math.abs(x)),
};
