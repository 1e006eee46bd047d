import { LmmError } from "../errors";
import { InferenceError } from "../inference/inference-error";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { type DeletionStatus, type InfluenceRefit, outcomes } from "./deletion-outcomes";
import { type DeletionUnit, deletionSets } from "./deletion-sets";
import { InfluenceTable } from "./influence-table";

/** How deletions are made. */
export interface InfluenceOptions {
  /** Default `observation`. */
  readonly by?: DeletionUnit;
  /** Default `fixed-theta`: exact at θ̂, nothing is iterated. `full` finds θ again for each deletion. */
  readonly refit?: InfluenceRefit;
  readonly signal?: AbortSignal;
  /** Called now and then. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How the fit changes without each set of rows; D sets, p fixed effects, m parameters in θ. */
export interface Influence {
  /** `observation`, or the name of the factor. */
  readonly by: string;
  readonly refit: InfluenceRefit;
  readonly fixedNames: readonly string[];
  readonly thetaNames: readonly string[];
  /** Level, label, or number of the row in the table (from 1), D of them. */
  readonly labels: readonly string[];
  /** Rows deleted. */
  readonly nrows: Int32Array;
  readonly status: readonly DeletionStatus[];
  /** β̂ without the rows, D×p, column-major. */
  readonly beta: Float64Array;
  /** σ̂ without the rows. */
  readonly sigma: Float64Array;
  /** θ̂ without the rows, D×m, column-major; that of the whole with `fixed-theta`. */
  readonly theta: Float64Array;
  /** The criterion of what is left. */
  readonly criterion: Float64Array;
  /** β̂ without the rows less β̂, D×p, column-major. */
  readonly dfbeta: Float64Array;
  /** That over the standard errors without the rows. */
  readonly dfbetas: Float64Array;
  /** (β̂ − β̂₍₎)' vcov⁻¹ (β̂ − β̂₍₎)/p, vcov of the whole. */
  readonly cooksDistance: Float64Array;
  /** |vcov₍₎|/|vcov|. */
  readonly covRatio: Float64Array;
}

/**
 * What happens to the fit when single rows, or all rows of a level, are left out.
 *
 * With `fixed-theta` every deletion is exact at θ̂ and costs next to nothing: residuals, hat values and the inverse
 * subset say it all (see `deleteRows`), or, where that would be more work, the cross-products of the rows are
 * subtracted and the criterion evaluated once. With `full` they are subtracted and θ is found again, from θ̂ on.
 *
 * @throws InferenceError for an unknown unit, LmmError `aborted`, `too-large`
 * Source: Cook (1977), Technometrics 19(1); Belsley, Kuh & Welsch (1980), Regression Diagnostics, ch. 2;
 * Christensen, Pearson & Johnson (1992), Technometrics 34(1); Demidenko & Stukel (2005), Statistics in Medicine 24.
 */
export function influence(model: LinearMixedModel, options: InfluenceOptions = {}): Influence {
  const { refit = "fixed-theta", signal, onProgress } = options;
  if (refit !== "fixed-theta" && refit !== "full") {
    throw new InferenceError(
      "unknown-option",
      `unknown refit: ${JSON.stringify(refit)}`,
      refit,
      'choose "fixed-theta" or "full"',
    );
  }
  const sets = deletionSets(model, options.by ?? "observation");
  const outcomeOf = outcomes(model, sets, refit, signal);
  const table = new InfluenceTable(model, sets, refit);
  const total = sets.labels.length;
  const step = refit === "full" ? 1 : Math.max(1, Math.ceil(total / 50));
  for (let s = 0; s < total; s++) {
    if (signal?.aborted === true) {
      throw new LmmError("aborted", "aborted influence", signal.reason, "the signal was aborted");
    }
    table.set(s, outcomeOf(s));
    if ((s + 1) % step === 0 || s + 1 === total) onProgress?.(s + 1, total);
  }
  return table.result();
}
