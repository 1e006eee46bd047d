import type { DesignTerm } from "../design/design";
import type { PlsWorkspace } from "../pls/workspace";
import { gram } from "./coordinates";

/** A column less of which than this, squared, lies outside the span of X is in it. */
const EXPLAINED = 1e-10;

/** Columns of a term whose random effects the fixed effects explain. */
export interface ExplainedEffects {
  readonly term: DesignTerm;
  /** Positions among the term's columns. */
  readonly columns: readonly number[];
}

/**
 * Random effects that the fixed effects explain: every column of Z that belongs to them lies in the span of X, as in
 * `y ~ f + (1 | g)` where f determines g. The REML criterion does not depend on their variance, for they are absent
 * from every contrast of the response that is free of β; ML estimates it as zero.
 *
 * Column c of a term is explained when Σ_l ‖(I − QQ')z_lc‖² = v'(Z̃'Z̃ − Z̃'QQ'Z̃)v ≈ 0, summed over the levels l, with
 * v = Se_c its coordinates in the shifted columns. Sums cancel to rounding error only as far as each shifted column is
 * in the span of X itself, so the smallest part of v sets the measure.
 *
 * @param workspace not changed
 * @returns terms concerned, none for almost every model
 * Cost: K·p·q.
 */
export function explainedEffects({ design, products, basis, p }: PlsWorkspace): ExplainedEffects[] {
  const { q, factors, terms } = design;
  const found: ExplainedEffects[] = [];
  factors.forEach(({ ncols: k, start, levels }, f) => {
    const whole = gram(design, products, f);
    const outside = whole.slice();
    for (let j = 0; j < p; j++) {
      for (let l = 0; l < levels.length; l++) {
        const at = j * q + start + l * k;
        for (let b = 0; b < k; b++) {
          for (let a = 0; a < k; a++) outside[b * k + a] -= basis.ztq[at + a] * basis.ztq[at + b];
        }
      }
    }
    const shift = products.shifts.random[f];
    for (const term of terms) {
      if (term.factor !== f) continue;
      const explained = term.columns.flatMap((_, c) => {
        const v = shift.subarray((term.columnStart + c) * k, (term.columnStart + c + 1) * k);
        let rest = 0;
        let measure = Number.POSITIVE_INFINITY;
        for (let b = 0; b < k; b++) {
          if (v[b] === 0) continue;
          measure = Math.min(measure, v[b] * v[b] * whole[b * k + b]);
          for (let a = 0; a < k; a++) rest += v[a] * outside[b * k + a] * v[b];
        }
        return measure > 0 && rest <= EXPLAINED * measure ? [c] : [];
      });
      if (explained.length > 0) found.push({ term, columns: explained });
    }
  });
  return found;
}
