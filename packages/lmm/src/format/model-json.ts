import type { LinearMixedModel } from "../model/linear-mixed-model";

/** One fixed effect in the JSON of a fit; `df` and `pValue` are null without a degrees-of-freedom method. */
export interface FixedEffectJson {
  term: string;
  estimate: number;
  stdError: number;
  df: number | null;
  tValue: number;
  pValue: number | null;
}

/** One random-effects term in the JSON of a fit. */
export interface RandomTermJson {
  group: string;
  terms: string[];
  stdDev: number[];
  corr: number[][];
}

/** The object that `lmm fit --json` prints: numbers in full precision, plain arrays. */
export interface ModelJson {
  formula: string;
  method: "REML" | "ML";
  nobs: number;
  groups: Record<string, number>;
  criterion: number;
  logLik: number;
  df: number;
  AIC: number;
  BIC: number;
  sigma: number;
  theta: number[];
  thetaNames: string[];
  converged: boolean;
  singular: boolean;
  fixed: FixedEffectJson[];
  vcov: number[][];
  random: RandomTermJson[];
  optimizer: {
    name: string;
    evaluations: number;
    status: string;
    message: string;
    npt?: number;
    rhobeg?: number;
    rhoend?: number;
  };
  certificate: {
    holds: boolean;
    gradient: number[];
    predictedDecrease: number;
    boundaryCurvature: number | null;
  };
  seconds: { read?: number; design: number; fit: number };
  dropped: string[];
  warnings: string[];
}

/**
 * The fit as one plain object, ready for `JSON.stringify`.
 *
 * @param model the fit
 * @param extra `read`: seconds that reading the data took, to be reported beside the engine's own times
 */
export declare function modelJson(model: LinearMixedModel, extra?: { readonly read?: number }): ModelJson;
