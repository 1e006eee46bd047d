import { OptimError } from "../optim-error";
import { type BobyqaPreset, presetOptions } from "./presets";

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
  /** Units of the variables: radii are measured in `x[i] / scale[i]`; default 1. */
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

/** Options with defaults filled in and checked. Vectors have one entry per variable. */
export interface ResolvedOptions {
  readonly x0: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly scale: Float64Array;
  /** Origin of the internal variables `(x - offset) / scale`: 0, but the lower bound where the range is narrow. */
  readonly offset: Float64Array;
  /** Positions of the variables that are not fixed. */
  readonly free: Int32Array;
  readonly npt: number;
  readonly rhobeg: number;
  readonly rhoend: number;
  readonly maxEvaluations: number;
  readonly fTarget: number;
  readonly ftolAbs: number;
  readonly ftolRel: number;
}

/**
 * Fills in the defaults, moves the start within the bounds, and rejects what no run could honour.
 *
 * A variable whose range is below `2 rhobeg` (in its scale) gets a finer scale, so that its range is exactly
 * `2 rhobeg`: Powell's code refuses such bounds, but a narrow variable should not hold back the others.
 *
 * @throws OptimError
 */
export function resolveOptions(start: ArrayLike<number>, given: BobyqaOptions): ResolvedOptions {
  const size = start.length;
  const x0 = Float64Array.from(start);
  for (let i = 0; i < size; i++) {
    if (!Number.isFinite(x0[i])) {
      throw new OptimError("invalid-start", `non-finite start x0[${i}]`, x0[i], "give a finite number");
    }
  }
  const lower = expand("lower", given.lower ?? -Infinity, size, "dimension-mismatch");
  const upper = expand("upper", given.upper ?? Infinity, size, "dimension-mismatch");
  checkBounds(lower, upper);
  for (let i = 0; i < size; i++) x0[i] = Math.min(Math.max(x0[i], lower[i]), upper[i]);

  const free: number[] = [];
  for (let i = 0; i < size; i++) if (lower[i] < upper[i]) free.push(i);
  const n = free.length;

  const options: BobyqaOptions =
    given.preset === undefined ? given : { ...presetOptions(given.preset, x0, { lower, upper }), ...given };
  const scale = expand("scale", options.scale ?? 1, size, "dimension-mismatch");
  for (const value of scale) {
    if (!(value > 0 && value < Infinity)) {
      throw new OptimError("invalid-scale", "invalid scale", value, "give positive finite numbers");
    }
  }

  const npt = options.npt ?? 2 * n + 1;
  const most = ((n + 1) * (n + 2)) / 2;
  if (n > 0 && (!Number.isInteger(npt) || npt < n + 2 || npt > most)) {
    throw new OptimError(
      "invalid-interpolation-points",
      "invalid npt",
      npt,
      `give an integer from ${n + 2} to ${most} for ${n} free ${n === 1 ? "variable" : "variables"}`,
    );
  }

  let largest = 1;
  for (const i of free) largest = Math.max(largest, Math.abs(x0[i]) / scale[i]);
  const rhobeg = options.rhobeg ?? 0.1 * largest;
  if (!(rhobeg > 0 && rhobeg < Infinity)) {
    throw new OptimError("invalid-radius", "invalid rhobeg", rhobeg, "give a positive finite number");
  }
  const rhoend = options.rhoend ?? 1e-6 * rhobeg;
  if (!(rhoend > 0 && rhoend <= rhobeg)) {
    throw new OptimError(
      "invalid-radius",
      "invalid rhoend",
      rhoend,
      `give a number in (0, rhobeg = ${rhobeg}]`,
    );
  }
  const offset = new Float64Array(size);
  for (const i of free) {
    const range = upper[i] - lower[i];
    if (range / scale[i] < 2 * rhobeg) {
      scale[i] = range / (2 * rhobeg);
      offset[i] = lower[i];
    }
  }

  const maxEvaluations = options.maxEvaluations ?? Math.max(10_000, 1000 * n);
  if (!(maxEvaluations >= 1)) {
    throw new OptimError(
      "invalid-limit",
      "invalid maxEvaluations",
      maxEvaluations,
      "give a number from 1 on",
    );
  }
  const fTarget = options.fTarget ?? -Infinity;
  if (Number.isNaN(fTarget))
    throw new OptimError("invalid-limit", "invalid fTarget", fTarget, "give a number");
  const ftolAbs = checkTolerance("ftolAbs", options.ftolAbs ?? 0);
  const ftolRel = checkTolerance("ftolRel", options.ftolRel ?? 0);
  return {
    x0,
    lower,
    upper,
    scale,
    offset,
    free: Int32Array.from(free),
    npt,
    rhobeg,
    rhoend,
    maxEvaluations,
    fTarget,
    ftolAbs,
    ftolRel,
  };
}

function expand(
  name: string,
  value: ArrayLike<number> | number,
  size: number,
  code: "dimension-mismatch",
): Float64Array {
  if (typeof value === "number") return new Float64Array(size).fill(value);
  if (value.length !== size) {
    throw new OptimError(code, `mismatched length of ${name}`, value.length, `give ${size}, as x0 has`);
  }
  return Float64Array.from(value);
}

function checkBounds(lower: Float64Array, upper: Float64Array): void {
  for (let i = 0; i < lower.length; i++) {
    const pair = `bounds of variable ${i}`;
    if (Number.isNaN(lower[i]) || Number.isNaN(upper[i])) {
      throw new OptimError(
        "invalid-bounds",
        `undefined ${pair}`,
        [lower[i], upper[i]],
        "give numbers or ±Infinity",
      );
    }
    if (lower[i] > upper[i]) {
      throw new OptimError("invalid-bounds", `crossed ${pair}`, [lower[i], upper[i]], "give lower <= upper");
    }
    if (lower[i] === Infinity || upper[i] === -Infinity) {
      throw new OptimError(
        "invalid-bounds",
        `empty ${pair}`,
        [lower[i], upper[i]],
        "leave a finite number between",
      );
    }
  }
}

function checkTolerance(name: string, value: number): number {
  if (!(value >= 0)) throw new OptimError("invalid-tolerance", `invalid ${name}`, value, "give 0 or more");
  return value;
}
