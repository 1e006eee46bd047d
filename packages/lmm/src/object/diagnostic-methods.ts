import { homoscedasticity, normality } from "../diagnostics/assumptions";
import { hatvalues } from "../diagnostics/hatvalues";
import { rePCA } from "../diagnostics/re-pca";
import { cooksDistance, residuals, rstudent } from "../diagnostics/residuals";
import { simulationResiduals } from "../diagnostics/simulation-residuals";
import { icc, r2 } from "../diagnostics/variance-explained";
import { fixedCondition, vif } from "../diagnostics/vif";
import { influence } from "../influence/influence";
import type { Rest } from "./rest";
import { TestMethods } from "./test-methods";

/** Residuals, influence and checks of what the model assumes, as methods. */
export class DiagnosticMethods extends TestMethods {
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
}
