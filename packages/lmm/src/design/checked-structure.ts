import { LmmError } from "../errors";
import { builtInStructures } from "./built-in-structures";
import type { CovarianceStructure } from "./covariance-structure";

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
  const fail = (problem: string, value: unknown, hint: string): never => {
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
    const near = new Float64Array(k * k);
    const far = new Float64Array(k * k);
    const slope = new Float64Array(k * k);
    fillChecked(near, fail, () => structure.fillInto(start, k, near));
    for (let i = 0; i < count; i++) {
      fillChecked(slope, fail, () => structure.derivativeInto(start, k, i, slope));
      const moved = start.slice();
      moved[i] += start[i] + STEP <= upper[i] ? STEP : -STEP;
      fillChecked(far, fail, () => structure.fillInto(moved, k, far));
      const width = moved[i] - start[i];
      const size = slope.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      for (let m = 0; m < slope.length; m++) {
        if (Math.abs((far[m] - near[m]) / width - slope[m]) > AGREEMENT * size) {
          fail(
            `derivative ${i} is not that of T`,
            slope[m],
            "compare derivativeInto with differences of fillInto",
          );
        }
      }
    }
  } catch (error) {
    if (error instanceof LmmError) throw error;
    throw invalid(name, error instanceof Error ? error.message : String(error), error, "its code threw");
  }
}

/** Runs code that is to write every number of a matrix. */
function fillChecked(
  matrix: Float64Array,
  fail: (problem: string, value: unknown, hint: string) => never,
  fill: () => void,
): void {
  matrix.fill(Number.NaN);
  fill();
  const bad = matrix.find((value) => !Number.isFinite(value));
  if (bad !== undefined) fail(`entry ${bad}`, bad, "write all k² entries, finite numbers");
}

/**
 * Runs a user's structure; what its code throws, or entries that are no numbers, becomes a typed error.
 *
 * @throws LmmError `invalid-structure`
 */
export function guarded(
  { structure }: { readonly structure: string },
  run: () => void,
  written: Float64Array,
): void {
  try {
    run();
  } catch (error) {
    throw invalid(structure, error instanceof Error ? error.message : String(error), error, "its code threw");
  }
  for (let i = 0; i < written.length; i++) {
    if (Number.isNaN(written[i])) throw invalid(structure, "entry NaN", Number.NaN, "write numbers");
  }
}

function invalid(name: string, problem: string, value: unknown, hint: string): LmmError {
  return new LmmError("invalid-structure", `invalid covariance structure "${name}": ${problem}`, value, hint);
}
