/** Refinements tried at most; each halves the step. */
const MAX_LEVELS = 10;
/** An estimate this many times worse than the best so far means that rounding errors have taken over. */
const WORSE = 4;

/** The limit of a difference quotient, and how well it is known. */
export interface Limit {
  value: number;
  /** Estimated absolute error: the larger of the differences to the two neighbours in the tableau. */
  error: number;
}

/** Scratch tableau of {@link extrapolateInto}: two rows. */
export interface Tableau {
  previous: Float64Array;
  current: Float64Array;
}

/** Allocates a tableau. */
export function createTableau(): Tableau {
  return { previous: new Float64Array(MAX_LEVELS), current: new Float64Array(MAX_LEVELS) };
}

/**
 * Extrapolates a difference quotient `quotient(h)` to h = 0 by Richardson's scheme, with steps h, h/2, h/4, ...
 *
 * Column j of the tableau removes the error term of order `order * j`; the entry with the least estimated error is
 * returned. Quotients that are not finite (a step out of the function's domain) restart the tableau at a smaller step.
 *
 * Source: Ridders (1982), Accurate computation of F'(x) and F'(x)F''(x), Adv. Eng. Software 4, 75-76.
 *
 * @param quotient difference quotient for a step
 * @param step first step h, positive
 * @param order 2 for central quotients (error in even powers of h), 1 for one-sided ones
 * @param tableau overwritten
 * @param out value and error; NaN and Infinity when no two quotients were finite
 */
export function extrapolateInto(
  quotient: (h: number) => number,
  step: number,
  order: 1 | 2,
  tableau: Tableau,
  out: Limit,
): void {
  out.value = NaN;
  out.error = Infinity;
  let h = step;
  let rows = 0;
  for (let level = 0; level < MAX_LEVELS; level++, h *= 0.5) {
    const { previous, current } = tableau;
    current[0] = quotient(h);
    if (!Number.isFinite(current[0])) {
      rows = 0;
      continue;
    }
    let factor = 1;
    let bestInRow = Infinity;
    for (let j = 1; j <= rows; j++) {
      factor *= order === 2 ? 4 : 2;
      current[j] = current[j - 1] + (current[j - 1] - previous[j - 1]) / (factor - 1);
      const error = Math.max(Math.abs(current[j] - current[j - 1]), Math.abs(current[j] - previous[j - 1]));
      bestInRow = Math.min(bestInRow, error);
      if (error < out.error) {
        out.error = error;
        out.value = current[j];
      }
    }
    if (rows > 1 && bestInRow > WORSE * out.error) return;
    tableau.previous = current;
    tableau.current = previous;
    rows++;
  }
}
