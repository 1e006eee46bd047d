import type { PlsWorkspace } from "../pls/workspace";
import type { Coordinates } from "./coordinates";
import { criterionAt } from "./criterion";
import type { Method } from "./options";

/** Where to look on the far side of a boundary, on columns of mean square one. */
const FAR = [0.5, 2, 8];
/** With more levels than this a term's criterion has a single minimum for all practical purposes. */
const FEW_LEVELS = 30;
/** A point this much above the minimum found is not worth another run. */
const HOPELESS = 10;
/** Templates with a diagonal below this are on the boundary. */
const SINGULAR = 1e-4;

/** A promising point away from a minimum found. */
export interface SecondStart {
  /** θ to start again from, or null when nothing promises a lower minimum. */
  readonly theta: Float64Array | null;
  /** Evaluations spent on looking. */
  readonly evaluations: number;
}

/**
 * Looks for a second minimum. With few groups the criterion may have one at a zero variance and another at
 * a large one, and which is lower cannot be seen from either.
 *
 * For a term on the boundary three multiples of the identity are tried, for a regular term with few levels
 * zero; the lowest point becomes a start, if it is not hopelessly high (zero: if it is lower already).
 *
 * @param theta a minimum
 * @param value the criterion there
 * Cost: three evaluations per singular term, one per regular term with few levels.
 */
export function secondStart(
  workspace: PlsWorkspace,
  method: Method,
  coordinates: Coordinates,
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
  for (const { template, thetaStart, factor } of design.terms) {
    const { rows, cols } = template;
    const entries = Array.from(rows, (_, i) => i);
    const singular = entries.some((i) => rows[i] === cols[i] && phi[thetaStart + i] < SINGULAR);
    if (!singular && design.factors[factor].levels.length > FEW_LEVELS) continue;
    for (const scale of singular ? FAR : [0]) {
      const trial = phi.slice();
      for (const i of entries) trial[thetaStart + i] = rows[i] === cols[i] ? scale : 0;
      const found = criterionAt(workspace, method, trial);
      evaluations++;
      if (!(found < best) || found > value + (scale === 0 ? 0 : HOPELESS)) continue;
      best = found;
      start = trial;
    }
  }
  workspace.maps = before;
  return { theta: start === null ? null : coordinates.toTheta(start), evaluations };
}
