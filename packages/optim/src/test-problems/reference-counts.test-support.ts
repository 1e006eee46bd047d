import { bobyqa } from "../bobyqa/bobyqa";
import type { MoreWildProblem } from "./more-wild.test-support";

/** The accuracies at which evaluations are compared. */
export const REFERENCE_TAUS = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7];

/** How a program fared on one problem. */
export interface RunRecord {
  readonly evaluations: number;
  /** FNV-1a hash, by 32-bit words, of every point and value in turn; -0 counts as 0. */
  readonly hash: number;
  /** Evaluations until the value was within tau of the least, for each tau of `REFERENCE_TAUS`; 0 where it never was. */
  readonly counts: readonly number[];
}

/** One problem as run by other programs. */
export interface ReferenceRun {
  readonly index: number;
  /** In the box x0 ± 1 (rhobeg at most 0.5), or without bounds. */
  readonly box: boolean;
  /** Least value that any program found. */
  readonly least: number;
  readonly nlopt: RunRecord;
  readonly minqa: RunRecord;
}

/**
 * Runs a problem and counts evaluations until the value is within tau (f(x0) - least) of `least`, for each tau of
 * {@link REFERENCE_TAUS}.
 */
export function countsOf(
  problem: MoreWildProblem,
  box: boolean,
  least: number,
): RunRecord & { readonly f: number } {
  const { x0, n, f } = problem;
  const f0 = f(x0);
  const counts = REFERENCE_TAUS.map(() => 0);
  let best = Infinity;
  let hash = 2166136261;
  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);
  const take = (value: number) => {
    number[0] = value + 0;
    for (const word of words) hash = Math.imul(hash ^ word, 16777619);
  };
  const result = bobyqa(f, x0, {
    lower: box ? x0.map((value) => value - 1) : undefined,
    upper: box ? x0.map((value) => value + 1) : undefined,
    rhobeg: box ? Math.min(problem.rhobeg, 0.5) : problem.rhobeg,
    rhoend: 1e-6,
    maxEvaluations: 3000 * n,
    onEvaluation: (x, value, evaluations) => {
      for (const entry of x) take(entry);
      take(value);
      if (!(value < best)) return;
      best = value;
      REFERENCE_TAUS.forEach((tau, k) => {
        if (counts[k] === 0 && best <= least + tau * (f0 - least)) counts[k] = evaluations;
      });
    },
  });
  return { f: result.f, evaluations: result.evaluations, hash: hash >>> 0, counts };
}
