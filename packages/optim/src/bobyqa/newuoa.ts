import { OptimError } from "../optim-error";
import { type BobyqaResult, bobyqa } from "./bobyqa";
import type { BobyqaOptions } from "./options";

/** Options of {@link newuoa}: those of {@link bobyqa} that have nothing to do with bounds. */
export type NewuoaOptions = Omit<BobyqaOptions, "lower" | "upper" | "preset">;

/**
 * Minimizes a function of several variables without bounds and without derivatives: `bobyqa` where nothing is bounded,
 * with the defaults that Powell recommends for NEWUOA (npt = 2n + 1).
 *
 * The two methods share the quadratic model of least change, the update of its inverse and the rules for the radii.
 * The steps within the radius are found by other searches, so counts are like those of Powell's NEWUOA, not equal to
 * them.
 *
 * @param f objective; its argument has length `x0.length`, is reused from call to call, and must not be changed
 * @param x0 start, unchanged
 * @param options see {@link NewuoaOptions}
 * @returns the best point, why the run ended, and the count
 * @throws OptimError for arguments that no run could honour, bounds among them; errors thrown by `f` or a callback pass
 *   through
 *
 * Cost per evaluation: as for {@link bobyqa}.
 *
 * Source: M. J. D. Powell (2006), The NEWUOA software for unconstrained optimization without derivatives, in Di Pillo
 * and Roma, Large-scale nonlinear optimization; (2009), report DAMTP 2009/NA06, for the steps.
 *
 * @example
 * ```ts
 * const { x, f } = newuoa(([a, b]) => (1 - a) ** 2 + 100 * (b - a * a) ** 2, [-1.2, 1], { rhobeg: 0.5, rhoend: 1e-6 });
 * ```
 */
export function newuoa(
  f: (x: Float64Array) => number,
  x0: ArrayLike<number>,
  options: NewuoaOptions = {},
): BobyqaResult {
  const given: BobyqaOptions = options;
  for (const name of ["lower", "upper", "preset"] as const) {
    if (given[name] === undefined) continue;
    const code = name === "preset" ? "unknown-preset" : "invalid-bounds";
    throw new OptimError(code, `unexpected ${name}`, given[name], "use bobyqa: newuoa works without bounds");
  }
  return bobyqa(f, x0, given);
}
