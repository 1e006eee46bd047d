import type { Formula, ModelFrame } from "@lmmkit/formula";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { FitOptions, Method } from "./options";

/** A table by shape: columns by name, records, or an Arrow or Arquero table (see `@lmmkit/formula`). */
export type LmmTable = object;

/** How the table is read through the formula. */
export interface FrameOptions {
  /** Contrasts by column name: `{ Sex: "sum" }`. */
  readonly contrasts?: Readonly<Record<string, string>>;
  /** What to do with rows that miss a value; default `omit`. */
  readonly naAction?: "omit" | "exclude" | "fail";
  /** Prior weights: a column's name or one number per row. */
  readonly weights?: string | ArrayLike<number>;
  /** An offset: a column's name or one number per row. */
  readonly offset?: string | ArrayLike<number>;
}

/** Everything that `lmm` may be told. */
export interface LmmOptions extends FrameOptions, FitOptions {}

/**
 * Fits a linear mixed model.
 *
 * @param formula R's formula with random-effects terms, `Reaction ~ Days + (Days | Subject)`
 * @param table columns by name, records, or an Arrow or Arquero table
 * @throws FormulaError for a formula that does not fit the table, LmmError for a model that cannot be fitted
 */
export declare function lmm(
  formula: string | Formula,
  table: LmmTable,
  options?: LmmOptions,
): LinearMixedModel;

/** Fits a linear mixed model to a model frame made beforehand. */
export declare function fitFrame(frame: ModelFrame, options?: FitOptions): LinearMixedModel;

/** The profiled deviance (ML) or REML criterion as a function of θ. */
export interface ProfiledDeviance {
  (theta: ArrayLike<number>): number;
  /** Where a fit starts: every template the identity. */
  readonly theta0: Float64Array;
  /** 0 for diagonal entries of templates, −Infinity for the others. */
  readonly lower: Float64Array;
  /** lme4's names of θ. */
  readonly names: readonly string[];
}

/** The criterion of a model as a function of θ, nothing fitted. */
export declare function profiledDeviance(
  formula: string | Formula,
  table: LmmTable,
  options?: FrameOptions & { readonly method?: Method },
): ProfiledDeviance;
