import { asked } from "../design/checked-structure";
import { SCALES_NONE } from "../design/covariance-structure";
import type { Design, DesignTerm } from "../design/design";
import {
  fillTemplateInto,
  hasEntries,
  structureOf,
  templateDerivativeInto,
  templateSecondDerivativeInto,
} from "../design/template";
import type { Certificate, SingularDirection } from "../model/linear-mixed-model";
import type { Coordinates } from "./coordinates";
import type { SecondOrder } from "./second-order";
import { smallestEigenvalueInPlace } from "./smallest-eigenvalue";

/** Diagonal entries of Φ below this count as zero (lme4's tolerance for θ). */
export const SINGULAR = 1e-4;
/** Loadings below this share of the largest are zero. */
const NEGLIGIBLE = 1e-3;

/**
 * The covariance directions that are estimated as zero, and how the criterion would change along them.
 *
 * @param phi the candidate; `second` was evaluated there and holds the D_t
 * @param gradient of the criterion in φ
 * @param free parameters that no bound holds
 */
export function singularities(
  design: Design,
  coordinates: Coordinates,
  phi: Float64Array,
  second: SecondOrder,
  gradient: Float64Array,
  free: Int32Array,
): Pick<Certificate, "boundaryCurvature" | "singular"> {
  let smallest: number | null = null;
  const singular: SingularDirection[] = [];
  design.terms.forEach((term, t) => {
    const found = hasEntries(term.template)
      ? ofEntries(design, coordinates, phi, second.curvature[t], t)
      : ofStructure(design, phi, second.curvature[t], gradient, free, term);
    singular.push(...found.directions);
    if (found.smallest !== null) smallest = Math.min(smallest ?? found.smallest, found.smallest);
  });
  return { boundaryCurvature: smallest, singular };
}

interface Found {
  readonly smallest: number | null;
  readonly directions: SingularDirection[];
}

/** The null space of T', parted into columns without variance and what else there is. */
function ofEntries(
  design: Design,
  coordinates: Coordinates,
  phi: Float64Array,
  curvature: Float64Array,
  t: number,
): Found {
  const { template, thetaStart, factor, name, columns } = design.terms[t];
  const { k, rows, cols } = template;
  const group = design.factors[factor].name;
  const lower = new Float64Array(k * k);
  for (let i = 0; i < rows.length; i++) lower[cols[i] * k + rows[i]] = phi[thetaStart + i];
  const basis = nullVectors(lower, k);
  const r = basis.length;
  if (r === 0) return { smallest: null, directions: [] };
  const along = (x: Float64Array, y: Float64Array) => {
    let sum = 0;
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) sum += x[a] * curvature[b * k + a] * y[b];
    return sum;
  };
  let smallest = Number.POSITIVE_INFINITY;
  if (template.structure === "diag") {
    // Only variances may grow, one column at a time.
    for (const x of basis) smallest = Math.min(smallest, along(x, x));
  } else {
    const restricted = new Float64Array(r * r);
    basis.forEach((x, i) => {
      basis.forEach((y, j) => {
        restricted[i * r + j] = along(x, y);
      });
    });
    smallest = smallestEigenvalueInPlace(restricted, r);
  }
  const directions = basis.map((x): SingularDirection => {
    const loadings = normalized(coordinates.combination(t, x), x);
    const largest = loadings.indexOf(1);
    const alone = loadings.every((value, i) => i === largest || value === 0);
    return {
      term: name,
      says: alone
        ? `the variance of ${columns[largest]} in ${group} is estimated as zero`
        : `${combinationText(loadings, columns)} in ${group} is estimated not to vary`,
      loadings,
      multiplier: along(x, x),
      instead: null,
    };
  });
  return { smallest, directions };
}

/** The largest is 1; those that are negligible on scaled columns are 0. */
function normalized(y: Float64Array, x: Float64Array): number[] {
  const most = x.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  const kept = y.map((value, i) => (Math.abs(x[i]) > NEGLIGIBLE * most ? value : 0));
  let largest = 0;
  for (const value of kept) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return Array.from(kept, (value) => (value === 0 ? 0 : value / largest));
}

function combinationText(loadings: readonly number[], columns: readonly string[]): string {
  let text = "";
  loadings.forEach((value, i) => {
    if (value === 0) return;
    const size = Number(Math.abs(value).toPrecision(3));
    const sign = value < 0 ? (text === "" ? "-" : " - ") : text === "" ? "" : " + ";
    text += `${sign}${size === 1 ? "" : `${size} `}${columns[i]}`;
  });
  return text;
}

/** Parameters of a structure on their bounds, and parameters that change nothing to first order. */
function ofStructure(
  design: Design,
  phi: Float64Array,
  curvature: Float64Array,
  gradient: Float64Array,
  free: Int32Array,
  term: DesignTerm,
): Found {
  const { template, thetaStart, factor, name } = term;
  const { k, count, lower, upper } = template;
  const own = phi.slice(thetaStart, thetaStart + count);
  const matrix = new Float64Array(k * k);
  fillTemplateInto(template, own, 0, matrix, k, 0);
  const slopes = Array.from({ length: count }, (_, i) => {
    const slope = new Float64Array(k * k);
    templateDerivativeInto(template, own, i, slope);
    return slope;
  });
  const group = design.factors[factor].name;
  const directions: SingularDirection[] = [];
  for (let i = 0; i < count; i++) {
    const bound = Math.abs(own[i] - lower[i]) < SINGULAR ? lower[i] : upper[i];
    if (!(Math.abs(own[i] - bound) < SINGULAR)) continue;
    const held = !template.mirrored[i];
    const size = innerProduct(slopes[i], slopes[i]);
    directions.push({
      term: name,
      says: sentence(term, group, own, i),
      loadings: null,
      multiplier: held
        ? gradient[thetaStart + i]
        : size > 0
          ? traceOf(curvature, slopes[i], slopes[i], k) / size
          : 0,
      instead: null,
    });
  }
  // Where ∂(TT')/∂θ_i vanishes the gradient does: the second derivative decides.
  const flat = Array.from({ length: count }, (_, i) => i).filter(
    (i) =>
      free.includes(thetaStart + i) &&
      changeOf(slopes[i], matrix, k) < 2 * SINGULAR * Math.sqrt(innerProduct(slopes[i], slopes[i])) + 1e-300,
  );
  if (flat.length === 0) {
    const least = directions.reduce(
      (most, { multiplier }) => Math.min(most, multiplier),
      Number.POSITIVE_INFINITY,
    );
    return { smallest: directions.length === 0 ? null : least, directions };
  }
  const m = flat.length;
  const bend = new Float64Array(k * k);
  const gradientOfT = timesTwice(curvature, matrix, k);
  const restricted = new Float64Array(m * m);
  flat.forEach((i, a) => {
    flat.forEach((j, b) => {
      templateSecondDerivativeInto(template, own, i, j, bend);
      restricted[a * m + b] =
        traceOf(curvature, slopes[i], slopes[j], k) + innerProduct(gradientOfT, bend) / 2;
    });
  });
  let smallest = smallestEigenvalueInPlace(restricted, m);
  if (Math.sqrt(innerProduct(matrix, matrix)) < SINGULAR) {
    // No variance at all: any shape of the covariance matrix could be the way down.
    const start = Float64Array.from(template.start);
    for (const shape of [
      start,
      ...(asked(template, () => structureOf(template).alternatives?.(start, k)) ?? []),
    ]) {
      fillTemplateInto(template, shape, 0, matrix, k, 0);
      smallest = Math.min(smallest, traceOf(curvature, matrix, matrix, k) / k);
    }
  }
  return { smallest, directions };
}

/** What it means that parameter i of a structure is on its bound. */
function sentence({ template, columns }: DesignTerm, group: string, own: Float64Array, i: number): string {
  const { k, scales, structure, custom } = template;
  if (custom !== null)
    return `${structureOf(template).parameters(columns)[i]} of ${structure} in ${group} is on its bound`;
  const all = scales.every((row, j) => row === SCALES_NONE || Math.abs(own[j]) < SINGULAR);
  if (all) return `the variance of the effects in ${group} is estimated as zero`;
  if (scales[i] >= 0) return `the variance of ${columns[scales[i]]} in ${group} is estimated as zero`;
  const rho = structureOf(template).correlation?.(own, k) ?? Number.NaN;
  return `the correlation of the effects in ${group} is estimated as ${Number(rho.toPrecision(3))}`;
}

/** ‖EM' + ME'‖, the change of TT' along a parameter. */
function changeOf(e: Float64Array, m: Float64Array, k: number): number {
  let total = 0;
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += e[c * k + a] * m[c * k + b] + m[c * k + a] * e[c * k + b];
      total += sum * sum;
    }
  }
  return Math.sqrt(total);
}

/** tr(D AB'). */
function traceOf(d: Float64Array, a: Float64Array, b: Float64Array, k: number): number {
  let total = 0;
  for (let m = 0; m < k; m++) {
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) total += a[m * k + i] * d[j * k + i] * b[m * k + j];
    }
  }
  return total;
}

/** 2DT. */
function timesTwice(d: Float64Array, t: Float64Array, k: number): Float64Array {
  const out = new Float64Array(k * k);
  for (let c = 0; c < k; c++) {
    for (let m = 0; m < k; m++) for (let a = 0; a < k; a++) out[c * k + a] += 2 * d[m * k + a] * t[c * k + m];
  }
  return out;
}

function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Orthonormal x with T'x = 0, one per zero on the diagonal of the lower triangular T. */
function nullVectors(lower: Float64Array, k: number): Float64Array[] {
  const basis: Float64Array[] = [];
  for (let j = 0; j < k; j++) {
    if (Math.abs(lower[j * k + j]) >= SINGULAR) continue;
    const x = new Float64Array(k);
    x[j] = 1;
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0;
      for (let m = i + 1; m <= j; m++) sum += lower[i * k + m] * x[m];
      x[i] = Math.abs(lower[i * k + i]) >= SINGULAR ? -sum / lower[i * k + i] : 0;
    }
    for (const y of basis) {
      const along = x.reduce((sum, value, i) => sum + value * y[i], 0);
      for (let i = 0; i < k; i++) x[i] -= along * y[i];
    }
    const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
    basis.push(x.map((value) => value / length));
  }
  return basis;
}
