import { inverseRowInto } from "./lagrange";
import { type BobyqaModel, pointProductsInto } from "./model";
import { addWeightedRowsInPlace, copyInto } from "./short-vector";

/** Result of {@link geometryStepInPlace}, and its scratch vectors. */
export interface GeometryWork {
  /** Diagonal entry of the inverse at the point that moves (ALPHA). */
  alpha: number;
  /** Squared Lagrange function at `alternative`, 0 when there is no alternative (CAUCHY). */
  alternativeLagrangeSq: number;
  /** Gradient of the Lagrange function at the centre (GLAG), length n. */
  readonly lagrangeGradient: Float64Array;
  /** Weights of its second derivatives (HCOL), length npt. */
  readonly lagrangeCurvature: Float64Array;
  /** The constrained Cauchy step (W), length n. */
  readonly cauchyStep: Float64Array;
  /** First of the two Cauchy points, length n. */
  readonly firstCauchyPoint: Float64Array;
}

/** Allocates the vectors of {@link geometryStepInPlace}. */
export function createGeometryWork(n: number, npt: number): GeometryWork {
  return {
    alpha: 0,
    alternativeLagrangeSq: 0,
    lagrangeGradient: new Float64Array(n),
    lagrangeCurvature: new Float64Array(npt),
    cauchyStep: new Float64Array(n),
    firstCauchyPoint: new Float64Array(n),
  };
}

/**
 * Proposes two new positions for interpolation point `index`, which is far from the centre (ALTMOV).
 *
 * Both make the modulus of its Lagrange function large within the bounds and `radius`, so that the new set of
 * points determines the model well. `trial` lies on a line through the centre and another point and has the
 * greatest predicted denominator; `alternative` is a constrained Cauchy step of the Lagrange function, uphill or
 * downhill. Which one is used is decided when the true denominator of `trial` is known.
 *
 * Source: Powell (2009), section 3.
 *
 * @param model reads points, inverse and gaps; writes `trial`, `alternative` and `step = trial - centre`
 * @param work overwritten; `alpha` and `alternativeLagrangeSq` are results
 * @param index the interpolation point that is going to move
 * @param radius greatest distance from the centre (ADELT)
 *
 * Cost: about npt (npt + 4 n) multiplications.
 */
export function geometryStepInPlace(
  model: BobyqaModel,
  work: GeometryWork,
  index: number,
  radius: number,
): void {
  setLagrangeFunction(model, work, index);
  searchLines(model, work, index, radius);
  searchCauchy(model, work, radius);
  const { n, trial, centre, step } = model;
  for (let i = 0; i < n; i++) step[i] = trial[i] - centre[i];
}

/** Sets gradient (at the centre) and curvature weights of Lagrange function `index`. */
function setLagrangeFunction(model: BobyqaModel, work: GeometryWork, index: number): void {
  const { n, npt, points, centre, inverseB } = model;
  const { lagrangeGradient, lagrangeCurvature } = work;
  inverseRowInto(model, index, lagrangeCurvature);
  work.alpha = lagrangeCurvature[index];
  const indexRow = index * n;
  for (let i = 0; i < n; i++) lagrangeGradient[i] = inverseB[indexRow + i];
  const products = model.scratchNpt;
  pointProductsInto(model, centre, products);
  for (let k = 0; k < npt; k++) products[k] *= lagrangeCurvature[k];
  addWeightedRowsInPlace(lagrangeGradient, 0, points, products, npt, n);
}

/** Sets `trial` to the best point on the lines through the centre and the other interpolation points. */
function searchLines(model: BobyqaModel, work: GeometryWork, index: number, radius: number): void {
  const { n, npt, points, centre, lowerGap, upperGap, trial, best } = model;
  const { lagrangeGradient } = work;
  const halfAlpha = 0.5 * work.alpha;
  let greatest = 0;
  let chosen = best; // the centre itself, should no line predict a positive denominator
  let chosenStep = 0;
  let chosenBound = 0; // 1 + axis of the bound that ends the step, negative for a lower bound

  for (let k = 0; k < npt; k++) {
    if (k === best) continue;
    const row = k * n;
    let slope = 0;
    let distanceSq = 0;
    for (let i = 0; i < n; i++) {
      const difference = points[row + i] - centre[i];
      slope += lagrangeGradient[i] * difference;
      distanceSq += difference * difference;
    }
    let high = radius / Math.sqrt(distanceSq);
    let low = -high;
    let lowBound = 0;
    let highBound = 0;
    // The other point is feasible, so the step may always reach it when it is within the radius.
    const reachable = Math.min(1, high);
    for (let i = 0; i < n; i++) {
      const difference = points[row + i] - centre[i];
      const toLower = lowerGap[i] - centre[i];
      const toUpper = upperGap[i] - centre[i];
      if (difference > 0) {
        if (low * difference < toLower) {
          low = toLower / difference;
          lowBound = -(i + 1);
        }
        if (high * difference > toUpper) {
          high = Math.max(reachable, toUpper / difference);
          highBound = i + 1;
        }
      } else if (difference < 0) {
        if (low * difference > toUpper) {
          low = toUpper / difference;
          lowBound = i + 1;
        }
        if (high * difference < toLower) {
          high = Math.max(reachable, toLower / difference);
          highBound = -(i + 1);
        }
      }
    }

    // Maximize the modulus of the Lagrange function along the line: it is 0 at the centre and, at the other
    // point, 1 if that is the point that moves, else 0.
    let along = low;
    let bound = lowBound;
    let lagrange: number;
    if (k === index) {
      const excess = slope - 1;
      lagrange = low * (slope - low * excess);
      const atHigh = high * (slope - high * excess);
      if (Math.abs(atHigh) > Math.abs(lagrange)) {
        along = high;
        lagrange = atHigh;
        bound = highBound;
      }
      const halfSlope = 0.5 * slope;
      if ((halfSlope - excess * low) * (halfSlope - excess * high) < 0) {
        const atVertex = (halfSlope * halfSlope) / excess;
        if (Math.abs(atVertex) > Math.abs(lagrange)) {
          along = halfSlope / excess;
          lagrange = atVertex;
          bound = 0;
        }
      }
    } else {
      lagrange = low * (1 - low);
      const atHigh = high * (1 - high);
      if (Math.abs(atHigh) > Math.abs(lagrange)) {
        along = high;
        lagrange = atHigh;
        bound = highBound;
      }
      if (high > 0.5 && Math.abs(lagrange) < 0.25) {
        along = 0.5;
        lagrange = 0.25;
        bound = 0;
      }
      lagrange *= slope;
    }

    const quartic = along * (1 - along) * distanceSq;
    const predicted = lagrange * lagrange * (lagrange * lagrange + halfAlpha * quartic * quartic);
    if (predicted > greatest) {
      greatest = predicted;
      chosen = k;
      chosenStep = along;
      chosenBound = bound;
    }
  }

  for (let i = 0; i < n; i++) {
    const position = centre[i] + chosenStep * (points[chosen * n + i] - centre[i]);
    trial[i] = Math.max(lowerGap[i], Math.min(upperGap[i], position));
  }
  if (chosenBound < 0) trial[-chosenBound - 1] = lowerGap[-chosenBound - 1];
  else if (chosenBound > 0) trial[chosenBound - 1] = upperGap[chosenBound - 1];
}

/** Sets `alternative` to the better of the downhill and the uphill Cauchy points. */
function searchCauchy(model: BobyqaModel, work: GeometryWork, radius: number): void {
  const { n, alternative } = model;
  const { lagrangeGradient, firstCauchyPoint } = work;
  const downhill = cauchyPoint(model, work, radius, 1);
  if (downhill < 0) {
    work.alternativeLagrangeSq = 0;
    return;
  }
  for (let i = 0; i < n; i++) lagrangeGradient[i] = -lagrangeGradient[i];
  copyInto(alternative, firstCauchyPoint);
  const uphill = cauchyPoint(model, work, radius, -1);
  if (uphill < 0) {
    work.alternativeLagrangeSq = 0;
    return;
  }
  if (downhill > uphill) copyInto(firstCauchyPoint, alternative);
  work.alternativeLagrangeSq = Math.max(downhill, uphill);
}

/**
 * Sets `alternative` to the constrained Cauchy point along `-lagrangeGradient`.
 *
 * @returns the square of the Lagrange function there, or -1 when every component is blocked
 */
function cauchyPoint(model: BobyqaModel, work: GeometryWork, radius: number, sign: 1 | -1): number {
  const { n, npt, centre, lowerGap, upperGap, alternative } = model;
  const { lagrangeGradient: g, lagrangeCurvature, cauchyStep } = work;
  const free = radius + radius; // marks a component that is not fixed: longer than any step
  let fixedSq = 0;
  let gradientSq = 0;
  for (let i = 0; i < n; i++) {
    cauchyStep[i] = 0;
    const down = Math.min(centre[i] - lowerGap[i], g[i]);
    const up = Math.max(centre[i] - upperGap[i], g[i]);
    if (down > 0 || up < 0) {
      cauchyStep[i] = free;
      gradientSq += g[i] * g[i];
    }
  }
  if (!(gradientSq > 0)) return -1;

  // Fix the components whose share of the steepest-descent step crosses a bound, until none does.
  let length = 0;
  for (;;) {
    const room = radius * radius - fixedSq;
    if (!(room > 0)) break;
    const previousFixedSq = fixedSq;
    length = Math.sqrt(room / gradientSq);
    gradientSq = 0;
    for (let i = 0; i < n; i++) {
      if (cauchyStep[i] !== free) continue;
      const position = centre[i] - length * g[i];
      if (position <= lowerGap[i]) {
        cauchyStep[i] = lowerGap[i] - centre[i];
        fixedSq += cauchyStep[i] * cauchyStep[i];
      } else if (position >= upperGap[i]) {
        cauchyStep[i] = upperGap[i] - centre[i];
        fixedSq += cauchyStep[i] * cauchyStep[i];
      } else {
        gradientSq += g[i] * g[i];
      }
    }
    if (!(fixedSq > previousFixedSq && gradientSq > 0)) break;
  }

  let slope = 0;
  for (let i = 0; i < n; i++) {
    if (cauchyStep[i] === free) {
      cauchyStep[i] = -length * g[i];
      alternative[i] = Math.max(lowerGap[i], Math.min(upperGap[i], centre[i] + cauchyStep[i]));
    } else if (cauchyStep[i] === 0) alternative[i] = centre[i];
    else alternative[i] = g[i] > 0 ? lowerGap[i] : upperGap[i];
    slope += g[i] * cauchyStep[i];
  }

  let curvature = 0;
  const products = model.scratchNpt;
  pointProductsInto(model, cauchyStep, products);
  for (let k = 0; k < npt; k++) curvature += lagrangeCurvature[k] * products[k] * products[k];
  if (sign < 0) curvature = -curvature;
  if (curvature > -slope && curvature < -(1 + Math.SQRT2) * slope) {
    const scale = -slope / curvature;
    for (let i = 0; i < n; i++) {
      const position = centre[i] + scale * cauchyStep[i];
      alternative[i] = Math.max(lowerGap[i], Math.min(upperGap[i], position));
    }
    const value = 0.5 * slope * scale;
    return value * value;
  }
  const value = slope + 0.5 * curvature;
  return value * value;
}
