import { log1pMinus, stirlingError } from "./stirling";
import { normalTails } from "./tails";

/** Step and bounds of the trapezoidal rule over the normal variate. */
const STEP = 0.25;
const REACH = 8.5;

/**
 * The upper tail of the studentized range: P(range of k standard normal variates / s > q), s² an independent
 * χ²/df on `df` degrees of freedom (infinite: s = 1).
 *
 * Both integrals by the trapezoidal rule, over z and log s, where their integrands are analytic and fall off
 * faster than exponentially, so that the error is at rounding level (Trefethen & Weideman 2014, SIAM Review 56).
 * The tail is integrated itself, not 1 minus the distribution function.
 *
 * @param k number of means, ≥ 2
 * Cost: a few times 10⁴ normal tails.
 */
export function studentizedRangeTail(q: number, k: number, df: number): number {
  if (Number.isNaN(q) || !(df > 0) || !(k >= 2)) return Number.NaN;
  if (q <= 0) return 1;
  if (df > 1e8) return rangeTail(q, k);
  const a = df / 2;
  const spread = 1 / Math.sqrt(2 * df);
  const step = Math.min(0.07, spread / 5);
  const scale = 2 * Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a));
  let sum = 0;
  for (const direction of [1, -1]) {
    for (let i = direction === 1 ? 0 : 1; ; i++) {
      const u = direction * i * step;
      const square = Math.exp(2 * u);
      // The density of log s.
      const density = scale * Math.exp(a * log1pMinus(square - 1, square));
      // No term from here on is larger than the density, which only falls.
      if (density === 0 || (i > 4 && density < 1e-17 * sum)) break;
      const term = density * rangeTail(q * Math.exp(u), k);
      sum += term;
      if (direction === 1 && i > 4 && term < 1e-18 * sum) break;
    }
  }
  return Math.min(1, sum * step);
}

/** P(range of k standard normal variates > w) = k ∫ φ(z) {Φ(z)^{k−1} − (Φ(z) − Φ(z − w))^{k−1}} dz. */
function rangeTail(w: number, k: number): number {
  const last = Math.max(REACH, w / 2 + REACH);
  let sum = 0;
  for (let z = -REACH; z <= last; z += STEP) {
    const below = normalTails(z).lower;
    const outside = normalTails(z - w).lower / below;
    const share = outside >= 1 ? 1 : -Math.expm1((k - 1) * Math.log1p(-outside));
    sum += Math.exp(-(z * z) / 2) * below ** (k - 1) * share;
  }
  return Math.min(1, (k * sum * STEP) / Math.sqrt(2 * Math.PI));
}
