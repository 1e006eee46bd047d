import { leastSquares, pivotedQr, triangleOfQr } from "@lmmkit/dense";
import type { ModelFrame } from "@lmmkit/formula";
import { denseFixed } from "../inference/dense-fixed";
import { residuals } from "./accessors";
import type { LinearMixedModel } from "./linear-mixed-model";
import { lacking } from "./without-rows";

/** What functions of a fit compute from its rows but is small: kept with a model that is saved without them. */
export interface RowReductions {
  /** Minimum, quartiles and maximum of the scaled residuals. */
  readonly scaledResiduals: Float64Array;
  /** `fixedTriangle`; null where it was too large to be made. */
  readonly fixedTriangle: Float64Array | null;
  /** `fixedAliases`. */
  readonly aliases: readonly FixedAlias[];
  /** `dataFingerprint`. */
  readonly fingerprint: string;
}

/** A column dropped from X, as a combination of the kept ones. */
export interface FixedAlias {
  /** Its position among all columns of X. */
  readonly column: number;
  /** One per kept column; what is below 1e-9 is 0. */
  readonly coefficients: Float64Array;
}

/** A dense copy of X with more numbers than this is not made for the file's sake. */
const MOST_NUMBERS = 2 ** 27;

/** Of models read from files without rows. By frame, which a refit of the same model keeps. */
const kept = new WeakMap<ModelFrame, RowReductions>();

/** What a refit changes. */
const keptQuartiles = new WeakMap<LinearMixedModel, Float64Array>();

/** Reductions of a model that has no rows. */
export function keepReductions(model: LinearMixedModel, reductions: RowReductions): void {
  kept.set(model.frame, reductions);
  keptQuartiles.set(model, reductions.scaledResiduals);
}

/** Everything that is kept of the rows. */
export function rowReductions(model: LinearMixedModel): RowReductions {
  const { frame, design } = model;
  const large = frame.nobs * design.fixedColumns.length > MOST_NUMBERS;
  return (
    kept.get(frame) ?? {
      scaledResiduals: scaledResidualQuartiles(model),
      fixedTriangle: large ? null : fixedTriangle(model),
      aliases: fixedAliases(model),
      fingerprint: dataFingerprint(model),
    }
  );
}

/** Minimum, quartiles and maximum of the scaled residuals, as R's `quantile` has them (type 7). */
export function scaledResidualQuartiles(model: LinearMixedModel): Float64Array {
  const known = keptQuartiles.get(model);
  if (known !== undefined) return known;
  const sorted = residuals(model, "scaled").sort();
  return Float64Array.of(0, 0.25, 0.5, 0.75, 1).map((probability) => {
    const position = (sorted.length - 1) * probability;
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  });
}

/**
 * R of the QR factorization of the kept columns of X as they stand, p×p upper triangular, column-major.
 *
 * Cost: 2n·p² and a dense copy of X.
 */
export function fixedTriangle(model: LinearMixedModel): Float64Array {
  const { frame, design } = model;
  const known = kept.get(frame);
  if (known === undefined) {
    return triangleOfQr(pivotedQr(denseFixed(model), frame.nobs, design.fixedColumns.length, 0));
  }
  return known.fixedTriangle ?? lacking({}, { triangle: "the triangle of its X" }).triangle;
}

/**
 * What each column dropped from X is on the rows observed.
 *
 * Cost: nothing where none was dropped, else a QR factorization of X.
 */
export function fixedAliases(model: LinearMixedModel): readonly FixedAlias[] {
  const { frame, design } = model;
  const known = kept.get(frame);
  if (known !== undefined) return known.aliases;
  const p = design.fixedColumns.length;
  const total = frame.fixed.names.length;
  if (p === total) return [];
  const factor = pivotedQr(denseFixed(model), frame.nobs, p, 0);
  const isKept = new Set(design.fixedColumns);
  const aliases: FixedAlias[] = [];
  for (let column = 0; column < total; column++) {
    if (isKept.has(column)) continue;
    const solution = leastSquares(factor, denseFixed(model, [column]));
    const coefficients = Float64Array.from(solution, (value) => (Math.abs(value) < 1e-9 ? 0 : value));
    aliases.push({ column, coefficients });
  }
  return aliases;
}

/**
 * A short text that is the same for two models whose responses, weights, offsets and rows used are the same bits,
 * and almost surely another one otherwise: two 32-bit FNV-1a sums of the bytes (Fowler, Noll & Vo; RFC 9923).
 */
export function dataFingerprint(model: LinearMixedModel): string {
  const known = kept.get(model.frame);
  if (known !== undefined) return known.fingerprint;
  const { response, weights, offset, rows } = model;
  let first = 0x811c9dc5;
  let second = 0x050c5d1f;
  const add = (byte: number) => {
    first = Math.imul(first ^ byte, 0x01000193);
    second = Math.imul(second ^ (byte + 1), 0x01000193);
  };
  for (const values of [response, weights, offset, rows]) {
    const present = values ?? new Int32Array(0);
    const bytes = new Uint8Array(present.buffer, present.byteOffset, present.byteLength);
    add(values === null ? 0 : 1);
    for (let i = 0; i < 4; i++) add((bytes.length >>> (8 * i)) & 255);
    for (let i = 0; i < bytes.length; i++) add(bytes[i]);
  }
  return [first, second].map((sum) => (sum >>> 0).toString(16).padStart(8, "0")).join("");
}
