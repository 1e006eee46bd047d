/** State of one trust-region calculation; the vectors have length n and are reused from call to call. */
export interface TrustRegionWork {
  /** Gradient of the model at `centre + step` (GNEW). */
  readonly gradientAtTrial: Float64Array;
  /** -1 or 1 where a variable is fixed at its lower or upper bound, else 0 (XBDI). */
  readonly fixedAt: Int8Array;
  /** Search direction (S). */
  readonly direction: Float64Array;
  /** Hessian times `direction` (HS). */
  readonly hessianDirection: Float64Array;
  /** Hessian times the free part of the step (HRED). */
  readonly hessianStep: Float64Array;
  /** Number of fixed variables (NACT). */
  fixedCount: number;
  /** Reduction of the model so far (QRED). */
  reduction: number;
  /**
   * Least curvature met in unrestricted conjugate-gradient steps (CRVMIN); 0 when the step reaches the
   * trust-region boundary, -1 when every line search was cut short by a bound.
   */
  leastCurvature: number;
  /** Squared length of the final step (DSQ). */
  stepSq: number;
}

/** Allocates the vectors of {@link trustRegionStepInPlace} for n variables. */
export function createTrustRegionWork(n: number): TrustRegionWork {
  return {
    gradientAtTrial: new Float64Array(n),
    fixedAt: new Int8Array(n),
    direction: new Float64Array(n),
    hessianDirection: new Float64Array(n),
    hessianStep: new Float64Array(n),
    fixedCount: 0,
    reduction: 0,
    leastCurvature: 0,
    stepSq: 0,
  };
}
