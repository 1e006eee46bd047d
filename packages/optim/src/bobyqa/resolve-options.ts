import { resolveBox } from "../box";
import { OptimError } from "../optim-error";
import type { BobyqaOptions } from "./options";
import { presetOptions } from "./presets";

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
  const { x0, lower, upper } = resolveBox(start, { lower: given.lower, upper: given.upper });
  const size = x0.length;

  const free: number[] = [];
  for (let i = 0; i < size; i++) if (lower[i] < upper[i]) free.push(i);
  const n = free.length;

  const options: BobyqaOptions =
    given.preset === undefined ? given : { ...presetOptions(given.preset, x0, { lower, upper }), ...given };
  const { scale } = resolveBox(x0, { scale: options.scale }, "signed");

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
  for (const i of free) largest = Math.max(largest, Math.abs(x0[i] / scale[i]));
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
    if (range / Math.abs(scale[i]) < 2 * rhobeg) {
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

function checkTolerance(name: string, value: number): number {
  if (!(value >= 0)) throw new OptimError("invalid-tolerance", `invalid ${name}`, value, "give 0 or more");
  return value;
}
