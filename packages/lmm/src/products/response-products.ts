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
 */
export function responseProducts(
  observed: Float64Array,
  offset: Float64Array | null,
  design: Design,
  ones: Float64Array | null,
  views: Views,
  xtx: Float64Array,
  given: Float64Array | undefined,
): ResponseProducts {
  const n = observed.length;
  const response = offset === null ? observed : difference(observed, offset);
  const whole: ColumnView = { values: response, shift: 0, constant: 0 };
  const shift = given ?? fitOnFixed(response, n, ones, views, xtx);
  const total = dot(n, whole, whole, views.weights);
  // One copy of the response at most: what was made for the offset is used on.
  const y = offset === null ? observed.slice() : response;
  subtractFixedInPlace(y, views, shift);
  const view: ColumnView = { values: y, shift: 0, constant: 0 };
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

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const out = a.slice();
  for (let r = 0; r < out.length; r++) out[r] -= b[r];
  return out;
}
