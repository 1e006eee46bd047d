import { fillTemplateInto, type Template, templateDerivativeInto } from "../design/template";
import type { ThetaBounds } from "../design/theta-bounds";
import type { HeldParameter } from "./held-parameter";

/** A standard deviation (one column) or correlation (two) of a term whose θ is not entries of T. */
export interface StructuredTarget {
  readonly template: Template;
  readonly thetaStart: number;
  readonly columns: readonly number[];
}

const MOST_STEPS = 60;
/** Relative to the value held. */
const EXACT = 1e-14;

/**
 * A standard deviation or correlation of a structured term held at ψ: one of the term's parameters, that which ψ
 * depends on most, is solved for, ψ(φ, log σ) = value; the others and log σ are free.
 *
 * @param phi with the term's own θ in its place
 * @param bounds of φ
 */
export function heldStructured(
  phi: Float64Array,
  logSigma: number,
  target: StructuredTarget,
  bounds: ThetaBounds,
): HeldParameter {
  const n = phi.length;
  const { thetaStart, template } = target;
  const slopes = new Float64Array(template.count);
  valueInto(target, phi, logSigma, slopes);
  let pivot = 0;
  slopes.forEach((slope, i) => {
    if (Math.abs(slope) > Math.abs(slopes[pivot])) pivot = i;
  });
  const at = thetaStart + pivot;
  const free = Array.from(phi, (_, i) => i).filter((i) => i !== at);
  const correlation = target.columns.length > 1;
  const solvePivot = (value: number, point: Float64Array): void => {
    let [low, high] = [bounds.lower[at], bounds.upper[at]];
    point[at] = phi[at];
    for (let step = 0; step < MOST_STEPS; step++) {
      const distance = valueInto(target, point, point[n], slopes) - value;
      if (Math.abs(distance) <= EXACT * Math.abs(value)) return;
      if (distance > 0 === slopes[pivot] > 0) high = point[at];
      else low = point[at];
      let next = point[at] - distance / slopes[pivot];
      if (!(next > low && next < high)) next = Number.isFinite(low + high) ? (low + high) / 2 : Number.NaN;
      const closed = Number.isFinite(high) && high - low <= EXACT * Math.abs(high);
      if (next === point[at] || closed) return;
      point[at] = next;
    }
    // No such value for these other parameters: there is no likelihood either.
    point[at] = Number.NaN;
  };
  return {
    size: n,
    start: Float64Array.from([...free.map((i) => phi[i]), logSigma]),
    lower: Float64Array.from([...free.map((i) => bounds.lower[i]), Number.NEGATIVE_INFINITY]),
    upper: Float64Array.from([...free.map((i) => bounds.upper[i]), Number.POSITIVE_INFINITY]),
    placeInto: (value, x, outPoint, outJacobian) => {
      outJacobian.fill(0);
      free.forEach((i, j) => {
        outPoint[i] = x[j];
        outJacobian[j * (n + 1) + i] = 1;
      });
      outPoint[n] = x[n - 1];
      outJacobian[(n - 1) * (n + 1) + n] = 1;
      solvePivot(value, outPoint);
      valueInto(target, outPoint, outPoint[n], slopes);
      free.forEach((i, j) => {
        const own = i - thetaStart;
        if (own < 0 || own >= template.count) return;
        outJacobian[j * (n + 1) + at] = -slopes[own] / slopes[pivot];
      });
      outJacobian[(n - 1) * (n + 1) + at] = correlation ? 0 : -value / slopes[pivot];
    },
    // Secant corrections learn what the bend of the constraint adds.
    bendInto: () => {},
    slope: (_value, _x, gradient) => gradient[at] / slopes[pivot],
  };
}

/** ψ and its derivatives with respect to the term's parameters. */
function valueInto(
  { template, thetaStart, columns: [a, b] }: StructuredTarget,
  point: ArrayLike<number>,
  logSigma: number,
  outSlopes: Float64Array,
): number {
  const { k, count } = template;
  const own = Float64Array.from({ length: count }, (_, i) => point[thetaStart + i]);
  const matrix = new Float64Array(k * k);
  const slope = new Float64Array(k * k);
  fillTemplateInto(template, own, 0, matrix, k, 0);
  const product = (left: Float64Array, i: number, right: Float64Array, j: number) => {
    let sum = 0;
    for (let m = 0; m < k; m++) sum += left[m * k + i] * right[m * k + j];
    return sum;
  };
  const aa = product(matrix, a, matrix, a);
  if (b === undefined) {
    const sigma = Math.exp(logSigma);
    const root = Math.sqrt(aa);
    for (let i = 0; i < count; i++) {
      templateDerivativeInto(template, own, i, slope);
      outSlopes[i] = (sigma * product(slope, a, matrix, a)) / root;
    }
    return sigma * root;
  }
  const bb = product(matrix, b, matrix, b);
  const scale = Math.sqrt(aa * bb);
  const value = product(matrix, a, matrix, b) / scale;
  for (let i = 0; i < count; i++) {
    templateDerivativeInto(template, own, i, slope);
    const cross = product(slope, a, matrix, b) + product(matrix, a, slope, b);
    const share = product(slope, a, matrix, a) / aa + product(slope, b, matrix, b) / bb;
    outSlopes[i] = cross / scale - value * share;
  }
  return value;
}
