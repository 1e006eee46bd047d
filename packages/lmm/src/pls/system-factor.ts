import { CholeskyFactor, CholmodError } from "@lmmkit/cholmod-ts";
import type { CscMatrix } from "@lmmkit/sparse";
import type { Design } from "../design/design";
import { LmmError } from "../errors";
import { memoryEstimate, refuseBeyondMemory } from "./memory";
import { systemSymbolic } from "./system-pattern";

/**
 * Room for the factor L of the system, its symbolic part done; no numbers yet.
 *
 * @param system of `systemPattern`
 * @throws LmmError `too-large` before memory is asked for that a model cannot do without, and where the
 *   platform refuses it
 */
export function systemFactor(design: Design, system: CscMatrix): CholeskyFactor {
  try {
    const symbolic = systemSymbolic(design, system);
    refuseBeyondMemory(memoryEstimate(design, symbolic.valueCount));
    return new CholeskyFactor(symbolic);
  } catch (error) {
    if (error instanceof CholmodError && error.code === "too-many-entries") throw tooLarge(16 * 2 ** 31);
    if (error instanceof RangeError) throw tooLarge(null);
    throw error;
  }
}

function tooLarge(bytes: number | null): LmmError {
  const size = bytes === null ? "more memory than there is" : `about ${Math.ceil(bytes / 2 ** 30)} GB`;
  return new LmmError(
    "too-large",
    `too large model: its Cholesky factor needs ${size}`,
    bytes,
    "grouping factors that cross fill it in; use fewer levels or leave a term out",
  );
}
