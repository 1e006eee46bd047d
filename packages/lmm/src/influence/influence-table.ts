import { cholesky, solveLowerInPlace } from "@lmmkit/dense";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { DeletionOutcome, DeletionStatus, InfluenceRefit } from "./deletion-outcomes";
import type { DeletionSets } from "./deletion-sets";
import type { Influence } from "./influence";

/** The tables of the result, filled row by row. */
export class InfluenceTable {
  private readonly status: DeletionStatus[];
  private readonly out: Omit<Influence, "status" | "by" | "refit" | "fixedNames" | "thetaNames" | "labels">;
  private readonly vcovRoot: Float64Array | null;

  constructor(
    private readonly model: LinearMixedModel,
    private readonly sets: DeletionSets,
    private readonly refit: InfluenceRefit,
  ) {
    const d = sets.labels.length;
    const p = model.beta.length;
    const numbers = (columns: number) => new Float64Array(d * columns).fill(Number.NaN);
    this.status = new Array<DeletionStatus>(d).fill("failed");
    this.out = {
      nrows: Int32Array.from({ length: d }, (_, s) => sets.ptr[s + 1] - sets.ptr[s]),
      beta: numbers(p),
      sigma: numbers(1),
      theta: numbers(model.theta.length),
      criterion: numbers(1),
      dfbeta: numbers(p),
      dfbetas: numbers(p),
      cooksDistance: numbers(1),
      covRatio: numbers(1),
    };
    const result = cholesky(model.vcov, p);
    this.vcovRoot = result.status === "ok" ? result.factor : null;
  }

  set(s: number, outcome: DeletionOutcome): void {
    const { model, out } = this;
    const d = this.sets.labels.length;
    const p = model.beta.length;
    this.status[s] = outcome.status;
    out.sigma[s] = outcome.sigma;
    out.criterion[s] = outcome.criterion;
    for (let i = 0; i < outcome.theta.length; i++) out.theta[i * d + s] = outcome.theta[i];
    const change = new Float64Array(p);
    for (let j = 0; j < p; j++) {
      change[j] = outcome.beta[j] - model.beta[j];
      out.beta[j * d + s] = outcome.beta[j];
      out.dfbeta[j * d + s] = change[j];
      out.dfbetas[j * d + s] = change[j] / outcome.stdErrors[j];
    }
    if (p === 0 || this.vcovRoot === null) return;
    out.covRatio[s] = Math.exp(outcome.logCovRatio);
    solveLowerInPlace(change, this.vcovRoot, p);
    let sum = 0;
    for (const value of change) sum += value * value;
    out.cooksDistance[s] = sum / p;
  }

  result(): Influence {
    const { model, sets, refit, status, out } = this;
    return {
      by: sets.name,
      refit,
      fixedNames: model.fixedNames,
      thetaNames: model.thetaNames,
      labels: sets.labels,
      ...out,
      status,
    };
  }
}
