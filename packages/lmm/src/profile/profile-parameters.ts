import type { Design } from "../design/design";
import type { LinearMixedModel } from "../model/linear-mixed-model";

/** What a profiled parameter is. */
export type ProfileKind = "stdDev" | "correlation" | "sigma" | "fixed";

/** One parameter that can be profiled. */
export interface ProfileTarget {
  readonly kind: ProfileKind;
  /** As lme4's `confint(oldNames = FALSE)` has it: `sd_Days|Subject`, `cor_Days.(Intercept)|Subject`, `sigma`, `Days`. */
  readonly name: string;
  /** Position of the term, −1 for σ and fixed effects. */
  readonly term: number;
  /** Position of the column, or of the two that are correlated (earlier first); the fixed effect's position. */
  readonly columns: readonly number[];
}

/**
 * The parameters in lme4's order: of each term the standard deviations and correlations by columns of the lower
 * triangle, then σ, then the fixed effects.
 */
export function profileTargets(model: Pick<LinearMixedModel, "design" | "fixedNames">): ProfileTarget[] {
  const targets = model.design.terms.flatMap((_, t) => termTargets(model.design, t));
  targets.push({ kind: "sigma", name: "sigma", term: -1, columns: [] });
  model.fixedNames.forEach((name, j) => {
    targets.push({ kind: "fixed", name, term: -1, columns: [j] });
  });
  return targets;
}

function termTargets(design: Design, term: number): ProfileTarget[] {
  const { columns, template, factor } = design.terms[term];
  const name = design.factors[factor].name;
  const { rows, cols } = template;
  return Array.from(rows, (row, i): ProfileTarget => {
    const col = cols[i];
    return row === col
      ? { kind: "stdDev", name: `sd_${columns[row]}|${name}`, term, columns: [row] }
      : {
          kind: "correlation",
          name: `cor_${columns[row]}.${columns[col]}|${name}`,
          term,
          columns: [col, row],
        };
  });
}
