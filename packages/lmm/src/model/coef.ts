import type { LinearMixedModel } from "./linear-mixed-model";
import { ranef } from "./ranef";

/** The coefficients of each level of one grouping factor. */
export interface CoefficientTable {
  readonly group: string;
  readonly levels: readonly string[];
  /** Fixed effects first, then random effects without a fixed counterpart. */
  readonly columns: readonly string[];
  /** levels × columns, column-major. */
  readonly values: Float64Array;
}

/** Fixed plus random effects of each level, as lme4's `coef`: β̂_j + b̂_lj, one table per factor. */
export function coef(model: LinearMixedModel): CoefficientTable[] {
  return ranef(model).map(({ group, levels, columns: own, values }) => {
    const columns = [...model.fixedNames, ...own.filter((name) => !model.fixedNames.includes(name))];
    const nlevels = levels.length;
    const table = new Float64Array(nlevels * columns.length);
    model.beta.forEach((estimate, j) => {
      table.fill(estimate, j * nlevels, (j + 1) * nlevels);
    });
    own.forEach((name, c) => {
      const base = columns.indexOf(name) * nlevels;
      for (let l = 0; l < nlevels; l++) table[base + l] += values[c * nlevels + l];
    });
    return { group, levels, columns, values: table };
  });
}
