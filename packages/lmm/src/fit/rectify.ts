import type { Design } from "../design/design";
import type { Coordinates } from "./coordinates";

/**
 * Gives every template column a diagonal that is not negative, by flipping the column's sign.
 *
 * The covariance TT' and hence the criterion do not change: bounds on θ can be lifted during the search
 * and restored here.
 *
 * @param theta overwritten
 */
export function rectifySignsInPlace(theta: Float64Array, design: Design): void {
  for (const { template, thetaStart } of design.terms) {
    const { rows, cols } = template;
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] !== cols[i] || !(theta[thetaStart + i] < 0)) continue;
      for (let j = 0; j < rows.length; j++) {
        if (cols[j] === cols[i]) theta[thetaStart + j] = -theta[thetaStart + j];
      }
    }
  }
  // −0 would print as "-0".
  for (let i = 0; i < theta.length; i++) if (theta[i] === 0) theta[i] = 0;
}

/**
 * Whether the fit is on the boundary: a diagonal entry of a template below the tolerance, as lme4's
 * `isSingular` has it.
 */
export function isSingularTheta(theta: ArrayLike<number>, design: Design, tolerance: number): boolean {
  return design.lower.some((bound, i) => bound === 0 && theta[i] < tolerance);
}

/**
 * Replaces template columns that are all but zero by exact zeros where that does not raise the criterion
 * beyond its rounding error.
 *
 * @param theta overwritten where a column becomes zero
 * @param coordinates in which "all but zero" means the same for every column of Z
 * @param evaluate the criterion
 * @returns whether anything was replaced
 */
export function snapZeroColumnsInPlace(
  theta: Float64Array,
  design: Design,
  coordinates: Coordinates,
  evaluate: (theta: Float64Array) => number,
): boolean {
  const phi = coordinates.fromTheta(theta);
  let best: number | null = null;
  let snapped = false;
  for (const { template, thetaStart } of design.terms) {
    for (let col = 0; col < template.k; col++) {
      const entries: number[] = [];
      for (let i = 0; i < template.rows.length; i++) {
        if (template.cols[i] === col) entries.push(thetaStart + i);
      }
      if (entries.every((i) => theta[i] === 0)) continue;
      if (entries.some((i) => Math.abs(phi[i]) > NEARLY_ZERO)) continue;
      best ??= evaluate(theta);
      const trial = theta.slice();
      for (const i of entries) trial[i] = 0;
      const value = evaluate(trial);
      if (!(value <= best + ROUNDING * Math.max(1, Math.abs(best)))) continue;
      theta.set(trial);
      best = value;
      snapped = true;
    }
  }
  return snapped;
}

/** On columns of mean square one; the criterion is quadratic around a zero column. */
const NEARLY_ZERO = 1e-3;
/** A few units in the last place of the criterion. */
const ROUNDING = 1e-13;
