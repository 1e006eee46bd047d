import { asked } from "../design/checked-structure";
import { SCALES_NONE } from "../design/covariance-structure";
import type { Design, DesignTerm } from "../design/design";
import { hasEntries, structureOf, type Template } from "../design/template";
import { carriedMeans, lacksColumns } from "./carried-means";
import { criterionAt } from "./criterion";
import { exchangedStarts } from "./exchanged-starts";
import type { Search } from "./search";

/** Where to look from a boundary, on columns of mean square one. */
const FROM_BOUNDARY = [0.5, 2, 8, 125];
/** Where to look from inside. */
const FROM_INSIDE = [0, 125, 1000];
/** Multiples of the identity for all terms at once, where a term with few levels is on the boundary. */
const TOGETHER = [1, 16];
/** With more levels than this a term's criterion has a single minimum for all practical purposes. */
const FEW_LEVELS = 30;
/** From a boundary, a point this much above the minimum found is not worth another run. */
const HOPELESS = 10;
/** Independent effects of no more columns than this are started small one after the other. */
const MOST_IN_TURN = 6;
/** Templates with a diagonal below this are on the boundary. */
const SINGULAR = 1e-4;

function candidates(singular: boolean, few: boolean): readonly number[] {
  if (singular) return few ? FROM_BOUNDARY : FROM_BOUNDARY.slice(0, 1);
  return few ? FROM_INSIDE : [];
}

/** Each parameter of templates that are the multiple `scale` of where searches start. */
function identityOf(design: Design): (i: number, scale: number) => number {
  const isScale = new Uint8Array(design.theta0.length);
  for (const { template, thetaStart } of design.terms) {
    template.scales.forEach((row, i) => {
      isScale[thetaStart + i] = row === SCALES_NONE ? 0 : 1;
    });
  }
  return (i, scale) => (isScale[i] === 1 ? scale * design.theta0[i] : design.theta0[i]);
}

function owns(thetaStart: number, count: number, i: number): boolean {
  return i >= thetaStart && i < thetaStart + count;
}

/**
 * Where standard deviations cannot be crossed to the other side of zero (three or more of them, and what binds their
 * effects together), which of them are zero may differ between minima: all of one size and independent, and the
 * smallest as zero with a high correlation of the others.
 *
 * @param bound parameters with a high correlation
 */
function otherZeros(template: Template, own: Float64Array, bound: ArrayLike<number>): Float64Array[] {
  const scales = Array.from(template.scales, (row, i) => (row >= 0 ? i : -1)).filter((i) => i >= 0);
  if (scales.length < 3 || scales.some((i) => template.mirrored[i]) || bound.length !== own.length) return [];
  let square = 0;
  for (const i of scales) square += own[i] ** 2 / scales.length;
  const size = Math.sqrt(square) || 1;
  const even = template.start.slice();
  const one = Float64Array.from(bound);
  for (const i of scales) even[i] = size;
  const inside = scales.filter((i) => own[i] > SINGULAR);
  for (const i of scales) one[i] = own[i] > SINGULAR ? own[i] : size;
  const least = inside.reduce((at, i) => (own[i] < own[at] ? i : at), inside[0] ?? scales[0]);
  one[least] = 0;
  return [even, one];
}

/**
 * Independent effects whose means X leaves out share them as they can: the one that takes least may be another at
 * another minimum. Each in turn is started small, the others at the size of all.
 */
function eachSmall(
  { template, columns, thetaStart }: DesignTerm,
  phi: Float64Array,
  fixedNames: readonly string[],
): Float64Array[] {
  const { k, structure } = template;
  if (structure !== "diag" || k < 2 || k > MOST_IN_TURN) return [];
  if (columns.every((name) => fixedNames.includes(name))) return [];
  const own = phi.subarray(thetaStart, thetaStart + k);
  const size = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0) / k);
  return columns.map((_, c) =>
    phi.map((value, i) => (owns(thetaStart, k, i) ? (i === thetaStart + c ? 0.1 * size : size) : value)),
  );
}

/** Promising points away from a minimum found. */
export interface SecondStart {
  /** θ to start again from, most promising first; none when nothing promises a lower minimum. */
  readonly starts: readonly Float64Array[];
  /** Evaluations spent on looking. */
  readonly evaluations: number;
}

/**
 * Looks for a second minimum. With few groups the criterion may have one at a zero variance and another at
 * a large one, and which is lower cannot be seen from either.
 *
 * For a term on the boundary some multiples of the identity are tried, for a regular term with few levels
 * zero and very large ones, the others held; and with a term of few levels on the boundary all terms moved
 * together. The lowest point becomes a start: for a singular term alone if it is not hopelessly high, else if it is lower
 * already. Where the mean of a column is missing from X, the terms that could carry it are exchanged
 * (`exchangedStarts`), or put into a covariance of rank one (`carriedMeans`). For a vector-valued term that is estimated as nothing the identity is a start in any case: the
 * points looked at are too few to show what its off-diagonal entries can do.
 *
 * @param theta a minimum
 * @param value the criterion there
 * Cost: four evaluations per singular and three per regular term with few levels, one per singular term
 * with many, two for all together where a singular term has few levels.
 */
export function secondStart(
  { workspace, method, coordinates }: Search,
  theta: Float64Array,
  value: number,
): SecondStart {
  const { design } = workspace;
  const phi = coordinates.fromTheta(theta);
  const before = workspace.maps;
  workspace.maps = coordinates.maps;
  let best = Number.POSITIVE_INFINITY;
  let start: Float64Array | null = null;
  let evaluations = 0;
  const look = (trial: Float64Array, margin: number): void => {
    const found = criterionAt(workspace, method, trial);
    evaluations++;
    if (!(found < best) || found > value + margin) return;
    best = found;
    start = trial;
  };
  let onBoundary = false;
  const whole: Float64Array[] = [];
  const upright = identityOf(design);
  for (const term of design.terms) {
    const { template, thetaStart, factor } = term;
    const { rows, cols, count } = template;
    if (!hasEntries(template)) {
      const structure = structureOf(template);
      const own = phi.subarray(thetaStart, thetaStart + count);
      const shapes = asked(template, () => structure.alternatives?.(own.slice(), template.k)) ?? [];
      if (design.factors[factor].levels.length <= FEW_LEVELS) {
        for (const other of otherZeros(template, own, shapes[0] ?? own)) {
          const trial = phi.slice();
          trial.set(other, thetaStart);
          whole.push(trial);
        }
      }
      for (const shape of shapes) {
        if (shape.length !== count) continue;
        const trial = phi.slice();
        trial.set(shape, thetaStart);
        look(trial, 0);
      }
    }
    const entries = Array.from({ length: count }, (_, i) => i);
    const diagonal = entries.filter((i) =>
      hasEntries(template) ? rows[i] === cols[i] : template.scales[i] !== SCALES_NONE,
    );
    if (diagonal.length === 0) continue;
    const singular = diagonal.some((i) => phi[thetaStart + i] < SINGULAR);
    const nothing = diagonal.every((i) => phi[thetaStart + i] < SINGULAR);
    const few = design.factors[factor].levels.length <= FEW_LEVELS;
    onBoundary ||= singular && few;
    if (nothing && few && template.k > 1) {
      whole.push(phi.map((value, i) => (owns(thetaStart, count, i) ? design.theta0[i] : value)));
    }
    if (few) whole.push(...eachSmall(term, phi, design.fixedNames));
    for (const scale of candidates(singular, few)) {
      const trial = phi.slice();
      for (const i of entries) trial[thetaStart + i] = upright(thetaStart + i, scale);
      look(trial, singular ? HOPELESS : 0);
    }
  }
  if (onBoundary && design.terms.length > 1) {
    for (const scale of TOGETHER)
      look(
        design.lower.map((_, i) => upright(i, scale)),
        0,
      );
  }
  if (lacksColumns(design)) {
    criterionAt(workspace, method, phi);
    evaluations++;
    whole.push(...carriedMeans(workspace, coordinates, phi));
  }
  workspace.maps = before;
  const starts = start === null ? whole : [start, ...whole];
  starts.push(...exchangedStarts(workspace, coordinates, upright));
  return { starts: starts.map((phi) => coordinates.toTheta(phi)), evaluations };
}
