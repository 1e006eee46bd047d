import type { ModelFrame } from "@lmmkit/formula";
import type { Design } from "../design/design";
import type { Method } from "../fit/options";
import type { CrossProducts } from "../products/cross-products";

/** One random-effects term of a fitted model. */
export interface FittedTerm {
  /** Name as lme4's VarCorr gives it: a repeated grouping factor becomes `Subject.1`. */
  readonly name: string;
  /** The grouping factor, `Subject`. */
  readonly group: string;
  /** The k columns, `(Intercept)`, `Days`, … */
  readonly columns: readonly string[];
  /** Levels of the grouping factor. */
  readonly levels: readonly string[];
  /** Relative covariance factor T, k×k, column-major. */
  readonly template: Float64Array;
  /** Conditional modes b = Λu, levels × k, column-major. */
  readonly modes: Float64Array;
}

/** One step of an optimizer that lowers a trust-region radius. */
export interface RhoStep {
  readonly rho: number;
  readonly evaluations: number;
  readonly criterion: number;
  readonly theta: Float64Array;
}

/** How the optimization went. */
export interface OptimizerReport {
  readonly name: string;
  readonly npt: number | null;
  readonly rhobeg: number | null;
  readonly rhoend: number | null;
  readonly evaluations: number;
  readonly status: string;
  readonly message: string;
  /** The radius schedule, for optimizers that have one. */
  readonly trace: readonly RhoStep[];
}

/** A direction in which the effects of one term are estimated not to vary: the fit lies on a boundary there. */
export interface SingularDirection {
  /** Name of the term, as in `FittedTerm`. */
  readonly term: string;
  /** What is estimated, in a sentence: "the variance of Days in Subject is estimated as zero". */
  readonly says: string;
  /**
   * One number per column of the term: this combination of its effects has variance zero. The largest is 1. Null
   * for a structure whose parameter is on its bound.
   */
  readonly loadings: readonly number[] | null;
  /**
   * Derivative of the criterion along the direction, per unit of relative variance on columns of mean square one:
   * positive where the boundary is a minimum, negative where the criterion still falls. Where a parameter is held
   * by a bound, the derivative with respect to it.
   */
  readonly multiplier: number;
  /** A term that says the same with fewer parameters, `(1 | Subject)`; "" where the term can go, null for none. */
  readonly instead: string | null;
}

/** The evidence that the optimizer stopped at a minimum. */
export interface Certificate {
  /** True when a Newton step gains nothing that counts and no covariance direction lowers the criterion. */
  readonly holds: boolean;
  /**
   * Gradient at the end in the coordinates of the search: every column of Z scaled to mean square one, the
   * columns of a term perhaps in another order.
   */
  readonly gradient: Float64Array;
  /** Decrease of the criterion that a Newton step from here would still predict. */
  readonly predictedDecrease: number;
  /**
   * Smallest derivative of the criterion along the covariance directions that are estimated as zero
   * (negative: the criterion still falls there); null when no template is singular.
   */
  readonly boundaryCurvature: number | null;
  /** Every covariance direction that is estimated as zero; none when the fit is regular. */
  readonly singular: readonly SingularDirection[];
  /**
   * Terms whose variances the data do not determine, in sentences: the minimum is one of many with the same
   * criterion. None for almost every model.
   */
  readonly unidentified: readonly string[];
}

/** A fitted linear mixed model: plain data, nothing lazy; everything asked of it is a function. */
export interface LinearMixedModel {
  readonly kind: "lmm";
  readonly version: 1;
  /** The formula as printed back. */
  readonly formula: string;
  readonly method: Method;
  readonly nobs: number;
  /** Rows of the table before rows with missing values were left out. */
  readonly nrowsTable: number;
  /** −2 log-likelihood (ML) or the REML criterion, at `theta`. */
  readonly criterion: number;
  readonly theta: Float64Array;
  /** `Subject.(Intercept)`, `Subject.Days.(Intercept)`, … */
  readonly thetaNames: readonly string[];
  /** Residual standard deviation σ̂. */
  readonly sigma: number;
  /** Names of the fixed effects that were kept. */
  readonly fixedNames: readonly string[];
  /** β̂, one per name. */
  readonly beta: Float64Array;
  /** σ̂²(RX'RX)⁻¹, p×p, column-major. */
  readonly vcov: Float64Array;
  /** Columns left out of a rank-deficient X. */
  readonly dropped: readonly string[];
  /** In lme4's order: most levels first. */
  readonly terms: readonly FittedTerm[];
  /** log|L|². */
  readonly logDetL2: number;
  /** log|RX|². */
  readonly logDetRX2: number;
  /** Penalized, weighted residual sum of squares r². */
  readonly pwrss: number;
  readonly converged: boolean;
  /** lme4's isSingular at tolerance 1e-4. */
  readonly singular: boolean;
  readonly certificate: Certificate;
  readonly optimizer: OptimizerReport;
  readonly warnings: readonly string[];
  /** Time spent, in seconds. */
  readonly seconds: { readonly design: number; readonly fit: number };
  /** y as observed. */
  readonly response: Float64Array;
  readonly responseName: string;
  /** Conditional fitted values, offset included. */
  readonly fitted: Float64Array;
  readonly weights: Float64Array | null;
  readonly offset: Float64Array | null;
  /** Positions in the table of the rows used; null when all were. */
  readonly rows: Int32Array | null;
  /** The rows and what the formula learned of them, for predictions and diagnostics. */
  readonly frame: ModelFrame;
  /** The design and the cross-products that the fit came from, for everything that evaluates again. */
  readonly design: Design;
  readonly products: CrossProducts;
}
