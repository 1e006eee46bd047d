import { meanOverScale } from "./over-scale";
import { normalTails } from "./tails";

/** Step and bounds of the trapezoidal rule over the normal variate. */
const STEP = 0.25;
const REACH = 8.5;

/**
 * The upper tail of the studentized range: P(range of k standard normal variates / s > q), s² an independent
 * χ²/df on `df` degrees of freedom (infinite: s = 1).
 *
 * Both integrals by the trapezoidal rule, over z and log s (`meanOverScale`), where their integrands are analytic
 * and fall off faster than exponentially, so that the error is at rounding level (Trefethen & Weideman 2014).
 * The tail is integrated itself, not 1 minus the distribution function.
 *
 * @param k number of means, ≥ 2
 * Cost: a few times 10⁴ normal tails.
 */
export function studentizedRangeTail(q: number, k: number, df: number): number {
  if (Number.isNaN(q) || !(df > 0) || !(k >= 2)) return Number.NaN;
  if (q <= 0) return 1;
  return meanOverScale(df, (s) => rangeTail(q * s, k));
}

/** P(range of k standard normal variates > w) = k ∫ φ(z) {Φ(z)^{k−1} − (Φ(z) − Φ(z − w))^{k−1}} dz. */
function rangeTail(w: number, k: number): number {
  const last = Math.max(REACH, w / 2 + REACH);
  let sum = 0;
  for (let i = 0; ; i++) {
    const z = i * STEP - REACH;
    if (z > last) break;
    if (i === below.length) {
      below.push(normalTails(z).lower);
      density.push(Math.exp(-(z * z) / 2));
    }
    const outside = normalTails(z - w).lower / below[i];
    const share = outside >= 1 ? 1 : -Math.expm1((k - 1) * Math.log1p(-outside));
    sum += density[i] * below[i] ** (k - 1) * share;
  }
  return Math.min(1, (k * sum * STEP) / Math.sqrt(2 * Math.PI));
}

/** Φ and the density at the nodes of the rule, kept from call to call. */
const below: number[] = [];
const density: number[] = [];
