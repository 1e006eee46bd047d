/** The numbers of one trust-region calculation; its vectors are in the model. */
export interface TrustRegionWork {
  /** Radius, given (DELTA). */
  radius: number;
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
