import { type Formula, modelFrame } from "@lmmkit/formula";
import type { CovarianceStructure } from "../design/covariance-structure";
import { buildDesign } from "../design/design";
import { thetaBounds } from "../design/theta-bounds";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { PlsWorkspace } from "../pls/workspace";
import { crossProducts } from "../products/from-frame";
import { criterionAt } from "./criterion";
import { fitFrame } from "./fit-frame";
import type { FitOptions } from "./options";

/** A table by shape: columns by name, records, or an Arrow or Arquero table (see `@lmmkit/formula`). */
export type LmmTable = Parameters<typeof modelFrame>[1];

/** How the table is read through the formula; see `modelFrame` of `@lmmkit/formula`. */
export type FrameOptions = NonNullable<Parameters<typeof modelFrame>[2]>;

/** Everything that `lmm` may be told. */
export interface LmmOptions extends FrameOptions, FitOptions {
  /** The user's covariance structures, by the names that they have in the formula: `toep(0 + time | g)`. */
  readonly structures?: Readonly<Record<string, CovarianceStructure>>;
}

/**
 * Fits a linear mixed model.
 *
 * @param formula R's formula with random-effects terms, `Reaction ~ Days + (Days | Subject)`
 * @param table columns by name, records, or an Arrow or Arquero table; not changed
 * @throws FormulaError for a formula that does not fit the table, LmmError for a model that cannot be fitted
 */
export function lmm(formula: string | Formula, table: LmmTable, options: LmmOptions = {}): LinearMixedModel {
  return fitFrame(modelFrame(formula, table, options), options);
}

/** The profiled deviance (ML) or REML criterion as a function of θ. */
export interface ProfiledDeviance {
  /** The criterion at θ; +Infinity where it cannot be evaluated. */
  (theta: ArrayLike<number>): number;
  /** Where a fit starts: every template the identity. */
  readonly theta0: Float64Array;
  /** 0 for diagonal entries of templates, −Infinity for the others; what other structures say for theirs. */
  readonly lower: Float64Array;
  /** Infinity, or what other structures than `us` and `diag` say. */
  readonly upper: Float64Array;
  /** lme4's names of θ. */
  readonly names: readonly string[];
}

/**
 * The criterion of a model as a function of θ, nothing fitted.
 *
 * Cost of making it: one pass over the data and one symbolic factorization; of a call: one evaluation.
 */
export function profiledDeviance(
  formula: string | Formula,
  table: LmmTable,
  options: Pick<LmmOptions, keyof FrameOptions | "method" | "structures"> = {},
): ProfiledDeviance {
  const frame = modelFrame(formula, table, options);
  const method = options.method ?? "REML";
  const design = buildDesign(frame, undefined, options.structures);
  const workspace = new PlsWorkspace(design, crossProducts(frame, design));
  const objective = (theta: ArrayLike<number>) => criterionAt(workspace, method, theta);
  return Object.assign(objective, {
    theta0: design.theta0,
    lower: design.lower,
    upper: thetaBounds(design).upper,
    names: design.thetaNames,
  });
}
