import { hasEntries } from "../design/template";
import type { PlsWorkspace } from "../pls/workspace";
import type { Coordinates } from "./coordinates";

/** A column less of which than this share lies in the span of X has a mean that X cannot take up. */
const IN_SPAN = 0.9;
/** Relative standard deviations of the term that is to carry the mean, and of the others. */
const LARGE = 16;
const LITTLE = 0.1;
/** No more starts than this. */
const MOST = 6;

/**
 * Starts for models that leave a mean out of X: `y ~ 0 + (1 | g) + (1 | h)` for a response far from zero, or a slope
 * by g and by h without its fixed effect. Either term can carry the mean, which makes a minimum each; from one the
 * other is out of sight.
 *
 * A column is concerned when it stands in terms of two grouping factors and lies outside the span of X for the most
 * part: ‖Q'z‖² < 0.9 ‖z‖². Each of its terms in turn starts with a large standard deviation of that column, the
 * others with little.
 *
 * @param upright parameter i of templates that are a multiple of where searches start
 * @returns φ, one for each term and such column; none for almost every model
 * Cost: p·q multiplications.
 */
export function exchangedStarts(
  { design, products, basis, p }: PlsWorkspace,
  { maps }: Coordinates,
  upright: (i: number, scale: number) => number,
): Float64Array[] {
  const { q, factors, terms } = design;
  if (factors.length < 2) return [];
  const missing = (t: number, c: number): boolean => {
    const { factor, columnStart } = terms[t];
    const { start, ncols: k, levels } = factors[factor];
    const map = maps[factor].subarray((columnStart + c) * k, (columnStart + c + 1) * k);
    let inside = 0;
    for (let j = 0; j < p; j++) {
      let sum = 0;
      for (let l = 0; l < levels.length; l++) {
        for (let a = 0; a < k; a++) sum += map[a] * basis.ztq[j * q + start + l * k + a];
      }
      inside += sum * sum;
    }
    // Columns have mean square one.
    return inside < IN_SPAN * products.nobs;
  };
  const carriers = terms.flatMap(({ columns }, t) =>
    columns.flatMap((name, c) => {
      const elsewhere = terms.some((term) => term.factor !== terms[t].factor && term.columns.includes(name));
      return elsewhere && missing(t, c) ? [{ t, c, name }] : [];
    }),
  );
  return carriers.slice(0, MOST).map(({ t, c, name }) => {
    const others = new Set(carriers.filter((other) => other.name === name).map((other) => other.t));
    const phi = design.theta0.slice();
    terms.forEach(({ template, thetaStart }, u) => {
      if (u !== t && !others.has(u)) return;
      for (let i = 0; i < template.count; i++) {
        const entries = hasEntries(template);
        const own = !entries || (template.rows[i] === c && template.cols[i] === c);
        phi[thetaStart + i] = upright(thetaStart + i, u === t ? (own ? LARGE : 1) : LITTLE);
      }
    });
    return phi;
  });
}
