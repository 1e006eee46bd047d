import { asked } from "../design/checked-structure";
import type { Design, DesignTerm } from "../design/design";
import { hasEntries, structureOf } from "../design/template";
import { thetaBounds } from "../design/theta-bounds";
import type { CrossProducts } from "../products/cross-products";
import { type Coordinates, thetaUnits } from "./coordinates";

/**
 * Gives every template column a diagonal that is not negative, by flipping the column's sign; other structures
 * bring their parameters within bounds by rules of their own.
 *
 * The covariance TT' and hence the criterion do not change: bounds on θ can be lifted during the search
 * and restored here.
 *
 * @param theta overwritten
 */
export function rectifySignsInPlace(theta: Float64Array, design: Design): void {
  for (const { template, thetaStart } of design.terms) {
    const { rows, cols } = template;
    if (!hasEntries(template)) {
      const structure = structureOf(template);
      const own = theta.subarray(thetaStart, thetaStart + template.count);
      asked(template, () => structure.rectifyInPlace?.(own, template.k));
    }
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
 * `isSingular` has it, or a parameter of another structure that near to a bound.
 *
 * θ is per unit of its column: a slope on a covariate in milligrams is a thousandth of that in grams, and may be below
 * the tolerance without being small. It counts as zero if it is so on a column of mean square one as well, which makes
 * no difference for columns of about that size or less.
 */
export function isSingularTheta(
  theta: ArrayLike<number>,
  design: Design,
  products: CrossProducts,
  tolerance: number,
): boolean {
  const { lower, upper } = thetaBounds(design);
  const near = lower.map((bound, i) => Math.min(theta[i] - bound, upper[i] - theta[i]));
  if (!near.some((distance) => distance < tolerance)) return false;
  const units = thetaUnits(design, products);
  return near.some((distance, i) => distance < tolerance && distance * units[i] < tolerance);
}

/**
 * Replaces template columns that are all but zero by exact zeros, parameters all but at a bound by it, where that does not raise the criterion
 * beyond its rounding error.
 *
 * @param theta overwritten where that is done
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
  for (const term of design.terms) {
    for (const entries of boundaries(term)) {
      if (entries.every(({ at, bound }) => theta[at] === bound)) continue;
      if (entries.some(({ at, bound }) => Math.abs(phi[at] - bound) > NEARLY_ZERO)) continue;
      best ??= evaluate(theta);
      const trial = theta.slice();
      for (const { at, bound } of entries) trial[at] = bound;
      const value = evaluate(trial);
      if (!(value <= best + ROUNDING * Math.max(1, Math.abs(best)))) continue;
      theta.set(trial);
      best = value;
      snapped = true;
    }
  }
  return snapped;
}

/** Parameters that meet a boundary together: the entries of a column of T, or one parameter and its bound. */
function boundaries({ template, thetaStart }: DesignTerm): { at: number; bound: number }[][] {
  const { rows, cols, k, count, lower, upper } = template;
  if (hasEntries(template)) {
    const columns: { at: number; bound: number }[][] = Array.from({ length: k }, () => []);
    for (let i = 0; i < rows.length; i++) columns[cols[i]].push({ at: thetaStart + i, bound: 0 });
    return columns;
  }
  const out: { at: number; bound: number }[][] = [];
  for (let i = 0; i < count; i++) {
    for (const bound of [lower[i], upper[i]])
      if (Number.isFinite(bound)) out.push([{ at: thetaStart + i, bound }]);
  }
  return out;
}

/** On columns of mean square one; the criterion is quadratic around a zero column. */
const NEARLY_ZERO = 1e-3;
/** A few units in the last place of the criterion. */
const ROUNDING = 1e-13;
