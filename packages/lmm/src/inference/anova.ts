import type { LinearMixedModel } from "../model/linear-mixed-model";
import { checkDdf, type DdfMethod, type DdfOptions } from "./coef-tests";
import { type ComparedModels, compareModels } from "./compare-models";
import { contest } from "./contest";
import { InferenceError } from "./inference-error";
import { kenwardRoger } from "./kenward-roger";
import { type AnovaType, typeHypotheses } from "./type-hypotheses";

/** How an analysis of variance is done. */
export interface AnovaOptions extends DdfOptions {
  /** Default `"III"`. */
  readonly type?: AnovaType;
}

/** The F test of one term. */
export interface AnovaRow {
  readonly term: string;
  /** meanSq · numDf. */
  readonly sumSq: number;
  /** Unscaled F times σ̂²: the mean square that it would be in a model without random effects. */
  readonly meanSq: number;
  /** 0 when nothing of the term can be estimated; the numbers after it are NaN then. */
  readonly numDf: number;
  readonly denDf: number;
  readonly fValue: number;
  readonly pValue: number;
}

/** An analysis of variance of the fixed effects. */
export interface AnovaTable {
  readonly type: AnovaType;
  readonly ddf: DdfMethod;
  readonly rows: readonly AnovaRow[];
}

/**
 * The analysis of variance of the fixed effects of one fit, or the likelihood-ratio comparison of several.
 *
 * @param model a fit; with Kenward–Roger an ML fit is refitted by REML
 * @throws InferenceError `no-fixed-effects` when there is no term to test
 */
export function anova(model: LinearMixedModel, options?: AnovaOptions): AnovaTable;
export function anova(first: LinearMixedModel, ...others: LinearMixedModel[]): ComparedModels;
export function anova(
  model: LinearMixedModel,
  second?: AnovaOptions | LinearMixedModel,
  ...others: LinearMixedModel[]
): AnovaTable | ComparedModels {
  if (second !== undefined && "kind" in second) return compareModels([model, second, ...others]);
  return table(model, second ?? {});
}

function table(model: LinearMixedModel, options: AnovaOptions): AnovaTable {
  const ddf = checkDdf(options.ddf);
  const { type = "III" } = options;
  if (type !== "I" && type !== "II" && type !== "III") {
    throw new InferenceError(
      "unknown-option",
      `unknown type: ${JSON.stringify(type)}`,
      type,
      'choose "I", "II" or "III"',
    );
  }
  const { sigma } = ddf === "kenward-roger" ? kenwardRoger(model).model : model;
  const rows = typeHypotheses(model, type).map(({ term, rows: contrasts }): AnovaRow => {
    if (contrasts.length === 0) {
      const none = Number.NaN;
      return { term, sumSq: none, meanSq: none, numDf: 0, denDf: none, fValue: none, pValue: none };
    }
    const { numDf, denDf, fValue, pValue, scale } = contest(model, contrasts, { ddf });
    const meanSq = (fValue / scale) * sigma * sigma;
    return { term, sumSq: meanSq * numDf, meanSq, numDf, denDf, fValue, pValue };
  });
  return { type, ddf, rows };
}
