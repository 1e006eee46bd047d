import { type BoxArguments, resolveBox } from "../box";
import { OptimError } from "../optim-error";

/** Options of {@link trustRegionNewton}; every one has a default. */
export interface NewtonOptions {
  /** Lower bounds, one per variable or one for all; default -Infinity. */
  lower?: ArrayLike<number> | number;
  /** Upper bounds, one per variable or one for all; default Infinity. */
  upper?: ArrayLike<number> | number;
  /** Units of the variables: the trust region is a ball in `x[i] / scale[i]`; default 1. */
  scale?: ArrayLike<number> | number;
  /**
   * Whether the Hessian that the objective gives is approximate: what it leaves out is then learned from the gradients
   * and used where the given one has foretold badly; default false.
   */
  approximateHessian?: boolean;
  /** First radius; default max(1, |x0| / 2) in units of `scale`, but at most `maxRadius`. */
  radius?: number;
  /** Greatest radius; default 1e4 times the first. */
  maxRadius?: number;
  /** The run ends when the model predicts a decrease of at most this; default 1e-10. */
  decreaseTol?: number;
  /** The same relative to the modulus of the objective; default 1e-14. */
  relativeDecreaseTol?: number;
  /** The run ends at a value that is not above this; default -Infinity. */
  fTarget?: number;
  /** Greatest number of evaluations; default 200. */
  maxEvaluations?: number;
  /** Called after each evaluation; `false` ends the run. `x` is reused: copy it to keep it. */
  onEvaluation?: (x: Float64Array, f: number, evaluations: number) => unknown;
  /** Ends the run, before the next evaluation, once it is aborted. */
  signal?: AbortSignal;
  /** Keep every evaluation in `result.trace`; default false. */
  trace?: boolean;
}

/** Options with defaults filled in and checked. */
export interface ResolvedNewtonOptions extends BoxArguments {
  readonly radius: number;
  readonly maxRadius: number;
  readonly decreaseTol: number;
  readonly relativeDecreaseTol: number;
  readonly fTarget: number;
  readonly maxEvaluations: number;
}

/**
 * Fills in the defaults, moves the start within the bounds, and rejects what no run could honour.
 *
 * @throws OptimError
 */
export function resolveNewtonOptions(start: ArrayLike<number>, given: NewtonOptions): ResolvedNewtonOptions {
  const box = resolveBox(start, given);
  let lengthSq = 0;
  for (let i = 0; i < box.x0.length; i++) {
    const component = box.x0[i] / box.scale[i];
    lengthSq += component * component;
  }
  const radius =
    given.radius ?? Math.min(Math.max(1, 0.5 * Math.sqrt(lengthSq)), given.maxRadius ?? Infinity);
  const maxRadius = given.maxRadius ?? 1e4 * radius;
  if (!(radius > 0 && radius < Infinity)) {
    throw new OptimError("invalid-radius", "invalid radius", radius, "give a positive finite number");
  }
  if (!(maxRadius >= radius && maxRadius < Infinity)) {
    throw new OptimError("invalid-radius", "invalid maxRadius", maxRadius, `give a number from ${radius} on`);
  }
  const decreaseTol = given.decreaseTol ?? 1e-10;
  const relativeDecreaseTol = given.relativeDecreaseTol ?? 1e-14;
  for (const [name, value] of [
    ["decreaseTol", decreaseTol],
    ["relativeDecreaseTol", relativeDecreaseTol],
  ] as const) {
    if (!(value >= 0)) throw new OptimError("invalid-tolerance", `invalid ${name}`, value, "give 0 or more");
  }
  const maxEvaluations = given.maxEvaluations ?? 200;
  if (!(maxEvaluations >= 1)) {
    throw new OptimError(
      "invalid-limit",
      "invalid maxEvaluations",
      maxEvaluations,
      "give a number from 1 on",
    );
  }
  const fTarget = given.fTarget ?? -Infinity;
  return { ...box, radius, maxRadius, decreaseTol, relativeDecreaseTol, fTarget, maxEvaluations };
}
