import { bootstrap } from "../bootstrap/bootstrap";
import { homoscedasticity, normality } from "../diagnostics/assumptions";
import { hatvalues } from "../diagnostics/hatvalues";
import { rePCA } from "../diagnostics/re-pca";
import { cooksDistance, residuals, rstudent } from "../diagnostics/residuals";
import { simulationResiduals } from "../diagnostics/simulation-residuals";
import { icc, r2 } from "../diagnostics/variance-explained";
import { fixedCondition, vif } from "../diagnostics/vif";
import type { FormatSummaryOptions } from "../format/summary";
import { formatSummary } from "../format/summary";
import { add1 } from "../inference/add-terms";
import type { AnovaOptions, AnovaTable } from "../inference/anova";
import { anova } from "../inference/anova";
import { coefTests } from "../inference/coef-tests";
import type { ComparedModels, CompareOptions } from "../inference/compare-models";
import { compareModels } from "../inference/compare-models";
import { contest, contrastTests } from "../inference/contest";
import { contrast, interactionContrast } from "../inference/contrast";
import { drop1 } from "../inference/drop-terms";
import { emmeans, emtrends, pairwise } from "../inference/emmeans";
import { jointCovariance } from "../inference/joint-covariance";
import { ranova } from "../inference/ranova";
import { restrictedLrt } from "../inference/restricted-lrt";
import { step } from "../inference/step";
import { varianceParameters } from "../inference/variance-parameters";
import { influence } from "../influence/influence";
import { confint } from "../intervals/confint";
import {
  aic,
  bic,
  coefTable,
  deviance,
  dfResidual,
  fitted,
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
import { hasRows } from "../model/without-rows";
import type { SavedModel, SaveOptions } from "../persistence/save-model";
import { saveModel } from "../persistence/save-model";
import { power } from "../power/power";
import { predict } from "../predict/predict";
import { profile } from "../profile/profile";
import { simulate } from "../simulate/simulate";
import { augment } from "../tidy/augment";
import { glance } from "../tidy/glance";
import { tidy } from "../tidy/tidy";

/** What a function of a model takes after the model. */
type Rest<F extends (model: LinearMixedModel, ...rest: never[]) => unknown> = F extends (
  model: LinearMixedModel,
  ...rest: infer R
) => unknown
  ? R
  : never;

/**
 * A fit with the functions of this package as its methods: `model.confint()` is `confint(model)`, with the same
 * options and results. The fit itself is the plain value `model`.
 *
 * The functions do not know of it: a program that imports them alone carries nothing of this class.
 */
export class FittedModel {
  /** The fit, plain data. */
  readonly model: LinearMixedModel;

  /** @param model not changed */
  constructor(model: LinearMixedModel) {
    this.model = model;
  }

  /** The summary, as R prints it or in another format; see `formatSummary`. */
  summary(options?: FormatSummaryOptions): string {
    return formatSummary(this.model, options);
  }

  /** The summary. */
  toString(): string {
    return formatSummary(this.model);
  }

  /** What `JSON.stringify` writes: the saved model, with its data where it has them; see `saveModel`. */
  toJSON(): SavedModel {
    return saveModel(this.model, { data: hasRows(this.model.frame) });
  }

  /** See `saveModel`. */
  save(options?: SaveOptions): SavedModel {
    return saveModel(this.model, options);
  }

  /** The analysis of variance of the fixed effects; see `anova`. */
  anova(options?: AnovaOptions): AnovaTable {
    return anova(this.model, options);
  }

  /** Likelihood-ratio tests against other fits; see `compareModels`. */
  compare(others: readonly (FittedModel | LinearMixedModel)[], options?: CompareOptions): ComparedModels {
    const models = others.map((other) => (other instanceof FittedModel ? other.model : other));
    return compareModels([this.model, ...models], options);
  }

  // Estimates.

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

  // Criteria and counts.

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

  // Tests.

  /** See `coefTests`. */
  coefTests(...rest: Rest<typeof coefTests>): ReturnType<typeof coefTests> {
    return coefTests(this.model, ...rest);
  }

  /** See `contest`. */
  contest(...rest: Rest<typeof contest>): ReturnType<typeof contest> {
    return contest(this.model, ...rest);
  }

  /** See `contrastTests`. */
  contrastTests(...rest: Rest<typeof contrastTests>): ReturnType<typeof contrastTests> {
    return contrastTests(this.model, ...rest);
  }

  /** See `drop1`. */
  drop1(...rest: Rest<typeof drop1>): ReturnType<typeof drop1> {
    return drop1(this.model, ...rest);
  }

  /** See `add1`. */
  add1(...rest: Rest<typeof add1>): ReturnType<typeof add1> {
    return add1(this.model, ...rest);
  }

  /** See `step`. */
  step(...rest: Rest<typeof step>): ReturnType<typeof step> {
    return step(this.model, ...rest);
  }

  /** See `ranova`. */
  ranova(...rest: Rest<typeof ranova>): ReturnType<typeof ranova> {
    return ranova(this.model, ...rest);
  }

  /** See `restrictedLrt`. */
  restrictedLrt(...rest: Rest<typeof restrictedLrt>): ReturnType<typeof restrictedLrt> {
    return restrictedLrt(this.model, ...rest);
  }

  // Marginal means.

  /** See `emmeans`. */
  emmeans(...rest: Rest<typeof emmeans>): ReturnType<typeof emmeans> {
    return emmeans(this.model, ...rest);
  }

  /** See `emtrends`. */
  emtrends(...rest: Rest<typeof emtrends>): ReturnType<typeof emtrends> {
    return emtrends(this.model, ...rest);
  }

  /** See `pairwise`. */
  pairwise(...rest: Rest<typeof pairwise>): ReturnType<typeof pairwise> {
    return pairwise(this.model, ...rest);
  }

  /** See `contrast`. */
  contrast(...rest: Rest<typeof contrast>): ReturnType<typeof contrast> {
    return contrast(this.model, ...rest);
  }

  /** See `interactionContrast`. */
  interactionContrast(...rest: Rest<typeof interactionContrast>): ReturnType<typeof interactionContrast> {
    return interactionContrast(this.model, ...rest);
  }

  // Intervals and simulation.

  /** See `confint`. */
  confint(...rest: Rest<typeof confint>): ReturnType<typeof confint> {
    return confint(this.model, ...rest);
  }

  /** See `profile`. */
  profile(...rest: Rest<typeof profile>): ReturnType<typeof profile> {
    return profile(this.model, ...rest);
  }

  /** See `bootstrap`. */
  bootstrap(...rest: Rest<typeof bootstrap>): ReturnType<typeof bootstrap> {
    return bootstrap(this.model, ...rest);
  }

  /** See `simulate`. */
  simulate(...rest: Rest<typeof simulate>): ReturnType<typeof simulate> {
    return simulate(this.model, ...rest);
  }

  /** See `power`. */
  power(...rest: Rest<typeof power>): ReturnType<typeof power> {
    return power(this.model, ...rest);
  }

  // Prediction and diagnostics.

  /** See `predict`. */
  predict(...rest: Rest<typeof predict>): ReturnType<typeof predict> {
    return predict(this.model, ...rest);
  }

  /** See `fitted`. */
  fitted(...rest: Rest<typeof fitted>): ReturnType<typeof fitted> {
    return fitted(this.model, ...rest);
  }

  /** See `residuals`. */
  residuals(...rest: Rest<typeof residuals>): ReturnType<typeof residuals> {
    return residuals(this.model, ...rest);
  }

  /** See `rstudent`. */
  rstudent(...rest: Rest<typeof rstudent>): ReturnType<typeof rstudent> {
    return rstudent(this.model, ...rest);
  }

  /** See `hatvalues`. */
  hatvalues(...rest: Rest<typeof hatvalues>): ReturnType<typeof hatvalues> {
    return hatvalues(this.model, ...rest);
  }

  /** See `cooksDistance`. */
  cooksDistance(...rest: Rest<typeof cooksDistance>): ReturnType<typeof cooksDistance> {
    return cooksDistance(this.model, ...rest);
  }

  /** See `influence`. */
  influence(...rest: Rest<typeof influence>): ReturnType<typeof influence> {
    return influence(this.model, ...rest);
  }

  /** See `simulationResiduals`. */
  simulationResiduals(...rest: Rest<typeof simulationResiduals>): ReturnType<typeof simulationResiduals> {
    return simulationResiduals(this.model, ...rest);
  }

  /** See `normality`. */
  normality(...rest: Rest<typeof normality>): ReturnType<typeof normality> {
    return normality(this.model, ...rest);
  }

  /** See `homoscedasticity`. */
  homoscedasticity(...rest: Rest<typeof homoscedasticity>): ReturnType<typeof homoscedasticity> {
    return homoscedasticity(this.model, ...rest);
  }

  /** See `rePCA`. */
  rePCA(...rest: Rest<typeof rePCA>): ReturnType<typeof rePCA> {
    return rePCA(this.model, ...rest);
  }

  /** See `r2`. */
  r2(...rest: Rest<typeof r2>): ReturnType<typeof r2> {
    return r2(this.model, ...rest);
  }

  /** See `icc`. */
  icc(...rest: Rest<typeof icc>): ReturnType<typeof icc> {
    return icc(this.model, ...rest);
  }

  /** See `vif`. */
  vif(...rest: Rest<typeof vif>): ReturnType<typeof vif> {
    return vif(this.model, ...rest);
  }

  /** See `fixedCondition`. */
  fixedCondition(...rest: Rest<typeof fixedCondition>): ReturnType<typeof fixedCondition> {
    return fixedCondition(this.model, ...rest);
  }

  // Tables.

  /** See `tidy`. */
  tidy(...rest: Rest<typeof tidy>): ReturnType<typeof tidy> {
    return tidy(this.model, ...rest);
  }

  /** See `glance`. */
  glance(...rest: Rest<typeof glance>): ReturnType<typeof glance> {
    return glance(this.model, ...rest);
  }

  /** See `augment`. */
  augment(...rest: Rest<typeof augment>): ReturnType<typeof augment> {
    return augment(this.model, ...rest);
  }
}

/** The fit with its functions as methods. */
export function asObject(model: LinearMixedModel): FittedModel {
  return new FittedModel(model);
}
