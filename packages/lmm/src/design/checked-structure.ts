import { LmmError } from "../errors";
import { builtInStructures } from "./built-in-structures";
import { type CovarianceStructure, SCALES_ALL, SCALES_NONE } from "./covariance-structure";

/** Names that formulas know. */
function knownNames(): string {
  return ["us", "diag", ...builtInStructures.keys()].join(", ");
}

/** Differences of T may be off from its derivative by this, relative to the largest entry. */
const AGREEMENT = 1e-4;
const STEP = 1e-6;

/**
 * A structure that may be used for k effects.
 *
 * A user's is tried at its start: as many parameters, bounds and names as it says, a finite T of k² numbers, and
 * derivatives that agree with differences.
 *
 * @param structure null where the name is not known
 * @throws LmmError `unsupported-structure`, `invalid-structure`
 */
export function checkedStructure(
  name: string,
  structure: CovarianceStructure | null,
  k: number,
  isCustom: boolean,
): CovarianceStructure {
  if (structure === null) {
    throw new LmmError(
      "unsupported-structure",
      `unsupported covariance structure: ${name}`,
      name,
      `known are ${knownNames()}; define others in the option structures`,
    );
  }
  if (isCustom) tryStructure(name, structure, k);
  return structure;
}

function tryStructure(name: string, structure: CovarianceStructure, k: number): void {
  const fail: Fail = (problem, value, hint) => {
    throw invalid(name, problem, value, hint);
  };
  try {
    const columns = Array.from({ length: k }, (_, i) => `column${i + 1}`);
    const start = Float64Array.from(structure.start(k));
    const lower = structure.lower(k);
    const upper = structure.upper(k);
    const count = start.length;
    if (count === 0) fail("no parameters", 0, "start must give one number per parameter");
    for (const [what, length] of [
      ["parameters", structure.parameters(columns).length],
      ["lower", lower.length],
      ["upper", upper.length],
      ["scales", structure.scales?.(k).length ?? count],
      ["mirrored", structure.mirrored?.(k).length ?? count],
    ] as const) {
      if (length !== count) fail(`${what} has ${length} of ${count}`, length, "one per number of start");
    }
    start.forEach((value, i) => {
      if (!(value >= lower[i] && value <= upper[i]))
        fail("start out of bounds", value, "start within the bounds");
    });
    Array.from(structure.scales?.(k) ?? []).forEach((row) => {
      if (!(Number.isInteger(row) && row >= SCALES_NONE && row < k))
        fail(`scales has ${row}`, row, "a column from 0 on, SCALES_ALL or SCALES_NONE");
    });
    tryAt(structure, k, start, fail);
    const matrix = new Float64Array(k * k);
    structure.fillInto(start.slice(), k, matrix);
    if (matrix.every((value) => value === 0)) fail("T is zero at start", 0, "start where T is regular");
  } catch (error) {
    if (error instanceof LmmError) throw error;
    throw invalid(name, error instanceof Error ? error.message : String(error), error, "its code threw");
  }
}

/** Throws `invalid-structure`. */
export type Fail = (problem: string, value: unknown, hint: string) => never;

/**
 * T, its derivatives against differences, and what its scales promise, at one θ.
 *
 * @param theta not changed
 */
export function tryAt(structure: CovarianceStructure, k: number, theta: Float64Array, fail: Fail): void {
  const [lower, upper] = [structure.lower(k), structure.upper(k)];
  const [here, there, other, slope] = [0, 1, 2, 3].map(() => new Float64Array(k * k));
  const fill = (at: Float64Array, out: Float64Array): void =>
    fillChecked(out, fail, () => structure.fillInto(at.slice(), k, out));
  fill(theta, here);
  const whole = largest(here);
  for (let i = 0; i < theta.length; i++) {
    const step = STEP * Math.max(1, Math.abs(theta[i]));
    if (!(upper[i] - lower[i] > 2 * step)) continue;
    // Within the bounds to either side: T may be as steep as it likes at a bound.
    const at = theta.slice();
    at[i] = Math.min(Math.max(theta[i], lower[i] + step), upper[i] - step);
    const [above, below] = [at.slice(), at.slice()];
    above[i] = Math.min(at[i] + step, upper[i]);
    below[i] = Math.max(at[i] - step, lower[i]);
    const width = above[i] - below[i];
    fillChecked(slope, fail, () => structure.derivativeInto(at, k, i, slope));
    fill(above, there);
    fill(below, other);
    // Differences carry the rounding error of T.
    const allowed = AGREEMENT * Math.max(1e-8, largest(slope)) + (1e-12 * whole) / width;
    for (let m = 0; m < slope.length; m++) {
      if (Math.abs((there[m] - other[m]) / width - slope[m]) > allowed) {
        fail(
          `derivative ${i} is not that of T`,
          slope[m],
          "compare derivativeInto with differences of fillInto",
        );
      }
    }
  }
  const scales = Array.from(structure.scales?.(k) ?? []);
  for (const row of new Set(scales)) {
    if (row === SCALES_NONE) continue;
    const times = (factor: number) => theta.map((value, i) => (scales[i] === row ? factor * value : value));
    const within = (at: Float64Array) => at.every((value, i) => value >= lower[i] && value <= upper[i]);
    const factor = [2, 0.5].find((candidate) => within(times(candidate)));
    if (factor === undefined) continue;
    fill(times(factor), there);
    for (let m = 0; m < here.length; m++) {
      const expected = row === SCALES_ALL || m % k === row ? factor * here[m] : here[m];
      if (Math.abs(there[m] - expected) > AGREEMENT * whole)
        fail(
          `scales says ${row}`,
          row,
          "parameters so marked, times c, must make T (or its row) c times as large",
        );
    }
  }
}

function largest(matrix: Float64Array): number {
  return matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Runs code that is to write every number of a matrix. */
function fillChecked(matrix: Float64Array, fail: Fail, fill: () => void): void {
  matrix.fill(Number.NaN);
  fill();
  const bad = matrix.find((value) => !Number.isFinite(value));
  if (bad !== undefined) fail(`entry ${bad}`, bad, "write all k² entries, finite numbers");
}

/**
 * Asks a structure; what a user's code throws becomes a typed error.
 *
 * @throws LmmError `invalid-structure`
 */
export function asked<T>({ structure }: { readonly structure: string }, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof LmmError) throw error;
    throw invalid(structure, error instanceof Error ? error.message : String(error), error, "its code threw");
  }
}

/**
 * Runs a user's structure; what its code throws, or entries that are no finite numbers, becomes a typed error.
 *
 * @throws LmmError `invalid-structure`
 */
export function guarded(
  { structure }: { readonly structure: string },
  run: () => void,
  written: Float64Array,
): void {
  asked({ structure }, run);
  for (let i = 0; i < written.length; i++) {
    if (!Number.isFinite(written[i]))
      throw invalid(structure, `entry ${written[i]}`, written[i], "write finite numbers within the bounds");
  }
}

/** What is wrong with a user's structure. */
export function invalid(name: string, problem: string, value: unknown, hint: string): LmmError {
  return new LmmError("invalid-structure", `invalid covariance structure "${name}": ${problem}`, value, hint);
}
