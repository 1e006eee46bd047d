import type { Adjustment, NumericalError } from "./adjust";
import type { DdfMethod } from "./coef-tests";
import type { CellWeights } from "./reference-grid";
import type { ResponseScale } from "./response-scale";

/** The estimated mean of one combination of levels. */
export interface MarginalMean {
  readonly levels: Readonly<Record<string, string>>;
  /** NaN, with all that follows, when the data do not determine it. */
  readonly estimate: number;
  readonly stdError: number;
  readonly df: number;
  readonly lower: number;
  readonly upper: number;
  /** Its coefficients on the fixed effects. */
  readonly contrast: Float64Array;
  /** Its coefficients on all columns of X, those dropped too. */
  readonly row: Float64Array;
  /** What the offset adds. */
  readonly offset: number;
}

/** Estimated marginal means, or slopes. */
export interface MarginalMeans {
  readonly factors: readonly string[];
  /** Those of the factors that part the means into families; they vary slowest. */
  readonly by: readonly string[];
  /** Other factors, over whose levels the means are averages. */
  readonly averagedOver: readonly string[];
  readonly weights: CellWeights;
  /** Where the numeric variables are held. */
  readonly at: Readonly<Record<string, number>>;
  /** The variable whose slopes these are; null for means. */
  readonly trend: string | null;
  readonly ddf: DdfMethod;
  readonly level: number;
  readonly adjust: Adjustment;
  /** What was undone to get to the scale of the response; null on the fitted scale. */
  readonly transformation: ResponseScale["name"] | null;
  readonly means: readonly MarginalMean[];
  /** What a reader must know. */
  readonly diagnostics: readonly string[];
  /** Of adjusted intervals found by quasi-Monte Carlo; null where they are exact. */
  readonly numericalError: NumericalError | null;
}
