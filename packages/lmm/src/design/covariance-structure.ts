/** A parameter that scales all columns of its term, in `CovarianceStructure.scales`. */
export const SCALES_ALL = -1;
/** A parameter that is no scale: a correlation, an angle. */
export const SCALES_NONE = -2;

/**
 * A family of covariance matrices for the k effects of one random-effects term: Var(b) = σ²T(θ)T(θ)'.
 *
 * Everything the engine does with a term goes through this interface: values, gradient, average-information and
 * exact Hessian by the chain rule through T, ∂T/∂θ_i and ∂²T/∂θ_i∂θ_j. Matrices are k×k, column-major, and T need
 * not be triangular. Functions get the parameters of their own term only and must depend on nothing else.
 */
export interface CovarianceStructure {
  /** The name in formulas: `cs(0 + time | subject)`. */
  readonly name: string;
  /** Names of the parameters, in order; how many there are is their number. */
  parameters(columns: readonly string[]): readonly string[];
  /** Bounds of the parameters, ±Infinity where there are none. T must exist on them. */
  lower(k: number): ArrayLike<number>;
  upper(k: number): ArrayLike<number>;
  /** Where searches start when nothing better is known: T regular, effects of the residual's size. */
  start(k: number): ArrayLike<number>;
  /** T(θ); all k² numbers of `outT` are to be written. */
  fillInto(theta: Float64Array, k: number, outT: Float64Array): void;
  /** ∂T/∂θ_i; all k² numbers of `outT` are to be written. */
  derivativeInto(theta: Float64Array, k: number, i: number, outT: Float64Array): void;
  /** ∂²T/∂θ_i∂θ_j. Without it central differences of `derivativeInto` are taken (about 1e-9 relative). */
  secondDerivativeInto?(theta: Float64Array, k: number, i: number, j: number, outT: Float64Array): void;
  /** Parameters whose covariance matrix is near the given one (relative to σ²): for starting values. */
  nearest?(covariance: Float64Array, k: number): ArrayLike<number>;
  /** The one correlation that the structure has, for tables. */
  correlation?(theta: Float64Array, k: number): number;
  /**
   * For each parameter the column whose row of T is proportional to it, `SCALES_ALL` (−1) where T as a whole is
   * proportional to it (and the others marked so), `SCALES_NONE` (−2). With it covariates may be in any unit.
   */
  scales?(k: number): ArrayLike<number>;
  /**
   * For each parameter whether the far side of its bounds repeats the covariance matrices of the near side, so
   * that searches may cross them (as T and T with a column's sign changed give one covariance matrix).
   */
  mirrored?(k: number): readonly boolean[];
  /** Brings parameters beyond mirrored bounds back within them, the covariance matrix unchanged. */
  rectifyInPlace?(theta: Float64Array, k: number): void;
  /** Where else to look for a lower minimum: a few θ that differ from the given one in shape. */
  alternatives?(theta: Float64Array, k: number): readonly ArrayLike<number>[];
}
