import { inverseRowInto } from "./lagrange";
import { type BobyqaModel, pointProductsInto } from "./model";
import { addWeightedRowsInPlace, copyInPlace } from "./short-vector";

/** What {@link geometryStepInPlace} finds out beside the two points; its vectors are in the model. */
export interface GeometryWork {
  /** Greatest distance from the centre, given (ADELT). */
  radius: number;
  /** Diagonal entry of the inverse at the point that moves (ALPHA). */
  alpha: number;
  /** Squared Lagrange function at `alternative`, 0 when there is no alternative (CAUCHY). */
  alternativeLagrangeSq: number;
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
 * @param work `radius` is given; `alpha` and `alternativeLagrangeSq` are results
 * @param index the interpolation point that is going to move
 *
 * Cost: about npt (npt + 4 n) multiplications.
 */
export function geometryStepInPlace(model: BobyqaModel, work: GeometryWork, index: number): void {
  setLagrangeFunction(model, work, index);
  searchLines(model, work, index);
  searchCauchy(model, work);
  const { n, memory, trial, centre, step } = model;
  for (let i = 0; i < n; i++) memory[step + i] = memory[trial + i] - memory[centre + i];
}

/** Sets gradient (at the centre) and curvature weights of Lagrange function `index`. */
function setLagrangeFunction(model: BobyqaModel, work: GeometryWork, index: number): void {
  const { n, npt, memory, points, inverseB, lagrangeGradient, lagrangeCurvature } = model;
  inverseRowInto(model, index, lagrangeCurvature);
  work.alpha = memory[lagrangeCurvature + index];
  copyInPlace(memory, inverseB + index * n, lagrangeGradient, n);
  const products = model.scratchNpt;
  for (let k = 0; k < npt; k++) {
    memory[products + k] = memory[model.centreProducts + k] * memory[lagrangeCurvature + k];
  }
  addWeightedRowsInPlace(memory, lagrangeGradient, points, products, npt, n);
}

/** Sets `trial` to the best point on the lines through the centre and the other interpolation points. */
function searchLines(model: BobyqaModel, work: GeometryWork, index: number): void {
  const { n, npt, memory, points, centre, lowerGap, upperGap, trial, best, lagrangeGradient } = model;
  const { radius } = work;
  const halfAlpha = 0.5 * work.alpha;
  let greatest = 0;
  let chosen = best; // the centre itself, should no line predict a positive denominator
  let chosenStep = 0;
  let chosenBound = 0; // 1 + axis of the bound that ends the step, negative for a lower bound

  for (let k = 0; k < npt; k++) {
    if (k === best) continue;
    const point = points + k * n;
    let slope = 0;
    let distanceSq = 0;
    for (let i = 0; i < n; i++) {
      const difference = memory[point + i] - memory[centre + i];
      slope += memory[lagrangeGradient + i] * difference;
      distanceSq += difference * difference;
    }
    let high = radius / Math.sqrt(distanceSq);
    let low = -high;
    let lowBound = 0;
    let highBound = 0;
    // The other point is feasible, so the step may always reach it when it is within the radius.
    const reachable = Math.min(1, high);
    for (let i = 0; i < n; i++) {
      const from = memory[centre + i];
      const difference = memory[point + i] - from;
      const toLower = memory[lowerGap + i] - from;
      const toUpper = memory[upperGap + i] - from;
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
    const from = memory[centre + i];
    const position = from + chosenStep * (memory[points + chosen * n + i] - from);
    memory[trial + i] = Math.max(memory[lowerGap + i], Math.min(memory[upperGap + i], position));
  }
  if (chosenBound < 0) memory[trial - chosenBound - 1] = memory[lowerGap - chosenBound - 1];
  else if (chosenBound > 0) memory[trial + chosenBound - 1] = memory[upperGap + chosenBound - 1];
}

/** Sets `alternative` to the better of the downhill and the uphill Cauchy points. */
function searchCauchy(model: BobyqaModel, work: GeometryWork): void {
  const { n, memory, alternative, lagrangeGradient, firstCauchyPoint } = model;
  const downhill = cauchyPoint(model, work.radius, 1);
  if (downhill < 0) {
    work.alternativeLagrangeSq = 0;
    return;
  }
  for (let i = 0; i < n; i++) memory[lagrangeGradient + i] = -memory[lagrangeGradient + i];
  copyInPlace(memory, alternative, firstCauchyPoint, n);
  const uphill = cauchyPoint(model, work.radius, -1);
  if (uphill < 0) {
    work.alternativeLagrangeSq = 0;
    return;
  }
  if (downhill > uphill) copyInPlace(memory, firstCauchyPoint, alternative, n);
  work.alternativeLagrangeSq = Math.max(downhill, uphill);
}

/**
 * Sets `alternative` to the constrained Cauchy point along `-lagrangeGradient`.
 *
 * @returns the square of the Lagrange function there, or -1 when every component is blocked
 */
function cauchyPoint(model: BobyqaModel, radius: number, sign: 1 | -1): number {
  const { n, npt, memory, centre, lowerGap, upperGap, alternative } = model;
  const { lagrangeGradient, lagrangeCurvature, cauchyStep } = model;
  const free = radius + radius; // marks a component that is not fixed: longer than any step
  let fixedSq = 0;
  let gradientSq = 0;
  for (let i = 0; i < n; i++) {
    const g = memory[lagrangeGradient + i];
    const from = memory[centre + i];
    const down = Math.min(from - memory[lowerGap + i], g);
    const up = Math.max(from - memory[upperGap + i], g);
    if (down > 0 || up < 0) {
      memory[cauchyStep + i] = free;
      gradientSq += g * g;
    } else {
      memory[cauchyStep + i] = 0;
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
      if (memory[cauchyStep + i] !== free) continue;
      const g = memory[lagrangeGradient + i];
      const from = memory[centre + i];
      const position = from - length * g;
      if (position <= memory[lowerGap + i] || position >= memory[upperGap + i]) {
        const s = (position <= memory[lowerGap + i] ? memory[lowerGap + i] : memory[upperGap + i]) - from;
        memory[cauchyStep + i] = s;
        fixedSq += s * s;
      } else {
        gradientSq += g * g;
      }
    }
    if (!(fixedSq > previousFixedSq && gradientSq > 0)) break;
  }

  let slope = 0;
  for (let i = 0; i < n; i++) {
    const g = memory[lagrangeGradient + i];
    const from = memory[centre + i];
    let s = memory[cauchyStep + i];
    let position: number;
    if (s === free) {
      s = -length * g;
      memory[cauchyStep + i] = s;
      position = Math.max(memory[lowerGap + i], Math.min(memory[upperGap + i], from + s));
    } else if (s === 0) position = from;
    else position = g > 0 ? memory[lowerGap + i] : memory[upperGap + i];
    memory[alternative + i] = position;
    slope += g * s;
  }

  let curvature = 0;
  const products = model.scratchNpt;
  pointProductsInto(model, cauchyStep, products);
  for (let k = 0; k < npt; k++) {
    const product = memory[products + k];
    curvature += memory[lagrangeCurvature + k] * product * product;
  }
  if (sign < 0) curvature = -curvature;
  if (curvature > -slope && curvature < -(1 + Math.SQRT2) * slope) {
    const scale = -slope / curvature;
    for (let i = 0; i < n; i++) {
      const position = memory[centre + i] + scale * memory[cauchyStep + i];
      memory[alternative + i] = Math.max(memory[lowerGap + i], Math.min(memory[upperGap + i], position));
    }
    const value = 0.5 * slope * scale;
    return value * value;
  }
  const value = slope + 0.5 * curvature;
  return value * value;
}
