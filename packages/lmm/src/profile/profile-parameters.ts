import type { Design } from "../design/design";
import { hasEntries, type Template } from "../design/template";
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
  const { design } = model;
  const targets: ProfileTarget[] = [];
  design.terms.forEach(({ name, factor }, t) => {
    const group = design.factors[factor].name;
    for (const target of termTargets(design, t)) {
      // A column that is in two terms of one factor.
      const taken = targets.some((other) => other.name === target.name);
      targets.push(taken ? { ...target, name: target.name.slice(0, -group.length) + name } : target);
    }
  });
  targets.push({ kind: "sigma", name: "sigma", term: -1, columns: [] });
  model.fixedNames.forEach((name, j) => {
    targets.push({ kind: "fixed", name, term: -1, columns: [j] });
  });
  return targets;
}

function termTargets(design: Design, term: number): ProfileTarget[] {
  const { columns, template, factor } = design.terms[term];
  const { name } = design.factors[factor];
  const deviation = (a: number): ProfileTarget => ({
    kind: "stdDev",
    name: `sd_${columns[a]}|${name}`,
    term,
    columns: [a],
  });
  const correlation = (a: number, b: number): ProfileTarget => ({
    kind: "correlation",
    name: `cor_${columns[b]}.${columns[a]}|${name}`,
    term,
    columns: [a, b],
  });
  if (!hasEntries(template)) return structuredTargets(template, deviation, correlation);
  const { rows, cols } = template;
  return Array.from(rows, (row, i) => (row === cols[i] ? deviation(row) : correlation(cols[i], row)));
}

/**
 * Of a known structure as many as it has parameters: one standard deviation where all are equal, the correlation of
 * the first two columns where it has one; of the user's own all there could be.
 */
function structuredTargets(
  template: Template,
  deviation: (a: number) => ProfileTarget,
  correlation: (a: number, b: number) => ProfileTarget,
): ProfileTarget[] {
  const { k, custom, scales } = template;
  const equal = custom === null && scales.every((scale) => scale < 0);
  const targets = Array.from({ length: equal ? 1 : k }, (_, a) => deviation(a));
  if (custom === null) {
    if (template.count > targets.length) targets.push(correlation(0, 1));
    return targets;
  }
  for (let a = 0; a < k; a++) for (let b = a + 1; b < k; b++) targets.push(correlation(a, b));
  return targets;
}
