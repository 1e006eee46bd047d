import { jointCovariance } from "../inference/joint-covariance";
import { varianceParameters } from "../inference/variance-parameters";
import {
  aic,
  bic,
  coefTable,
  deviance,
  dfResidual,
  fixef,
  fixefCorrelation,
  formula,
  getTheta,
  isSingular,
  logLik,
  ngrps,
  nobs,
  remlCriterion,
  sigma,
  vcov,
} from "../model/accessors";
import { coef } from "../model/coef";
import { describe } from "../model/describe";
import type { ModelQuantities, QuantityName } from "../model/get-me";
import { getME } from "../model/get-me";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { properties } from "../model/properties";
import { ranef } from "../model/ranef";
import { varCorr } from "../model/var-corr";
import type { Rest } from "./rest";

/** What was estimated, the criteria of the fit and its counts, as methods. */
export class EstimateMethods {
  /** The fit, plain data. */
  readonly model: LinearMixedModel;

  /** @param model not changed */
  constructor(model: LinearMixedModel) {
    this.model = model;
  }

  /** See `fixef`. */
  fixef(...rest: Rest<typeof fixef>): ReturnType<typeof fixef> {
    return fixef(this.model, ...rest);
  }

  /** See `coefTable`. */
  coefTable(...rest: Rest<typeof coefTable>): ReturnType<typeof coefTable> {
    return coefTable(this.model, ...rest);
  }

  /** See `vcov`. */
  vcov(...rest: Rest<typeof vcov>): ReturnType<typeof vcov> {
    return vcov(this.model, ...rest);
  }

  /** See `fixefCorrelation`. */
  fixefCorrelation(...rest: Rest<typeof fixefCorrelation>): ReturnType<typeof fixefCorrelation> {
    return fixefCorrelation(this.model, ...rest);
  }

  /** See `sigma`. */
  sigma(...rest: Rest<typeof sigma>): ReturnType<typeof sigma> {
    return sigma(this.model, ...rest);
  }

  /** See `getTheta`. */
  getTheta(...rest: Rest<typeof getTheta>): ReturnType<typeof getTheta> {
    return getTheta(this.model, ...rest);
  }

  /** See `varCorr`. */
  varCorr(...rest: Rest<typeof varCorr>): ReturnType<typeof varCorr> {
    return varCorr(this.model, ...rest);
  }

  /** See `varianceParameters`. */
  varianceParameters(...rest: Rest<typeof varianceParameters>): ReturnType<typeof varianceParameters> {
    return varianceParameters(this.model, ...rest);
  }

  /** See `jointCovariance`. */
  jointCovariance(...rest: Rest<typeof jointCovariance>): ReturnType<typeof jointCovariance> {
    return jointCovariance(this.model, ...rest);
  }

  /** See `ranef`. */
  ranef(...rest: Rest<typeof ranef>): ReturnType<typeof ranef> {
    return ranef(this.model, ...rest);
  }

  /** See `coef`. */
  coef(...rest: Rest<typeof coef>): ReturnType<typeof coef> {
    return coef(this.model, ...rest);
  }

  /** See `getME`. */
  getME<N extends QuantityName>(name: N): ModelQuantities[N] {
    return getME(this.model, name);
  }

  /** See `properties`. */
  properties(...rest: Rest<typeof properties>): ReturnType<typeof properties> {
    return properties(this.model, ...rest);
  }

  /** See `describe`. */
  describe(...rest: Rest<typeof describe>): ReturnType<typeof describe> {
    return describe(this.model, ...rest);
  }

  /** See `logLik`. */
  logLik(...rest: Rest<typeof logLik>): ReturnType<typeof logLik> {
    return logLik(this.model, ...rest);
  }

  /** See `deviance`. */
  deviance(...rest: Rest<typeof deviance>): ReturnType<typeof deviance> {
    return deviance(this.model, ...rest);
  }

  /** See `remlCriterion`. */
  remlCriterion(...rest: Rest<typeof remlCriterion>): ReturnType<typeof remlCriterion> {
    return remlCriterion(this.model, ...rest);
  }

  /** See `aic`. */
  aic(...rest: Rest<typeof aic>): ReturnType<typeof aic> {
    return aic(this.model, ...rest);
  }

  /** See `bic`. */
  bic(...rest: Rest<typeof bic>): ReturnType<typeof bic> {
    return bic(this.model, ...rest);
  }

  /** See `nobs`. */
  nobs(...rest: Rest<typeof nobs>): ReturnType<typeof nobs> {
    return nobs(this.model, ...rest);
  }

  /** See `ngrps`. */
  ngrps(...rest: Rest<typeof ngrps>): ReturnType<typeof ngrps> {
    return ngrps(this.model, ...rest);
  }

  /** See `dfResidual`. */
  dfResidual(...rest: Rest<typeof dfResidual>): ReturnType<typeof dfResidual> {
    return dfResidual(this.model, ...rest);
  }

  /** See `isSingular`. */
  isSingular(...rest: Rest<typeof isSingular>): ReturnType<typeof isSingular> {
    return isSingular(this.model, ...rest);
  }

  /** See `formula`. */
  formula(...rest: Rest<typeof formula>): ReturnType<typeof formula> {
    return formula(this.model, ...rest);
  }
}
