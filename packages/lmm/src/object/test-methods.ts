import { add1 } from "../inference/add-terms";
import type { AnovaOptions, AnovaTable } from "../inference/anova";
import { anova } from "../inference/anova";
import { coefTests } from "../inference/coef-tests";
import { contest, contrastTests } from "../inference/contest";
import { contrast, interactionContrast } from "../inference/contrast";
import { drop1 } from "../inference/drop-terms";
import { emmeans, emtrends, pairwise } from "../inference/emmeans";
import { ranova } from "../inference/ranova";
import { restrictedLrt } from "../inference/restricted-lrt";
import { step } from "../inference/step";
import { EstimateMethods } from "./estimate-methods";
import type { Rest } from "./rest";

/** Tests of effects and terms, and marginal means, as methods. */
export class TestMethods extends EstimateMethods {
  /** The analysis of variance of the fixed effects; see `anova`. */
  anova(options?: AnovaOptions): AnovaTable {
    return anova(this.model, options);
  }

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
}
