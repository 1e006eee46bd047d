import type { Design } from "../design/design";
import { type ColumnView, centre } from "./column-view";
import { subtractFixedInPlace, timesFixed } from "./fixed-products";
import { leastSquares } from "./least-squares";
import { randomTimes } from "./random-products";
import { dot } from "./sums";
import type { Views } from "./views";

/** The part of the cross-products that a new response changes. */
export interface ResponseProducts {
  readonly shift: Float64Array;
  readonly zty: Float64Array;
  readonly xty: Float64Array;
  readonly yty: number;
  readonly total: number;
}

/**
 * Forms the products with the response, its least-squares fit on X̃ taken out.
 *
 * @param observed y, not changed
 * @param ones weights that make the columns of X̃ sum to 1, or null
 * @param given b0 of another part of the data, to be used instead
 * @param scratch one number per row, overwritten
 */
export function responseProducts(
  observed: Float64Array,
  offset: Float64Array | null,
  design: Design,
  ones: Float64Array | null,
  views: Views,
  xtx: Float64Array,
  given: Float64Array | undefined,
  scratch: Float64Array,
): ResponseProducts {
  const n = observed.length;
  scratch.set(observed);
  const y = scratch;
  if (offset !== null) for (let r = 0; r < n; r++) y[r] -= offset[r];
  const shift = given ?? fitOnFixed(y, n, ones, views, xtx);
  const view: ColumnView = { values: y, shift: 0, constant: 0 };
  const total = dot(n, view, view, views.weights);
  subtractFixedInPlace(y, views, shift);
  const zty = new Float64Array(design.q);
  randomTimes(design, views, view, zty);
  return {
    shift,
    zty,
    xty: timesFixed(views, view, n),
    yty: dot(n, view, view, views.weights),
    total,
  };
}

/** b0: the least-squares fit of the response on X̃, the mean taken out first. */
function fitOnFixed(
  response: Float64Array,
  n: number,
  ones: Float64Array | null,
  views: Views,
  xtx: Float64Array,
): Float64Array {
  const mean = ones === null ? 0 : centre(response);
  const b = leastSquares(xtx, timesFixed(views, { values: response, shift: mean, constant: 0 }, n));
  return ones === null ? b : b.map((value, j) => value + mean * ones[j]);
}
