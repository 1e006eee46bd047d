import { bobyqa, trustRegionNewton } from "@lmmkit/optim";
import { LmmError } from "../errors";
import type { HeldParameter } from "./held-parameter";
import type { Likelihood } from "./likelihood";
import { SecantCorrection } from "./secant-correction";

/** The least −2 log-likelihood with one parameter held. */
export interface HeldMinimum {
  readonly deviance: number;
  /** Where it is, in free coordinates. */
  readonly x: Float64Array;
  /** (φ, log σ) there. */
  readonly point: Float64Array;
  /** Gradient of the likelihood there in (φ, log σ). */
  readonly gradient: Float64Array;
  readonly converged: boolean;
}

/** As in fits: a Newton step would gain no more than this. */
const DECREASE = 1e-11;
const MOST_EVALUATIONS = 40;
/** Rounds of both methods. */
const MOST_ROUNDS = 3;
/** What a second method may still gain after a run that did not end by itself. */
const GAIN = 1e-6;

/**
 * Minimizes −2 log-likelihood over everything but one parameter, by the trust-region Newton method within bounds.
 * Away from the estimate the average information may be far from the Hessian; secant corrections make up for it.
 * Where a covariance matrix is nearly singular the Hessian is known to few digits and the method may crawl; then
 * BOBYQA goes on, and the minimum counts as found if that gains nothing.
 *
 * @param start free coordinates; not changed
 * Cost: typically three to five evaluations from a start nearby.
 */
export function minimizeHeld(
  likelihood: Likelihood,
  held: Pick<HeldParameter, "size" | "lower" | "upper" | "placeInto" | "bendInto">,
  value: number,
  start: Float64Array,
  signal?: AbortSignal,
): HeldMinimum {
  const m = held.size;
  const size = likelihood.size;
  const point = new Float64Array(size);
  const jacobian = new Float64Array(size * m);
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const half = new Float64Array(size * m);
  let secant = new SecantCorrection(m);
  let best = Number.POSITIVE_INFINITY;
  const bestPoint = new Float64Array(size);
  const bestGradient = new Float64Array(size);
  const evaluate = (x: Float64Array, outGradient: Float64Array, outHessian: Float64Array): number => {
    held.placeInto(value, x, point, jacobian);
    const f = likelihood.evaluateInto(point, gradient, hessian);
    if (!Number.isFinite(f)) return f;
    if (f <= best) {
      best = f;
      bestPoint.set(point);
      bestGradient.set(gradient);
    }
    for (let j = 0; j < m; j++) {
      let slope = 0;
      for (let i = 0; i < size; i++) {
        slope += jacobian[j * size + i] * gradient[i];
        let sum = 0;
        for (let k = 0; k < size; k++) sum += hessian[k * size + i] * jacobian[j * size + k];
        half[j * size + i] = sum;
      }
      outGradient[j] = slope;
    }
    for (let j = 0; j < m; j++) {
      for (let l = 0; l <= j; l++) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += jacobian[l * size + i] * half[j * size + i];
        outHessian[j * m + l] = sum;
        outHessian[l * m + j] = sum;
      }
    }
    held.bendInto(value, x, gradient, outHessian);
    secant.correctInPlace(x, outGradient, outHessian);
    return f;
  };
  const { lower, upper } = held;
  const options = {
    lower,
    upper,
    decreaseTol: DECREASE,
    maxEvaluations: MOST_EVALUATIONS,
    maxRadius: 1e6,
    signal,
  };
  let x = start;
  let converged = false;
  for (let round = 0; round < MOST_ROUNDS && !converged; round++) {
    secant = new SecantCorrection(m);
    const result = trustRegionNewton(evaluate, x, options);
    if (result.status === "aborted") {
      throw new LmmError("aborted", "aborted profile", signal?.reason, "the signal was aborted");
    }
    x = result.x;
    converged = result.status === "converged";
    if (converged || m === 1) break;
    const before = best;
    const plain = bobyqa(
      (trial) => {
        held.placeInto(value, Float64Array.from(trial), point, jacobian);
        return likelihood.value(point);
      },
      x,
      { lower, upper, rhobeg: 0.05, rhoend: 1e-7, maxEvaluations: 200 * m },
    );
    if (plain.f < before) {
      x = Float64Array.from(plain.x);
      best = Number.POSITIVE_INFINITY;
      evaluate(x, new Float64Array(m), new Float64Array(m * m));
    }
    converged = before - best <= GAIN;
  }
  return {
    deviance: best,
    x,
    point: bestPoint,
    gradient: bestGradient,
    converged,
  };
}
