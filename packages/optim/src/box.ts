import { OptimError } from "./optim-error";

/** Start, bounds and units of a problem, one entry per variable. */
export interface BoxArguments {
  /** The start, moved within the bounds. */
  readonly x0: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly scale: Float64Array;
}

/** The same as callers give them: a number stands for one per variable. */
export interface BoxOptions {
  lower?: ArrayLike<number> | number;
  upper?: ArrayLike<number> | number;
  scale?: ArrayLike<number> | number;
}

/**
 * Copies and checks a start and its bounds.
 *
 * @param start finite numbers, unchanged
 * @param given bounds (default none) and units (default 1)
 * @param units whether negative units mean something to the caller
 * @returns fresh arrays
 * @throws OptimError for a start that is not finite, bounds that are NaN, crossed or empty, a unit that is not positive,
 *   and lengths that do not match
 */
export function resolveBox(
  start: ArrayLike<number>,
  given: BoxOptions,
  units: "positive" | "signed" = "positive",
): BoxArguments {
  if (!Number.isInteger(start?.length)) {
    throw new OptimError("invalid-start", "invalid start x0", start, "give one number per variable");
  }
  const size = start.length;
  const x0 = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    x0[i] = start[i];
    if (!Number.isFinite(x0[i])) {
      throw new OptimError("invalid-start", `non-finite start x0[${i}]`, x0[i], "give a finite number");
    }
  }
  const lower = expand("lower", given.lower ?? -Infinity, size);
  const upper = expand("upper", given.upper ?? Infinity, size);
  checkBounds(lower, upper);
  for (let i = 0; i < size; i++) x0[i] = Math.min(Math.max(x0[i], lower[i]), upper[i]);
  const scale = expand("scale", given.scale ?? 1, size);
  for (const value of scale) {
    const modulus = units === "signed" ? Math.abs(value) : value;
    if (!(modulus > 0 && modulus < Infinity)) {
      throw new OptimError(
        "invalid-scale",
        "invalid scale",
        value,
        `give ${units === "signed" ? "finite numbers other than 0" : "positive finite numbers"}`,
      );
    }
  }
  return { x0, lower, upper, scale };
}

function expand(name: string, value: ArrayLike<number> | number, size: number): Float64Array {
  if (typeof value === "number") return new Float64Array(size).fill(value);
  if (value.length !== size) {
    throw new OptimError(
      "dimension-mismatch",
      `mismatched length of ${name}`,
      value.length,
      `give ${size}, as x0 has`,
    );
  }
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) values[i] = value[i];
  return values;
}

function checkBounds(lower: Float64Array, upper: Float64Array): void {
  for (let i = 0; i < lower.length; i++) {
    if (lower[i] <= upper[i] && lower[i] < Infinity && upper[i] > -Infinity) continue;
    const pair = `bounds of variable ${i}`;
    const both = [lower[i], upper[i]];
    if (Number.isNaN(lower[i]) || Number.isNaN(upper[i])) {
      throw new OptimError("invalid-bounds", `undefined ${pair}`, both, "give numbers or ±Infinity");
    }
    if (lower[i] > upper[i]) {
      throw new OptimError("invalid-bounds", `crossed ${pair}`, both, "give lower <= upper");
    }
    throw new OptimError("invalid-bounds", `empty ${pair}`, both, "leave a finite number between");
  }
}
