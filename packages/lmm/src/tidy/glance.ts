import { aic, bic, deviance, dfResidual, logLik } from "../model/accessors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { ColumnTable } from "./column-table";

/**
 * One row about the whole fit, with the column names of broom.mixed: nobs, sigma, logLik, AIC, BIC, REMLcrit (REML)
 * or deviance (ML), df.residual.
 */
export function glance(model: LinearMixedModel): ColumnTable {
  const { nobs, sigma, method, criterion } = model;
  return {
    nobs: Float64Array.of(nobs),
    sigma: Float64Array.of(sigma),
    logLik: Float64Array.of(logLik(model).value),
    AIC: Float64Array.of(aic(model)),
    BIC: Float64Array.of(bic(model)),
    ...(method === "REML"
      ? { REMLcrit: Float64Array.of(criterion) }
      : { deviance: Float64Array.of(deviance(model)) }),
    "df.residual": Float64Array.of(dfResidual(model)),
  };
}
