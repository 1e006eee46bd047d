import type { LbfgsMemory } from "./memory";
import { factorizeSmallInPlace, solveSmallInPlace } from "./small-solve";

/** Scratch space of {@link minimizeModelInto}. */
export interface ModelWork {
  readonly breakpoints: Float64Array;
  readonly order: Int32Array;
  readonly direction: Float64Array;
  readonly residual: Float64Array;
  readonly isFree: Uint8Array;
  readonly p: Float64Array;
  readonly c: Float64Array;
  readonly v: Float64Array;
  readonly row: Float64Array;
  readonly column: Float64Array;
  readonly small: Float64Array;
  readonly pivots: Int32Array;
}

/** Allocates the scratch space of {@link minimizeModelInto} for n variables and `capacity` pairs. */
export function createModelWork(n: number, capacity: number): ModelWork {
  const width = 2 * capacity;
  return {
    breakpoints: new Float64Array(n),
    order: new Int32Array(n),
    direction: new Float64Array(n),
    residual: new Float64Array(n),
    isFree: new Uint8Array(n),
    p: new Float64Array(width),
    c: new Float64Array(width),
    v: new Float64Array(width),
    row: new Float64Array(width),
    column: new Float64Array(width),
    small: new Float64Array(width * width),
    pivots: new Int32Array(width),
  };
}

/**
 * Minimizes the quasi-Newton model in the box: first along the projected gradient path (the generalized Cauchy point),
 * which decides the active bounds, then over the variables that stay free, cut back to the box.
 *
 * Source: Byrd, Lu, Nocedal, Zhu (1995), algorithm CP (section 4) and the direct primal method (section 5.1).
 *
 * @param memory the matrix B
 * @param x current point, length n, within the bounds
 * @param gradient length n
 * @param work overwritten
 * @param out the minimizer, length n, within the bounds
 *
 * Cost: about 4 m n + n log n operations, plus m³.
 */
export function minimizeModelInto(
  memory: LbfgsMemory,
  x: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  work: ModelWork,
  out: Float64Array,
): void {
  cauchyPoint(memory, x, gradient, lower, upper, work, out);
  minimizeFree(memory, x, gradient, lower, upper, work, out);
}

function dot(width: number, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += a[k] * b[k];
  return sum;
}

/** Sets `out` to the first local minimizer of the model along the projected gradient path, and `c = W'(out - x)`. */
function cauchyPoint(
  memory: LbfgsMemory,
  x: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  work: ModelWork,
  out: Float64Array,
): void {
  const { n, width, theta } = memory;
  const { breakpoints, order, direction, p, c, v, row } = work;
  let count = 0;
  let slope = 0;
  for (let i = 0; i < n; i++) {
    const g = gradient[i];
    out[i] = x[i];
    breakpoints[i] = g < 0 ? (x[i] - upper[i]) / g : g > 0 ? (x[i] - lower[i]) / g : Infinity;
    direction[i] = breakpoints[i] > 0 ? -g : 0;
    slope -= direction[i] * direction[i];
    if (breakpoints[i] > 0 && breakpoints[i] < Infinity) order[count++] = i;
  }
  c.fill(0);
  if (slope === 0) return;
  // Ties keep the order of the variables, so that the result does not depend on the engine's sort.
  order.subarray(0, count).sort((a, b) => breakpoints[a] - breakpoints[b] || a - b);
  memory.transposeTimesInto(direction, p);
  v.set(p);
  memory.middleInPlace(v);
  const firstBend = -theta * slope;
  let bend = firstBend - dot(width, p, v);
  let best = -slope / bend;
  let reached = 0;
  for (let k = 0; k < count; k++) {
    const b = order[k];
    const length = breakpoints[b] - reached;
    if (best < length) break;
    const g = gradient[b];
    out[b] = direction[b] > 0 ? upper[b] : lower[b];
    const z = out[b] - x[b];
    for (let j = 0; j < width; j++) c[j] += length * p[j];
    memory.rowInto(b, row);
    v.set(c);
    memory.middleInPlace(v);
    slope += length * bend + g * g + theta * g * z - g * dot(width, row, v);
    v.set(p);
    memory.middleInPlace(v);
    bend -= theta * g * g + 2 * g * dot(width, row, v);
    v.set(row);
    memory.middleInPlace(v);
    bend -= g * g * dot(width, row, v);
    bend = Math.max(bend, Number.EPSILON * firstBend);
    for (let j = 0; j < width; j++) p[j] += g * row[j];
    direction[b] = 0;
    best = -slope / bend;
    reached = breakpoints[b];
  }
  best = Math.max(best, 0);
  for (let i = 0; i < n; i++) {
    if (direction[i] === 0) continue;
    out[i] = Math.min(Math.max(x[i] + (reached + best) * direction[i], lower[i]), upper[i]);
  }
  for (let j = 0; j < width; j++) c[j] += best * p[j];
}

/** Moves `out` from the Cauchy point towards the minimizer over the variables that are off their bounds. */
function minimizeFree(
  memory: LbfgsMemory,
  x: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  work: ModelWork,
  out: Float64Array,
): void {
  const { n, width, theta } = memory;
  const { residual, isFree, c, v, row, column, small, pivots } = work;
  v.set(c);
  memory.middleInPlace(v);
  let freeCount = 0;
  for (let i = 0; i < n; i++) {
    isFree[i] = out[i] > lower[i] && out[i] < upper[i] ? 1 : 0;
    residual[i] = 0;
    if (isFree[i] === 0) continue;
    freeCount++;
    memory.rowInto(i, row);
    residual[i] = gradient[i] + theta * (out[i] - x[i]) - dot(width, row, v);
  }
  if (freeCount === 0) return;

  // (theta I - W_F M W_F')^-1 r by Sherman, Morrison and Woodbury: v = (I - M W_F'W_F / theta)^-1 M W_F' r.
  memory.transposeTimesInto(residual, v);
  memory.middleInPlace(v);
  if (width > 0) {
    small.fill(0);
    for (let i = 0; i < n; i++) {
      if (isFree[i] === 0) continue;
      memory.rowInto(i, row);
      for (let a = 0; a < width; a++) {
        for (let b = 0; b < width; b++) small[a * width + b] += (row[a] * row[b]) / theta;
      }
    }
    for (let b = 0; b < width; b++) {
      for (let a = 0; a < width; a++) column[a] = small[a * width + b];
      memory.middleInPlace(column);
      for (let a = 0; a < width; a++) small[a * width + b] = (a === b ? 1 : 0) - column[a];
    }
    if (!factorizeSmallInPlace(width, small, pivots)) return;
    solveSmallInPlace(width, small, pivots, v);
  }
  let fraction = 1;
  for (let i = 0; i < n; i++) {
    if (isFree[i] === 0) continue;
    memory.rowInto(i, row);
    residual[i] = -residual[i] / theta - dot(width, row, v) / (theta * theta);
    const target = out[i] + residual[i];
    if (target < lower[i]) fraction = Math.min(fraction, (lower[i] - out[i]) / residual[i]);
    else if (target > upper[i]) fraction = Math.min(fraction, (upper[i] - out[i]) / residual[i]);
  }
  for (let i = 0; i < n; i++) {
    if (isFree[i] === 1) out[i] = Math.min(Math.max(out[i] + fraction * residual[i], lower[i]), upper[i]);
  }
}
