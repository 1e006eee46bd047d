/**
 * Programs whose defaults {@link bobyqa} can take on, so that a fit can be compared run for run.
 *
 * - `"powell"`: npt = 2n + 1, his recommendation; radii are the caller's.
 * - `"minqa"`: R's minqa 1.2: npt = n + 2 (3 for n = 1), rhobeg = min(0.95, 0.2 max |x0|), or 0.2 times the
 *   narrowest range where that is too wide, rhoend = 1e-6 rhobeg, 10 000 evaluations.
 * - `"nlopt"`: NLopt's BOBYQA as R's lme4 sets it: npt = 2n + 1, each variable in units of its first step
 *   (see `nloptInitialStep`), rhobeg = 1 in these units, and a stop as soon as an improving step gains less
 *   than ftolAbs = 1e-8 or the radius falls to xtolAbs = 1e-8.
 */
export type BobyqaPreset = "powell" | "minqa" | "nlopt";

/** Options of {@link bobyqa}; every one has a default. */
export interface BobyqaOptions {
  /** Lower bounds, one per variable or one for all; default -Infinity. */
  lower?: ArrayLike<number> | number;
  /** Upper bounds, one per variable or one for all; default Infinity. */
  upper?: ArrayLike<number> | number;
  /**
   * Number of interpolation points, from n + 2 to (n + 1)(n + 2)/2, with n the number of variables that are not
   * fixed by equal bounds; default 2n + 1.
   */
  npt?: number;
  /**
   * First trust-region radius, about a tenth of the greatest expected change of a variable; default
   * 0.1 max(1, greatest |x0|).
   */
  rhobeg?: number;
  /** Last trust-region radius, the accuracy wanted in the variables; default 1e-6 rhobeg. */
  rhoend?: number;
  /**
   * Units of the variables: radii are measured in `x[i] / scale[i]`; default 1. A negative unit turns the variable
   * round, so that its first step goes down.
   */
  scale?: ArrayLike<number> | number;
  /** Greatest number of evaluations; default max(10 000, 1000 n). */
  maxEvaluations?: number;
  /** The run ends at a value that is not above this; default -Infinity. */
  fTarget?: number;
  /** The run ends when an improving step changes the objective by less than this; default 0 (off). */
  ftolAbs?: number;
  /** The same relative to the mean modulus of the two values; default 0 (off). */
  ftolRel?: number;
  /** Defaults of another program: see {@link BobyqaPreset}. Options given beside it win. */
  preset?: BobyqaPreset;
  /** Called after each evaluation; `false` ends the run. `x` is reused: copy it to keep it. */
  onEvaluation?: (x: Float64Array, f: number, evaluations: number) => unknown;
  /**
   * Called when the radius is reduced, with the new radius and the best point so far; `false` ends the run. `x`
   * is reused: copy it to keep it.
   */
  onRho?: (rho: number, evaluations: number, f: number, x: Float64Array) => unknown;
  /** Ends the run, before the next evaluation, once it is aborted. */
  signal?: AbortSignal;
  /** Keep every evaluation in `result.trace`; default false. */
  trace?: boolean;
}
