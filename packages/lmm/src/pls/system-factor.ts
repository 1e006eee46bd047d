import { CholeskyFactor, CholmodError } from "@lmmkit/cholmod-ts";
import type { CscMatrix } from "@lmmkit/sparse";
import type { Design } from "../design/design";
import { LmmError } from "../errors";
import { systemSymbolic } from "./system-pattern";

/** More memory than this is not asked for. */
const MOST_BYTES = 16 * 2 ** 30;
/** L, its inverse on the same pattern, and work space of about that size. */
const COPIES = 3;
/** Vectors of length q per column of X that a workspace and its derivatives hold. */
const PER_COLUMN = 6;
/** Matrices of p² numbers: X'X, R, RX, B, the covariance matrix of β̂, and work space. */
const SQUARES = 7;
/** Vectors of length q per parameter. */
const PER_PARAMETER = 3;

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
    const vectors = PER_COLUMN * (design.fixedNames.length + 1) + PER_PARAMETER * design.theta0.length;
    const fixed = SQUARES * design.fixedNames.length ** 2;
    const bytes = 8 * (COPIES * symbolic.valueCount + vectors * design.q + fixed);
    if (bytes > MOST_BYTES) throw tooLarge(bytes);
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
