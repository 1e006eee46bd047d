import { bootstrap } from "../bootstrap/bootstrap";
import type { FormatSummaryOptions } from "../format/summary";
import { formatSummary } from "../format/summary";
import type { ComparedModels, CompareOptions } from "../inference/compare-models";
import { compareModels } from "../inference/compare-models";
import { confint } from "../intervals/confint";
import { fitted } from "../model/accessors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
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
import { DiagnosticMethods } from "./diagnostic-methods";
import type { Rest } from "./rest";

/**
 * A fit with the functions of this package as its methods: `model.confint()` is `confint(model)`, with the same
 * options and results. The fit itself is the plain value `model`.
 *
 * The functions do not know of it: a program that imports them alone carries nothing of this class.
 */
export class FittedModel extends DiagnosticMethods {
  /** The summary, as R prints it or in another format; see `formatSummary`. */
  summary(options?: FormatSummaryOptions): string {
    return formatSummary(this.model, options);
  }

  /** The summary. */
  override toString(): string {
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

  /** Likelihood-ratio tests against other fits; see `compareModels`. */
  compare(others: readonly (FittedModel | LinearMixedModel)[], options?: CompareOptions): ComparedModels {
    const models = others.map((other) => (other instanceof FittedModel ? other.model : other));
    return compareModels([this.model, ...models], options);
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

  // Prediction and tables.

  /** See `predict`. */
  predict(...rest: Rest<typeof predict>): ReturnType<typeof predict> {
    return predict(this.model, ...rest);
  }

  /** See `fitted`. */
  fitted(...rest: Rest<typeof fitted>): ReturnType<typeof fitted> {
    return fitted(this.model, ...rest);
  }

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
