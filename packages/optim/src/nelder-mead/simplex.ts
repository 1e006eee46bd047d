const REFLECT = 1;

/** Factors of the moves. */
interface Moves {
  readonly expand: number;
  readonly contract: number;
  readonly shrink: number;
}

/** Nelder and Mead's own factors. */
const USUAL: Moves = { expand: 2, contract: 0.5, shrink: 0.5 };

/** Factors by dimension, with which the simplex collapses later; for two variables the usual ones. */
function adaptiveMoves(n: number): Moves {
  return n < 3 ? USUAL : { expand: 1 + 2 / n, contract: 0.75 - 0.5 / n, shrink: 1 - 1 / n };
}

/** n + 1 corners with their values, and the moves of Nelder and Mead. */
export interface Simplex {
  readonly n: number;
  /** The corners, n + 1 vectors of length n. */
  readonly points: readonly Float64Array[];
  readonly values: Float64Array;
  bestValue(): number;
  worstValue(): number;
  bestPoint(): Float64Array;
  /**
   * Places the corners around the best point: it, and a step along each axis; evaluates the new ones. From the second
   * time on the moves' factors are those of Gao and Han (2012).
   */
  spread(step: Float64Array, isStopped: () => boolean): void;
  /** One iteration: one to two evaluations, or n more for a shrink. */
  improve(isStopped: () => boolean): void;
}

/**
 * Builds a simplex whose corners all lie at the start, which is evaluated by the first {@link Simplex.spread}.
 *
 * @param start within the bounds
 * @param evaluate value at a point, Infinity when there is none
 */
export function createSimplex(
  start: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  evaluate: (x: Float64Array) => number,
): Simplex {
  const n = start.length;
  const points = Array.from({ length: n + 1 }, () => start.slice());
  const values = new Float64Array(n + 1).fill(Infinity);
  const centroid = new Float64Array(n);
  const first = new Float64Array(n);
  const second = new Float64Array(n);
  let isSpread = false;
  let moves = USUAL;

  const indexOfBest = () => {
    let best = 0;
    for (let k = 1; k <= n; k++) if (values[k] < values[best]) best = k;
    return best;
  };
  const indexOfWorst = () => {
    let worst = 0;
    for (let k = 1; k <= n; k++) if (values[k] > values[worst]) worst = k;
    return worst;
  };
  const clamp = (value: number, i: number) => Math.min(Math.max(value, lower[i]), upper[i]);

  /** Sets `out = centroid + factor (centroid - corner)` within the bounds. */
  const moveFrom = (corner: Float64Array, factor: number, out: Float64Array) => {
    for (let i = 0; i < n; i++) out[i] = clamp(centroid[i] + factor * (centroid[i] - corner[i]), i);
  };

  const replace = (index: number, point: Float64Array, value: number) => {
    points[index].set(point);
    values[index] = value;
  };

  const shrink = (isStopped: () => boolean) => {
    const best = indexOfBest();
    for (let k = 0; k <= n; k++) {
      if (k === best) continue;
      for (let i = 0; i < n; i++)
        first[i] = points[best][i] + moves.shrink * (points[k][i] - points[best][i]);
      const value = evaluate(first);
      if (isStopped() && !(value < values[best])) return;
      replace(k, first, value);
      if (isStopped()) return;
    }
  };

  return {
    n,
    points,
    values,
    bestValue: () => values[indexOfBest()],
    worstValue: () => values[indexOfWorst()],
    bestPoint: () => points[indexOfBest()],

    spread(step, isStopped) {
      const best = indexOfBest();
      const anchor = points[best].slice();
      if (isSpread) moves = adaptiveMoves(n);
      const anchorValue = isSpread ? values[best] : evaluate(anchor);
      isSpread = true;
      values.fill(Infinity);
      replace(0, anchor, anchorValue);
      for (let i = 0; i < n; i++) {
        if (isStopped()) return;
        const corner = points[i + 1];
        corner.set(anchor);
        // Into the box: the other way where the bound is nearer than a tenth of the step.
        const ahead = clamp(anchor[i] + step[i], i);
        const behind = clamp(anchor[i] - step[i], i);
        const isBlocked = Math.abs(ahead - anchor[i]) < 0.1 * Math.abs(step[i]);
        corner[i] = isBlocked && Math.abs(behind - anchor[i]) > Math.abs(ahead - anchor[i]) ? behind : ahead;
        values[i + 1] = evaluate(corner);
      }
    },

    improve(isStopped) {
      const best = indexOfBest();
      const worst = indexOfWorst();
      let secondWorst = -Infinity;
      for (let i = 0; i < n; i++) centroid[i] = 0;
      for (let k = 0; k <= n; k++) {
        if (k === worst) continue;
        secondWorst = Math.max(secondWorst, values[k]);
        for (let i = 0; i < n; i++) centroid[i] += points[k][i];
      }
      for (let i = 0; i < n; i++) centroid[i] /= n;

      moveFrom(points[worst], REFLECT, first);
      const reflected = evaluate(first);
      if (isStopped()) {
        if (reflected < values[best]) replace(worst, first, reflected);
        return;
      }
      if (reflected < values[best]) {
        moveFrom(points[worst], moves.expand, second);
        const expanded = evaluate(second);
        // Nelder and Mead compare the expansion with the old best corner, not with the reflection.
        if (expanded < values[best] && !(isStopped() && reflected < expanded))
          replace(worst, second, expanded);
        else replace(worst, first, reflected);
        return;
      }
      if (reflected < secondWorst) {
        replace(worst, first, reflected);
        return;
      }
      if (reflected < values[worst]) replace(worst, first, reflected);
      moveFrom(points[worst], -moves.contract, second);
      const contracted = evaluate(second);
      if (contracted < values[worst]) replace(worst, second, contracted);
      else if (!isStopped()) shrink(isStopped);
    },
  };
}
