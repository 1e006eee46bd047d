import type { Design } from "../design/design";
import { LmmError } from "../errors";
import { builtinModule } from "../parallel/node-threads";

/** L, its inverse on the same pattern, and work space of about that size. */
const COPIES = 3;
/** Vectors of length q per column of X that cross-products, a workspace and its derivatives hold. */
const PER_COLUMN = 6;
/** Matrices of p² numbers: X'X, R, RX, B, the covariance matrix of β̂, and work space. */
const SQUARES = 7;
/** Vectors of length q per parameter. */
const PER_PARAMETER = 3;
/** What is taken for granted where nobody says how much there is. */
const USUAL = 16 * 2 ** 30;

/** As much as this there is everywhere. */
const HARMLESS = 2 ** 28;

/** What a fit will ask for beside its data, in bytes. */
export interface MemoryEstimate {
  /** The sparse factor L with its inverse and work space. */
  readonly factor: number;
  /** Everything of size q×p: Z'X, RZX and their kin. */
  readonly effects: number;
  /** Everything of size p×p. */
  readonly fixed: number;
  /** Everything of size q×(parameters): the average information. */
  readonly parameters: number;
  readonly total: number;
}

/**
 * What a fit will ask for, known before it does: `factor` from the symbolic factorization, the rest from the design.
 *
 * @param entries numbers that L takes, `symbolic.valueCount`; 0 where L is not analyzed yet
 */
export function memoryEstimate(design: Design, entries: number): MemoryEstimate {
  const { q, theta0, fixedNames } = design;
  const p = fixedNames.length;
  const factor = 8 * COPIES * entries;
  const effects = 8 * PER_COLUMN * q * (p + 1);
  const fixed = 8 * SQUARES * p * p;
  const parameters = 8 * PER_PARAMETER * q * theta0.length;
  return { factor, effects, fixed, parameters, total: factor + effects + fixed + parameters };
}

/** Memory of the machine in bytes, where Node says how much that is; 16 GB elsewhere. */
export function memoryOfMachine(): number {
  return builtinModule<{ totalmem: () => number }>("node:os")?.totalmem() ?? USUAL;
}

/**
 * Refuses a fit that cannot fit into memory, before it is asked for.
 *
 * @param limit bytes; default all that the machine has
 * @throws LmmError `too-large`, which says what would take most
 */
export function refuseBeyondMemory(estimate: MemoryEstimate, limit?: number): void {
  // Asking how much there is takes longer than a small fit.
  if (limit === undefined) {
    if (estimate.total > HARMLESS) refuseBeyondMemory(estimate, memoryOfMachine());
    return;
  }
  if (!(estimate.total > limit)) return;
  const { factor, effects, fixed, parameters, total } = estimate;
  const largest = Math.max(factor, effects, fixed, parameters);
  const [what, hint] =
    largest === factor
      ? [
          "its Cholesky factor",
          "grouping factors that cross fill it in; use fewer levels or leave a term out",
        ]
      : largest === parameters
        ? ["the derivatives of its parameters", "use fewer random-effects columns"]
        : ["its fixed effects", "make a factor of so many levels a random effect"];
  throw new LmmError(
    "too-large",
    `too large model: it needs about ${gigabytes(total)} of memory, ${what} ${gigabytes(largest)} of them; there are ${gigabytes(limit)}`,
    total,
    hint,
  );
}

function gigabytes(bytes: number): string {
  const size = bytes / 2 ** 30;
  return `${size < 10 ? size.toFixed(1) : Math.ceil(size)} GB`;
}
