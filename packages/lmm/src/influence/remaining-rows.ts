import { cholesky } from "@lmmkit/dense";
import { RowReader } from "../diagnostics/row-reader";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { workspaceOf } from "../model/workspace-of";

/** A pivot of X'X without the rows, as a share of what it was, below which a column is lost. */
const LOST = 1e-10;

/**
 * What of the design is left without some rows: for naming deletions that leave no model.
 */
export class RemainingRows {
  private readonly model: LinearMixedModel;
  private readonly reader: RowReader;
  /** Rows of positive weight of each level of each factor. */
  private readonly counts: readonly Int32Array[];

  constructor(model: LinearMixedModel) {
    this.model = model;
    this.reader = new RowReader(workspaceOf(model), model.frame);
    this.counts = model.design.factors.map(({ levels }, f) => {
      const own = new Int32Array(levels.length);
      for (let r = 0; r < model.frame.nobs; r++) {
        if (model.weights === null || model.weights[r] > 0) own[this.reader.level(f, r)]++;
      }
      return own;
    });
  }

  /** Names of the factors that one level, or none, is left of. */
  factorsOfOneLevel(rows: Int32Array): string[] {
    const { factors } = this.model.design;
    return factors.flatMap(({ name, levels }, f) => {
      // A few rows cannot empty many levels.
      if (levels.length - 1 > rows.length) return [];
      const left = this.counts[f].slice();
      for (const r of rows) left[this.reader.level(f, r)]--;
      return left.filter((count) => count > 0).length < 2 ? [name] : [];
    });
  }

  /**
   * Whether the columns of X depend on each other without the rows: I − Q_S'Q_S, with Q an orthonormal basis of
   * X, is singular.
   *
   * Cost: rows·p² + p³/3.
   */
  losesRank(rows: Int32Array): boolean {
    const { p } = workspaceOf(this.model);
    const { weights } = this.model;
    const rest = new Float64Array(p * p);
    for (let j = 0; j < p; j++) rest[j * p + j] = 1;
    const row = new Float64Array(p);
    for (const r of rows) {
      this.reader.fixedBasisInto(r, 1, row);
      const weight = weights === null ? 1 : weights[r];
      for (let j = 0; j < p; j++) {
        for (let i = 0; i < p; i++) rest[j * p + i] -= weight * row[i] * row[j];
      }
    }
    const result = cholesky(rest, p);
    if (result.status !== "ok") return true;
    for (let j = 0; j < p; j++) if (result.factor[j * p + j] ** 2 < LOST) return true;
    return false;
  }
}
