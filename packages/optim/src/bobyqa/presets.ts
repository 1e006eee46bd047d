import { OptimError } from "../optim-error";
import type { BobyqaOptions, BobyqaPreset } from "./options";

/** Bounds of all variables. */
export interface Bounds {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/**
 * The options that make up a preset for a given problem.
 *
 * @param preset name of the program
 * @param x0 start, within the bounds
 * @param bounds one lower and one upper bound per variable
 * @returns options for {@link bobyqa}; those a preset leaves alone are absent
 * @throws OptimError for a name that is not a preset
 */
export function presetOptions(preset: BobyqaPreset, x0: ArrayLike<number>, bounds: Bounds): BobyqaOptions {
  const { lower, upper } = bounds;
  let n = 0;
  let largest = 0;
  let narrowest = Infinity;
  for (let i = 0; i < x0.length; i++) {
    if (lower[i] === upper[i]) continue;
    n++;
    largest = Math.max(largest, Math.abs(x0[i]));
    narrowest = Math.min(narrowest, upper[i] - lower[i]);
  }
  switch (preset) {
    case "powell":
      return { npt: 2 * n + 1 };
    case "minqa": {
      let rhobeg = Math.min(0.95, 0.2 * largest);
      if (rhobeg === 0) rhobeg = 0.95;
      if (narrowest < 2 * rhobeg) rhobeg = 0.2 * narrowest;
      return { npt: n + 2, rhobeg, rhoend: 1e-6 * rhobeg, maxEvaluations: 10_000 };
    }
    case "nlopt": {
      const scale = new Float64Array(x0.length);
      let finest = Infinity;
      for (let i = 0; i < x0.length; i++) {
        scale[i] = nloptInitialStep(x0[i], lower[i], upper[i]);
        if (lower[i] < upper[i]) finest = Math.min(finest, Math.abs(scale[i]));
      }
      // The radius ends as soon as it is within the tolerance of any variable.
      const rhoend = Math.min(1, 1e-8 / finest);
      return { npt: 2 * n + 1, scale, rhobeg: 1, rhoend, ftolAbs: 1e-8, maxEvaluations: 100_000 };
    }
    default:
      throw new OptimError("unknown-preset", "unknown preset", preset, 'give "powell", "minqa" or "nlopt"');
  }
}

/**
 * First step that NLopt takes in a variable when it is told none: a quarter of a finite range, at most three quarters
 * of the way to a bound that is nearer than that, -x without a bound (towards zero), 1 at zero.
 */
export function nloptInitialStep(x: number, lower: number, upper: number): number {
  let step = Infinity;
  if (upper - lower < Infinity && upper > lower) step = 0.25 * (upper - lower);
  if (upper > x && upper - x < step) step = 0.75 * (upper - x);
  if (lower < x && x - lower < step) step = 0.75 * (x - lower);
  if (step === Infinity) step = -x;
  return step === 0 ? 1 : step;
}
