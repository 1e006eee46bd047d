import { hasEntries } from "../design/template";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { profiledInformation, type VarianceCone } from "./chi-bar-square";
import { expectedInformation } from "./expected-information";
import { varianceInformation } from "./variance-information";

/** What a smaller model's random effects are within a larger one's: a cone of directions, or why none is known. */
export type CovarianceHypothesis =
  | { readonly cone: VarianceCone; readonly reason: null }
  | { readonly cone: null; readonly reason: string };

/** Where the entries of one larger term's covariance matrix stand under the hypothesis. */
interface TermPlace {
  /** Per column of the term, the smaller model's term that has it; −1 where it has variance zero. */
  readonly from: readonly number[];
  /** Same columns and structure in both models: nothing of the term is tested. */
  readonly same: boolean;
}

/**
 * The tangent cone of the larger model's covariance matrices at the smaller model's.
 *
 * Columns that the smaller model lacks have variance zero there: their covariance matrix is a semidefinite block
 * (single variances in a `diag` term), their covariances with the other columns are free, as are covariances that
 * the smaller model holds at zero between columns that it has. The metric is the expected information of all these
 * at the smaller model's estimates, with everything else profiled out.
 *
 * @param smaller null: no random effects
 * @param extraFixed fixed effects that the larger model has more, free directions independent of the others
 * Source: Self & Liang (1987), J. Am. Stat. Assoc. 82; Stram & Lee (1994), Biometrics 50.
 */
export function covarianceHypothesis(
  smaller: LinearMixedModel | null,
  larger: LinearMixedModel,
  extraFixed = 0,
): CovarianceHypothesis {
  if (smaller?.singular === true) {
    return { cone: null, reason: "the smaller model has variance parameters on a boundary itself" };
  }
  const places = placesOf(smaller, larger);
  if (typeof places === "string") return { cone: null, reason: places };
  const blocks: number[] = [];
  larger.design.terms.forEach(({ template }, t) => {
    if (places[t].same) return;
    const zero = places[t].from.filter((from) => from < 0).length;
    if (zero === 0) return;
    if (template.structure === "diag") for (let i = 0; i < zero; i++) blocks.push(1);
    else blocks.push(zero);
  });
  const parameters = larger.theta.length - (smaller?.theta.length ?? 0);
  const free = parameters - blocks.reduce((sum, m) => sum + (m * (m + 1)) / 2, 0);
  if (free < 0) return { cone: null, reason: "the smaller model has covariances that the larger one lacks" };
  // With one variance at most the weights do not depend on the metric.
  if (blocks.length === 0 || (blocks.length === 1 && blocks[0] === 1)) {
    return { cone: { free: free + extraFixed, blocks, information: null }, reason: null };
  }
  const information = metricOf(smaller, larger, places);
  return {
    cone: { free: free + extraFixed, blocks, information: beside(information, extraFixed) },
    reason: null,
  };
}

/** A block-diagonal matrix of an identity and the given one. */
function beside(matrix: Float64Array, count: number): Float64Array {
  if (count === 0) return matrix;
  const n = Math.sqrt(matrix.length);
  const d = n + count;
  const out = new Float64Array(d * d);
  for (let i = 0; i < count; i++) out[i * d + i] = 1;
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++) out[(j + count) * d + i + count] = matrix[j * n + i];
  return out;
}

function placesOf(smaller: LinearMixedModel | null, larger: LinearMixedModel): TermPlace[] | string {
  const places = larger.design.terms.map(({ columns }) => ({
    from: new Array<number>(columns.length).fill(-1),
    same: false,
  }));
  const covered = (term: LinearMixedModel["terms"][number], t: number) =>
    larger.terms[t].group === term.group &&
    larger.terms[t].levels.length === term.levels.length &&
    term.columns.every((name) => larger.terms[t].columns.includes(name));
  for (const [s, term] of (smaller?.terms ?? []).entries()) {
    const structure = smaller?.design.terms[s].template.structure;
    const candidates = larger.terms.flatMap((_, t) => (covered(term, t) ? [t] : []));
    const exact = candidates.find(
      (t) =>
        larger.terms[t].columns.length === term.columns.length &&
        larger.design.terms[t].template.structure === structure,
    );
    const at = exact ?? candidates[0];
    if (at === undefined)
      return `${larger.formula} has no term with the columns of ${term.name} in ${term.group}`;
    const place = places[at];
    const own = larger.terms[at].columns;
    if (term.columns.some((name) => place.from[own.indexOf(name)] >= 0)) {
      return `two terms of the smaller model share columns of ${larger.terms[at].name}`;
    }
    term.columns.forEach((name) => {
      place.from[own.indexOf(name)] = s;
    });
    if (exact !== undefined) place.same = true;
    else if (structure !== "us" && structure !== "diag")
      return `the structure ${structure} is no special case at hand`;
  }
  for (const [t, { template }] of larger.design.terms.entries()) {
    if (!places[t].same && !hasEntries(template))
      return `no boundary is known of the structure ${template.structure}`;
  }
  return places;
}

/** The information of what is tested, free directions first, then blocks by columns of their lower triangles. */
function metricOf(
  smaller: LinearMixedModel | null,
  larger: LinearMixedModel,
  places: readonly TermPlace[],
): Float64Array {
  const theta = embeddedTheta(smaller, larger, places);
  const information = varianceInformation({ ...larger, theta });
  const { elements, jacobian } = information.covariance;
  const expected = expectedInformation(information, larger.method, larger.nobs);
  const n = elements.length + 1;
  const count = theta.length;
  const nuisance: Float64Array[] = [unit(n, 0)];
  const free: Float64Array[] = [];
  const cone: { readonly term: number; readonly direction: Float64Array }[] = [];
  larger.design.terms.forEach(({ columnStart, template, thetaStart }, t) => {
    const { from, same } = places[t];
    if (same) {
      // Directions in which the term's own parameters move its covariance matrix.
      for (let i = 0; i < template.count; i++) {
        const direction = new Float64Array(n);
        elements.forEach(({ term }, k) => {
          if (term === t) direction[k + 1] = jacobian[k * count + thetaStart + i];
        });
        nuisance.push(direction);
      }
      return;
    }
    elements.forEach(({ term, row, col }, k) => {
      if (term !== t) return;
      const [a, b] = [from[row - columnStart], from[col - columnStart]];
      const known =
        a >= 0 && a === b && (row === col || smaller?.design.terms[a].template.structure === "us");
      if (known) nuisance.push(unit(n, k + 1));
      else if (a < 0 && b < 0) cone.push({ term: t, direction: unit(n, k + 1) });
      else free.push(unit(n, k + 1));
    });
  });
  const all = [...nuisance, ...free, ...cone.map(({ direction }) => direction)];
  const d = all.length;
  const form = new Float64Array(d * d);
  all.forEach((x, i) => {
    all.forEach((y, j) => {
      let sum = 0;
      for (let l = 0; l < n; l++) {
        if (y[l] === 0) continue;
        for (let k = 0; k < n; k++) sum += x[k] * expected[l * n + k] * y[l];
      }
      form[j * d + i] = sum;
    });
  });
  const positions = all.map((_, i) => i);
  return profiledInformation(form, d, positions.slice(0, nuisance.length), positions.slice(nuisance.length));
}

function unit(n: number, at: number): Float64Array {
  const out = new Float64Array(n);
  out[at] = 1;
  return out;
}

/** θ of the larger model at which it is the smaller one. */
function embeddedTheta(
  smaller: LinearMixedModel | null,
  larger: LinearMixedModel,
  places: readonly TermPlace[],
): Float64Array {
  const theta = new Float64Array(larger.theta.length);
  larger.design.terms.forEach(({ template, thetaStart, columns }, t) => {
    const { from, same } = places[t];
    if (smaller === null) return;
    if (same) {
      const { thetaStart: start } = smaller.design.terms[from[0]];
      for (let i = 0; i < template.count; i++) theta[thetaStart + i] = smaller.theta[start + i];
      return;
    }
    const { k } = template;
    const sigma = new Float64Array(k * k);
    for (let b = 0; b < k; b++) {
      for (let a = 0; a < k; a++) {
        if (from[a] < 0 || from[a] !== from[b]) continue;
        const { template: root, columns: names } = smaller.terms[from[a]];
        const [i, j] = [names.indexOf(columns[a]), names.indexOf(columns[b])];
        const size = names.length;
        for (let m = 0; m < size; m++) sigma[b * k + a] += root[m * size + i] * root[m * size + j];
      }
    }
    const lower = semidefiniteRoot(sigma, k);
    for (let i = 0; i < template.count; i++) {
      theta[thetaStart + i] = lower[template.cols[i] * k + template.rows[i]];
    }
  });
  return theta;
}

/** The lower Cholesky factor of a positive semidefinite matrix, zero columns where it is singular. */
function semidefiniteRoot(matrix: Float64Array, n: number): Float64Array {
  const root = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    let square = matrix[j * n + j];
    for (let m = 0; m < j; m++) square -= root[m * n + j] ** 2;
    if (!(square > 1e-14 * matrix[j * n + j])) continue;
    const own = Math.sqrt(square);
    root[j * n + j] = own;
    for (let i = j + 1; i < n; i++) {
      let sum = matrix[j * n + i];
      for (let m = 0; m < j; m++) sum -= root[m * n + i] * root[m * n + j];
      root[j * n + i] = sum / own;
    }
  }
  return root;
}
