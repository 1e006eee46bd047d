/**
 * The order of random-effects terms: most levels first.
 *
 * Terms that already stand in non-increasing order of levels are left alone. Otherwise they are sorted
 * by levels, and terms with equally many levels come in the reverse of the formula's order: what lme4
 * does, found by experiment (`y ~ (1 | d) + (x || a)` gives `a.x`, `a.(Intercept)`, `d.(Intercept)`).
 *
 * @param nlevels levels of each term's grouping factor, in the formula's order; not changed
 * @returns positions in the formula's order, first term first
 */
export function termOrder(nlevels: readonly number[]): number[] {
  const order = nlevels.map((_, i) => i);
  const sorted = nlevels.every((m, i) => i === 0 || m <= nlevels[i - 1]);
  if (sorted) return order;
  return order.sort((i, j) => nlevels[j] - nlevels[i] || j - i);
}
