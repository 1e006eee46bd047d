import { incompleteBeta, type Tails } from "./incomplete-beta";
import { incompleteGamma } from "./incomplete-gamma";

/** From this many degrees of freedom on, t and F are their limits in working precision. */
const INFINITE = 1e14;

/** Both tails of the standard normal distribution at z. */
export function normalTails(z: number): Tails {
  if (Number.isNaN(z)) return { lower: Number.NaN, upper: Number.NaN };
  const far = incompleteGamma(0.5, (z * z) / 2).upper / 2;
  return z < 0 ? { lower: far, upper: 1 - far } : { lower: 1 - far, upper: far };
}

/** Both tails of Student's t distribution at t; `df` > 0, possibly infinite. */
export function tTails(t: number, df: number): Tails {
  if (Number.isNaN(t) || !(df > 0)) return { lower: Number.NaN, upper: Number.NaN };
  if (df >= INFINITE) return normalTails(t);
  // Numerator and denominator divided by t² or df, so that neither overflows.
  const square = (t / df) * t;
  const far =
    square > 1
      ? incompleteBeta(1 / square / (1 + 1 / square), 1 / (1 + 1 / square), df / 2, 0.5).lower / 2
      : incompleteBeta(1 / (1 + square), square / (1 + square), df / 2, 0.5).lower / 2;
  return t < 0 ? { lower: far, upper: 1 - far } : { lower: 1 - far, upper: far };
}

/** Both tails of the χ² distribution at x ≥ 0. */
export function chiSquareTails(x: number, df: number): Tails {
  if (Number.isNaN(x) || !(df > 0)) return { lower: Number.NaN, upper: Number.NaN };
  return incompleteGamma(df / 2, x / 2);
}

/** Both tails of the F distribution at f ≥ 0; `df2` may be infinite. */
export function fTails(f: number, df1: number, df2: number): Tails {
  if (Number.isNaN(f) || !(df1 > 0) || !(df2 > 0)) return { lower: Number.NaN, upper: Number.NaN };
  if (f <= 0) return { lower: 0, upper: 1 };
  if (df2 >= INFINITE) return chiSquareTails(df1 * f, df1);
  const ratio = (df1 / df2) * f;
  if (ratio === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const { lower, upper } = incompleteBeta(1 / (1 + ratio), ratio / (1 + ratio), df2 / 2, df1 / 2);
  return { lower: upper, upper: lower };
}

/** The two-sided p-value of a t statistic, P(|T| > |t|). */
export function twoSidedT(t: number, df: number): number {
  return 2 * tTails(Math.abs(t), df).upper;
}
