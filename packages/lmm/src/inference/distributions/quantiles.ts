import type { Tails } from "./incomplete-beta";
import { chiSquareTails, fTails, normalTails, tTails } from "./tails";

/** The z with P(Z > z) = `upper`; ±Infinity for 0 and 1. */
export function normalQuantile(upper: number): number {
  return symmetricQuantile(upper, normalTails);
}

/** The t with P(T > t) = `upper` on `df` degrees of freedom. */
export function tQuantile(upper: number, df: number): number {
  return symmetricQuantile(upper, (t) => tTails(t, df));
}

/** The x with P(χ² > x) = `upper`. */
export function chiSquareQuantile(upper: number, df: number): number {
  return positiveQuantile(upper, (x) => chiSquareTails(x, df));
}

/** The f with P(F > f) = `upper`. */
export function fQuantile(upper: number, df1: number, df2: number): number {
  return positiveQuantile(upper, (f) => fTails(f, df1, df2));
}

function symmetricQuantile(upper: number, tails: (x: number) => Tails): number {
  if (upper === 0.5) return 0;
  if (upper > 0.5) return -positiveQuantile(1 - upper, tails);
  return positiveQuantile(upper, tails);
}

/**
 * The x > 0 at which the upper tail is `upper`, to the last digits that the tail gives.
 *
 * A bracket is found by squaring steps in log x, then narrowed by the Illinois variant of false position
 * in log x and the logarithm of the smaller tail, in which tails of all these distributions are nearly
 * straight (Dowell & Jarratt 1971, BIT 11).
 */
function positiveQuantile(upper: number, tails: (x: number) => Tails): number {
  if (!(upper >= 0 && upper <= 1)) return Number.NaN;
  if (upper === 0) return Number.POSITIVE_INFINITY;
  if (upper === 1) return 0;
  // Decreasing in log x; from whichever tail is the smaller at the solution.
  const goal = upper <= 0.5 ? Math.log(upper) : Math.log1p(-upper);
  const distance = (s: number): number => {
    const { lower, upper: tail } = tails(Math.exp(s));
    return upper <= 0.5 ? Math.log(tail) - goal : goal - Math.log(lower);
  };
  let step = 1;
  let [left, right] = [-1, 1];
  let [atLeft, atRight] = [distance(left), distance(right)];
  while (!(atLeft >= 0) && left > -700) {
    [right, atRight] = [left, atLeft];
    left -= step;
    step *= 2;
    atLeft = distance(left);
  }
  while (!(atRight <= 0) && right < 700) {
    [left, atLeft] = [right, atRight];
    right += step;
    step *= 2;
    atRight = distance(right);
  }
  for (let i = 0; i < 200 && right - left > 2e-16 * Math.max(1, Math.abs(left)); i++) {
    const straight = (left * atRight - right * atLeft) / (atRight - atLeft);
    const inside = straight > left && straight < right && i % 4 !== 3;
    const middle = inside ? straight : (left + right) / 2;
    if (middle <= left || middle >= right) break;
    const value = distance(middle);
    if (value === 0) return Math.exp(middle);
    if (value > 0) {
      [left, atLeft] = [middle, value];
      if (inside) atRight /= 2;
    } else {
      [right, atRight] = [middle, value];
      if (inside) atLeft /= 2;
    }
  }
  return Math.exp((left + right) / 2);
}
