/**
 * The products of one pair of grouping factors: for each pair of levels that meet in some row, the
 * K_row × K_col block Σ w z_row z_col' over those rows, column-major.
 */
export interface FactorPair {
  /** The later factor (fewer levels); equal to `colFactor` for a diagonal pair. */
  readonly rowFactor: number;
  readonly colFactor: number;
  /** Length (levels of colFactor) + 1: where each level's blocks begin, counted in blocks. */
  readonly colPtr: Int32Array;
  /** Levels of the row factor, increasing within a column. A diagonal pair holds (l, l) only. */
  readonly rowIdx: Int32Array;
  /** `rowIdx.length` blocks of K_row × K_col. */
  readonly values: Float64Array;
}

/**
 * How the data were moved before they were summed, so that large means cost no digits.
 *
 * Sums of parts of a data set may be merged or subtracted when their shifts are equal.
 */
export interface Shifts {
  /** B, p×p, column-major: the columns summed are those of X̃ = XB; hence β = Bβ̃. */
  readonly fixed: Float64Array;
  /** R, p×p, column-major, where nearly collinear columns were re-based: |det B| = 1/|det R|, 1 when null. */
  readonly triangle: Float64Array | null;
  /** Per factor S, K×K, column-major, unit triangular up to order: Z = Z̃S; hence ZΛ = Z̃(SΛ). */
  readonly random: readonly Float64Array[];
  /** b0, length p: the response summed is y − offset − X̃ b0. */
  readonly response: Float64Array;
  /** What was subtracted from each column of X, length p; B follows from it. */
  readonly fixedColumns: Float64Array;
  /** What was subtracted from each column of Z, per factor, length K; S follows from it. */
  readonly randomColumns: readonly Float64Array[];
}

/**
 * The hinge of the engine: all that the profiled deviance and the REML criterion need of the data.
 *
 * Everything is weighted by the prior weights. Rows of weight zero contribute nothing.
 */
export interface CrossProducts {
  /** n: rows with a positive weight. */
  readonly nobs: number;
  /** Σ log w over those rows. */
  readonly sumLogWeights: number;
  readonly shifts: Shifts;
  /** Z'Z: every pair of factors with rowFactor ≥ colFactor, by colFactor, then rowFactor. */
  readonly ztz: readonly FactorPair[];
  /** Z'X, q×p, column-major. */
  readonly ztx: Float64Array;
  /** X'X, p×p, column-major, both triangles. */
  readonly xtx: Float64Array;
  /** Z'y, length q. */
  readonly zty: Float64Array;
  /** X'y, length p. */
  readonly xty: Float64Array;
  /** y'y. */
  readonly yty: number;
  /** Σ w (y − offset)², the response as it came: what the rounding errors of y are measured by. */
  readonly total: number;
}
