import { cholesky, LogProduct } from "@lmmkit/dense";
import type { ModelFrame } from "@lmmkit/formula";
import type { Design } from "../design/design";
import { LmmError } from "../errors";
import { memoryEstimate, refuseBeyondMemory } from "../pls/memory";
import type { CrossProducts, Shifts } from "./cross-products";
import { fixedProducts } from "./fixed-products";
import { randomProducts, randomTimes } from "./random-products";
import { responseProducts } from "./response-products";
import { columnShifts } from "./shifts";
import { fixedTriangle, orthogonalized, viewsOf } from "./views";

/** How cross-products are formed. */
export interface CrossProductOptions {
  /** Shifts of another part of the data, so that the parts can be merged; default: this frame's own. */
  readonly shifts?: Shifts;
}

/** A column whose part outside the columns before it has less than this share of its square is re-based. */
const COLLINEAR = 1e-5;

/**
 * Forms the cross-products of a model frame, weighted, shifted and compensated.
 *
 * The response is replaced by its residual from the least-squares fit on X (known to a few digits is
 * enough: any b0 gives the same model), dense columns by their distance from a number near their mean, and
 * columns of X that are nearly collinear even so by an orthonormal basis.
 *
 * @param frame not changed
 * @param design of the same frame
 * Cost: n·(p² + p·K + K²) with K random-effects columns in a row, less for columns stored sparse;
 * one counting sort of the rows per pair of factors.
 */
export function crossProducts(
  frame: ModelFrame,
  design: Design,
  options: CrossProductOptions = {},
): CrossProducts {
  return refillableProducts(frame, design, options).products;
}

/** Cross-products, and the same for other responses: only Z'y, X'y and y'y are formed again. */
export interface RefillableProducts {
  readonly products: CrossProducts;
  /** As `products` for another response on the same rows; shares everything that does not depend on it. */
  readonly withResponse: (response: Float64Array) => CrossProducts;
}

/** As `crossProducts`, ready for many responses. */
export function refillableProducts(
  frame: ModelFrame,
  design: Design,
  options: CrossProductOptions = {},
): RefillableProducts {
  const n = frame.nobs;
  refuseBeyondMemory(memoryEstimate(design, 0));
  const { shifts: given } = options;
  const columns = columnShifts(frame, design, given);
  const shifted = viewsOf(frame, design, columns);
  const p = shifted.fixed.length;
  let xtx = given?.triangle === undefined || given.triangle === null ? fixedProducts(shifted, n) : null;
  let triangle = given?.triangle ?? null;
  if (given === undefined && xtx !== null && nearlyCollinear(xtx, p)) {
    refuseWritingOut(n, p);
    triangle = fixedTriangle(shifted, n);
  }
  const views = triangle === null ? shifted : orthogonalized(shifted, n, triangle);
  if (triangle !== null || xtx === null) xtx = fixedProducts(views, n);
  const ztx = new Float64Array(design.q * p);
  views.fixed.forEach((column, j) => {
    const out = ztx.subarray(j * design.q, (j + 1) * design.q);
    randomTimes(design, views, column, out, views.fixedRows[j]);
  });
  // Sorted rows first, then the response less its fit: all the room per row that is needed.
  const room = new Float64Array(n);
  const ztz = randomProducts(design, views, new Int32Array(room.buffer));
  const ones = triangle === null ? columns.ones : null;
  const fixed = triangle === null ? columns.fixedMap : timesInverse(columns.fixedMap, triangle, p);
  const shared = { ...weightSums(frame), ztz, ztx, xtx };
  const complete = (response: Float64Array): CrossProducts => {
    const b0 = given?.response;
    const part = responseProducts(response, frame.offset, design, ones, views, shared.xtx, b0, room);
    const { shift, zty, xty, yty, total } = part;
    const shifts: Shifts = given ?? {
      fixed,
      triangle,
      random: columns.randomMaps,
      response: shift,
      fixedColumns: columns.fixed,
      randomColumns: columns.random,
    };
    return { ...shared, shifts, zty, xty, yty, total };
  };
  const observed = frame.response === null ? new Float64Array(n) : frame.response.values;
  return { products: complete(observed), withResponse: complete };
}

/** Rows with a positive weight, and the sum of the logarithms of their weights. */
function weightSums(frame: ModelFrame): { nobs: number; sumLogWeights: number } {
  if (frame.weights === null) return { nobs: frame.nobs, sumLogWeights: 0 };
  let nobs = 0;
  const product = new LogProduct();
  for (const weight of frame.weights) {
    if (weight === 0) continue;
    nobs++;
    product.times(weight);
  }
  return { nobs, sumLogWeights: product.log() };
}

/** More numbers than this (4 GB) are not written out to make nearly collinear columns orthonormal. */
const MOST_NUMBERS = 5e8;

function refuseWritingOut(n: number, p: number): void {
  if (2 * n * p <= MOST_NUMBERS) return;
  throw new LmmError(
    "too-large",
    `too many nearly collinear columns: ${p} of ${n} rows would need about ${Math.ceil((16 * n * p) / 2 ** 30)} GB`,
    16 * n * p,
    "centre and scale continuous columns, or use another baseline level, so that no column is nearly a sum of others",
  );
}

/** From here on the Cholesky factorization in blocks pays. */
const MANY_COLUMNS = 64;

/** Whether a pivot of the Cholesky factorization of X'X keeps too few digits of its diagonal entry. */
function nearlyCollinear(xtx: Float64Array, p: number): boolean {
  if (p >= MANY_COLUMNS) {
    const result = cholesky(xtx, p);
    if (result.status !== "ok") return true;
    for (let j = 0; j < p; j++) {
      if (!(result.factor[j * p + j] ** 2 > COLLINEAR * xtx[j * p + j])) return true;
    }
    return false;
  }
  const r = xtx.slice();
  for (let j = 0; j < p; j++) {
    for (let i = 0; i <= j; i++) {
      let value = r[j * p + i];
      for (let k = 0; k < i; k++) value -= r[i * p + k] * r[j * p + k];
      if (i < j) r[j * p + i] = value / r[i * p + i];
      else if (value > COLLINEAR * xtx[j * p + j]) r[j * p + j] = Math.sqrt(value);
      else return true;
    }
  }
  return false;
}

/** B R⁻¹ for upper triangular R, all p×p, column-major. */
function timesInverse(b: Float64Array, r: Float64Array, p: number): Float64Array {
  const out = b.slice();
  for (let j = 0; j < p; j++) {
    for (let k = 0; k < j; k++) {
      for (let i = 0; i < p; i++) out[j * p + i] -= r[j * p + k] * out[k * p + i];
    }
    for (let i = 0; i < p; i++) out[j * p + i] /= r[j * p + j];
  }
  return out;
}
