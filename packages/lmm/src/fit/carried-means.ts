import { cholesky, solveLowerInPlace, solveLowerTransposeInPlace } from "@lmmkit/dense";
import type { Design } from "../design/design";
import type { Template } from "../design/template";
import type { PlsWorkspace } from "../pls/workspace";
import { type Coordinates, gram } from "./coordinates";

/** A column more of which than this share lies in the span of X has its mean there. */
const IN_SPAN = 0.9;
/** What the start keeps of the covariance matrix found. */
const KEPT = 0.1;

/** Whether a term is vector-valued, and has a column that X has not by that name. */
function mayCarry(fixedNames: readonly string[], template: Template, columns: readonly string[]): boolean {
  return template.structure === "us" && template.k > 1 && !columns.every((name) => fixedNames.includes(name));
}

/** Whether `carriedMeans` may have anything to say. */
export function lacksColumns({ fixedNames, terms }: Design): boolean {
  return terms.some(({ template, columns }) => mayCarry(fixedNames, template, columns));
}

/**
 * Starts for a vector-valued term that has to carry means which X leaves out: `y ~ 0 + x + (x | g)` for a response far
 * from zero. The effects then scatter about zero only as far as their means μ allow, and there is a minimum near
 * Σ = μμ'/σ² of rank one, which has the sign of μ_aμ_b; from one with the other sign, or with all effects free, it is
 * out of sight. μ is found by least squares: y on X and on the columns that X lacks.
 *
 * @param workspace standing at the minimum found; not changed
 * @param phi that minimum
 * @returns φ, one or two for each such term; none for almost every model
 * Cost: p·q multiplications, for models only in which X lacks a column of that name.
 */
export function carriedMeans(
  { design, products, basis, p, pwrss }: PlsWorkspace,
  { maps }: Coordinates,
  phi: Float64Array,
): Float64Array[] {
  const { q, factors, terms, fixedNames } = design;
  return terms.flatMap(({ template, factor, columnStart, columns, thetaStart }) => {
    const { k, rows, cols } = template;
    if (!mayCarry(fixedNames, template, columns)) return [];
    const { start, ncols: K, levels } = factors[factor];
    const whole = gram(design, products, factor);
    // The sums over all levels: x_c'[Q, y], and their products x_c'x_d, in the coordinates of φ.
    const map = (c: number) => maps[factor].subarray((columnStart + c) * K, (columnStart + c + 1) * K);
    const onFixed = new Float64Array(k * (p + 1));
    for (let c = 0; c < k; c++) {
      for (let j = 0; j <= p; j++) {
        const from = j < p ? basis.ztq : products.zty;
        const at = (j < p ? j * q : 0) + start;
        for (let l = 0; l < levels.length; l++) {
          for (let a = 0; a < K; a++) onFixed[j * k + c] += map(c)[a] * from[at + l * K + a];
        }
      }
    }
    const product = (c: number, d: number): number => {
      let sum = 0;
      for (let a = 0; a < K; a++) for (let b = 0; b < K; b++) sum += map(c)[a] * whole[b * K + a] * map(d)[b];
      return sum;
    };
    const outside = (c: number, d: number): number => {
      let sum = product(c, d);
      for (let j = 0; j < p; j++) sum -= onFixed[j * k + c] * onFixed[j * k + d];
      return sum;
    };
    const missing = columns.map((_, c) => c).filter((c) => outside(c, c) > (1 - IN_SPAN) * product(c, c));
    const m = missing.length;
    if (m === 0) return [];
    const left = new Float64Array(m * m);
    const means = new Float64Array(m);
    missing.forEach((c, i) => {
      means[i] = onFixed[p * k + c];
      for (let j = 0; j < p; j++) means[i] -= onFixed[j * k + c] * basis.qty[j];
      missing.forEach((d, j) => {
        left[j * m + i] = outside(c, d) * (i === j ? 1 + 1e-10 : 1);
      });
    });
    const solved = cholesky(left, m);
    if (solved.status !== "ok") return [];
    solveLowerInPlace(means, solved.factor, m);
    solveLowerTransposeInPlace(means, solved.factor, m);
    const sigma = Math.sqrt(pwrss / products.nobs);
    const found = new Float64Array(k * k);
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < rows.length; j++) {
        if (cols[i] === cols[j]) found[rows[j] * k + rows[i]] += phi[thetaStart + i] * phi[thetaStart + j];
      }
    }
    // Effects whose mean X has may go along, with either sign.
    let largest = 0;
    for (const mean of means) largest = Math.max(largest, Math.abs(mean) / sigma);
    const signs = m === k ? [1] : [1, -1];
    return signs.flatMap((sign) => {
      const along = new Float64Array(k).fill(sign * largest);
      missing.forEach((c, i) => {
        along[c] = means[i] / sigma;
      });
      const covariance = found.map((value, at) => KEPT * value + along[at % k] * along[Math.floor(at / k)]);
      for (let c = 0; c < k; c++) covariance[c * k + c] += KEPT;
      const root = cholesky(covariance, k);
      if (root.status !== "ok") return [];
      const trial = phi.slice();
      for (let i = 0; i < rows.length; i++) trial[thetaStart + i] = root.factor[cols[i] * k + rows[i]];
      return trial.every(Number.isFinite) ? [trial] : [];
    });
  });
}
