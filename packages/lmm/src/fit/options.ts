import type { CovarianceStructure } from "../design/covariance-structure";

/** Which criterion is minimized: restricted or ordinary maximum likelihood. */
export type Method = "REML" | "ML";

/** Optimizers that can be chosen; see `minimizeTheta`. */
export type OptimizerName = "newton" | "bobyqa" | "newuoa" | "nelder-mead" | "lbfgs";

/** How the optimizer is to work; what is left out is chosen by the engine. */
export interface OptimizerOptions {
  /** `auto` is what measurably reaches the lowest criterion soonest: `newton`. */
  readonly name?: "auto" | OptimizerName;
  /** Interpolation points of BOBYQA, n + 2 ≤ npt ≤ (n + 1)(n + 2)/2; default 2n + 1. */
  readonly npt?: number;
  /** First trust-region radius, on the scale of θ. */
  readonly rhobeg?: number;
  /** Last trust-region radius, on the scale of θ. */
  readonly rhoend?: number;
  /** Evaluations of the criterion allowed. */
  readonly maxEvaluations?: number;
}

/** What a fit may be told, besides the model itself. */
export interface FitOptions {
  /** The user's covariance structures, by the names that they have in the formula. */
  readonly structures?: Readonly<Record<string, CovarianceStructure>>;
  /** Default `REML`. */
  readonly method?: Method;
  /** Where θ starts; default: every template the identity. */
  readonly start?: ArrayLike<number>;
  readonly optimizer?: OptimizerOptions;
  /** Called after every evaluation of the criterion; `theta` is reused, copy what you keep. */
  readonly onEvaluation?: (theta: Float64Array, criterion: number, evaluations: number) => void;
  /** Called when BOBYQA lowers its trust-region radius; `theta` is reused, copy what you keep. */
  readonly onRho?: (rho: number, evaluations: number, criterion: number, theta: Float64Array) => void;
  /** Stops the fit with an `aborted` error. */
  readonly signal?: AbortSignal;
}
