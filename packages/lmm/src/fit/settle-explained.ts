import { fillTemplateInto, hasEntries } from "../design/template";
import type { SingularDirection } from "../model/linear-mixed-model";
import type { PlsWorkspace } from "../pls/workspace";
import { lowerFactor } from "./coordinates";
import { explainedEffects } from "./explained-effects";

/** What is found, in words, and θ without what the data do not determine. */
export interface Settled {
  /** One sentence for each term concerned. */
  readonly unidentified: readonly string[];
  /** Variances that the restricted likelihood does not depend on are 0 here; the others are as they were. */
  readonly theta: Float64Array;
  /** Whether a zero variance is one of those that were put there: it is not estimated then. */
  readonly covers: (direction: SingularDirection) => boolean;
}

/**
 * Where REML leaves a variance undetermined (`explainedEffects`) any value is a minimum, and which one a search ends
 * at is a matter of rounding. Zero is the one that says the same as the model without these effects.
 *
 * @param theta a minimum, not changed
 * @returns null for almost every model
 */
export function settleExplained(workspace: PlsWorkspace, theta: Float64Array): Settled | null {
  const found = explainedEffects(workspace);
  if (found.length === 0) return null;
  const { factors } = workspace.design;
  const settled = theta.slice();
  const unidentified = found.map(({ term, columns }) => {
    const { template, thetaStart, factor } = term;
    const { k, rows, cols, scales, lower } = template;
    const all = columns.length === k;
    if (hasEntries(template)) {
      const matrix = new Float64Array(k * k);
      fillTemplateInto(template, theta, thetaStart, matrix, k, 0);
      for (const row of columns) for (let c = 0; c < k; c++) matrix[c * k + row] = 0;
      const triangle = template.structure === "us" ? lowerFactor(matrix, k) : matrix;
      for (let i = 0; i < rows.length; i++) settled[thetaStart + i] = triangle[cols[i] * k + rows[i]];
    } else if (all && template.custom === null) {
      // A scale of zero is a bound of every known structure.
      scales.forEach((row, i) => {
        if (row >= -1 && lower[i] === 0) settled[thetaStart + i] = 0;
      });
    }
    const which = all
      ? "its random effects"
      : `its effects of ${columns.map((c) => term.columns[c]).join(", ")}`;
    return `theta of ${factors[factor].name} is not identified: ${which} are explained by the fixed effects`;
  });
  const covers = ({ term: name, loadings }: SingularDirection): boolean =>
    found.some(
      ({ term, columns }) =>
        term.name === name &&
        (loadings?.every((value, c) => value === 0 || columns.includes(c)) ??
          columns.length === term.template.k),
    );
  return { unidentified, theta: settled, covers };
}
