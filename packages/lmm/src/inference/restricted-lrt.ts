import { pivotedQr, triangleOfQr } from "@lmmkit/dense";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { RandomStream } from "../random/random-stream";
import { denseFixed } from "./dense-fixed";
import { InferenceError } from "./inference-error";
import { fitLike, fixedOnlyCriterion, randomText, withRandomTerms } from "./submodels";
import { symmetricEigenvaluesInPlace } from "./symmetric-eigenvalues";

/** What `restrictedLrt` is told. */
export interface RestrictedLrtOptions {
  /** Name of the term as in `varCorr`; may be left out when there is one. */
  readonly term?: string;
  /** Simulated values of the statistic under the hypothesis; default 10,000. */
  readonly nsim?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** The test of one variance component by its simulated null distribution. */
export interface RestrictedLrt {
  readonly term: string;
  /** Twice the difference in restricted log-likelihood between the fits with and without the term. */
  readonly statistic: number;
  /** Share of simulated statistics that are as large. */
  readonly pValue: number;
  /** Monte-Carlo standard error of the p-value. */
  readonly stdError: number;
  /** Share of simulated statistics that are zero: the finite-sample weight in the place of ½. */
  readonly massAtZero: number;
  readonly nsim: number;
  readonly seed: number;
  /**
   * `exact`: the term is the only one, and the null distribution is exact but for simulation. `approximate`: it is
   * that of the model with this term alone, the others taken as known.
   */
  readonly distribution: "exact" | "approximate";
}

/** Levels beyond which the eigenvalues (4/3 q³) are refused. */
const MOST_LEVELS = 2000;
/** Shares of eigenvalues that count as equal, and as zero. */
const EQUAL = 1e-9;
const ZERO = 1e-10;
/** Where the profile is looked at first: λ·(largest eigenvalue), and the steps of the search that follows. */
const GRID = Float64Array.from({ length: 81 }, (_, i) => 10 ** (-5 + i / 8));
const SEARCH = 40;

/**
 * The restricted likelihood-ratio test of one scalar variance component, `(1 | g)` or `(0 + x | g)`, against zero,
 * with the finite-sample null distribution instead of ½χ²_0 + ½χ²_1.
 *
 * With μ_s the eigenvalues of Z'P_0Z (P_0 the projection off X, rows weighted), K of them, w_s independent standard
 * normal and U = Σw_s² + χ²_{n−p−K}, the statistic is distributed as
 * sup_λ {(n − p) log(U / (Σw_s²/(1 + λμ_s) + χ²_{n−p−K})) − Σ log(1 + λμ_s)}: it depends on the design alone.
 *
 * With several random terms the null distribution is that of the model with this term alone, and the statistic is
 * from fits of all terms: an approximation that Greven, Crainiceanu, Küchenhoff & Peters (2008) found good.
 *
 * @throws InferenceError `unknown-term`, `unsupported-design` for a term of several columns, `too-large` beyond
 *   2,000 levels
 * Cost: 4/3 q³ for q levels, then nsim searches over the distinct eigenvalues.
 * Source: Crainiceanu & Ruppert (2004), J. R. Stat. Soc. B 66(1), theorem 1 and section 4.
 */
export function restrictedLrt(model: LinearMixedModel, options: RestrictedLrtOptions = {}): RestrictedLrt {
  const { nsim = 10_000, seed = 1 } = options;
  if (!(Number.isInteger(nsim) && nsim > 0 && nsim <= 1e7)) {
    throw new InferenceError("unknown-option", `invalid nsim: ${nsim}`, nsim, "give a number of simulations");
  }
  const t = positionOf(model, options.term);
  const { name, frameIndex } = model.design.terms[t];
  const { frame } = model;
  const term = frame.random[frameIndex];
  if (term.design.columns.length !== 1) {
    throw new InferenceError(
      "unsupported-design",
      `several columns: ${randomText(term)}`,
      name,
      "the test is of a single variance; ranova and bootstrapTest test several",
    );
  }
  const q = term.group.levels.length;
  if (q > MOST_LEVELS) {
    throw new InferenceError(
      "too-large",
      `too many levels: ${q} of ${term.group.name}`,
      q,
      `up to ${MOST_LEVELS}; with so many the mixture of ranova's boundary column is near`,
    );
  }
  const full = model.method === "REML" ? model : fitLike(model, frame, "REML");
  const others = frame.random.filter((_, i) => i !== frameIndex);
  const without =
    others.length === 0
      ? fixedOnlyCriterion(frame, "REML")
      : fitLike(model, withRandomTerms(frame, others), "REML").criterion;
  const statistic = Math.max(0, without - full.criterion);
  const { values, counts } = distinctValues(projectedEigenvalues(model, frameIndex));
  const residual = model.nobs - model.beta.length;
  const simulated = simulateStatistics(values, counts, residual, nsim, seed);
  let atLeast = 0;
  let zeros = 0;
  for (const value of simulated) {
    if (value >= statistic) atLeast++;
    if (value <= 0) zeros++;
  }
  // A statistic of zero is reached by every simulated one.
  const pValue = atLeast / nsim;
  return {
    term: name,
    statistic,
    pValue,
    stdError: Math.sqrt((pValue * (1 - pValue)) / nsim),
    massAtZero: zeros / nsim,
    nsim,
    seed,
    distribution: others.length === 0 ? "exact" : "approximate",
  };
}

function positionOf(model: LinearMixedModel, name: string | undefined): number {
  const names = model.design.terms.map((term) => term.name);
  if (name === undefined && names.length === 1) return 0;
  const at = names.indexOf(name ?? "");
  if (at >= 0) return at;
  throw new InferenceError(
    "unknown-term",
    `unknown term: ${JSON.stringify(name)}`,
    name,
    `the random terms are ${names.join(", ")}`,
  );
}

/** Eigenvalues of Z'WZ − Z'WX(X'WX)⁻¹X'WZ for one scalar term. */
function projectedEigenvalues(model: LinearMixedModel, frameIndex: number): Float64Array {
  const { frame } = model;
  const { nobs, weights } = frame;
  const { design, group } = frame.random[frameIndex];
  const p = model.beta.length;
  const q = group.levels.length;
  const z = new Float64Array(nobs);
  const [column] = design.columns;
  if (column.kind === "constant") z.fill(column.value);
  else if (column.kind === "dense") z.set(column.values);
  else for (let i = 0; i < column.rows.length; i++) z[column.rows[i]] = column.values[i];
  const x = denseFixed(model);
  if (weights !== null) {
    for (let r = 0; r < nobs; r++) {
      const root = Math.sqrt(weights[r]);
      z[r] *= root;
      for (let j = 0; j < p; j++) x[j * nobs + r] *= root;
    }
  }
  const cross = new Float64Array(q * p);
  const matrix = new Float64Array(q * q);
  for (let r = 0; r < nobs; r++) {
    const level = group.codes[r];
    matrix[level * q + level] += z[r] * z[r];
    for (let j = 0; j < p; j++) cross[j * q + level] += z[r] * x[j * nobs + r];
  }
  // Rows of R⁻'X'WZ, one after another.
  const triangle = triangleOfQr(pivotedQr(x, nobs, p, 0));
  for (let j = 0; j < p; j++) {
    const own = cross.subarray(j * q, (j + 1) * q);
    for (let m = 0; m < j; m++) {
      const factor = triangle[j * p + m];
      for (let l = 0; l < q; l++) own[l] -= factor * cross[m * q + l];
    }
    for (let l = 0; l < q; l++) own[l] /= triangle[j * p + j];
    for (let b = 0; b < q; b++) {
      const factor = own[b];
      if (factor !== 0) for (let a = 0; a < q; a++) matrix[b * q + a] -= own[a] * factor;
    }
  }
  return symmetricEigenvaluesInPlace(matrix, q);
}

/** Positive eigenvalues, equal ones once, relative to the largest, with how often they occur. */
function distinctValues(sorted: Float64Array): { values: number[]; counts: number[] } {
  const values: number[] = [];
  const counts: number[] = [];
  const [largest] = sorted;
  for (const value of sorted) {
    const share = value / largest;
    if (!(share > ZERO)) break;
    const last = values.length - 1;
    if (last >= 0 && values[last] - share < EQUAL * values[last]) counts[last]++;
    else {
      values.push(share);
      counts.push(1);
    }
  }
  return { values, counts };
}

/** One statistic from each stream of the seed. */
function simulateStatistics(
  values: readonly number[],
  counts: readonly number[],
  residual: number,
  nsim: number,
  seed: number,
): Float64Array {
  const known = counts.reduce((sum, count) => sum + count, 0);
  const squares = new Float64Array(values.length);
  const out = new Float64Array(nsim);
  let rest = 0;
  let total = 0;
  const gain = (lambda: number): number => {
    let left = rest;
    let penalty = 0;
    for (let s = 0; s < values.length; s++) {
      const factor = 1 + lambda * values[s];
      left += squares[s] / factor;
      penalty += counts[s] * Math.log(factor);
    }
    return residual * Math.log(total / left) - penalty;
  };
  for (let b = 0; b < nsim; b++) {
    const stream = new RandomStream(seed, b);
    total = 0;
    for (let s = 0; s < values.length; s++) {
      squares[s] = chiSquare(stream, counts[s]);
      total += squares[s];
    }
    rest = chiSquare(stream, residual - known);
    total += rest;
    let best = 0;
    let at = -1;
    for (let i = 0; i < GRID.length; i++) {
      const value = gain(GRID[i]);
      if (value > best) [best, at] = [value, i];
    }
    // Below the grid the profile rises from 0 where its slope there is positive; it has then a maximum on the grid.
    if (at >= 0)
      best = refined(gain, Math.log(GRID[Math.max(at - 1, 0)]), Math.log(GRID[Math.min(at + 1, 80)]), best);
    out[b] = best;
  }
  return out;
}

/** The maximum between two logarithms of λ, by golden sections (Kiefer 1953). */
function refined(gain: (lambda: number) => number, from: number, to: number, least: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let [x, y] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [atX, atY] = [gain(Math.exp(x)), gain(Math.exp(y))];
  for (let i = 0; i < SEARCH; i++) {
    if (atX > atY) {
      [b, y, atY] = [y, x, atX];
      x = b - ratio * (b - a);
      atX = gain(Math.exp(x));
    } else {
      [a, x, atX] = [x, y, atY];
      y = a + ratio * (b - a);
      atY = gain(Math.exp(y));
    }
  }
  return Math.max(least, atX, atY);
}

/** A χ² number: sums of squares for few degrees of freedom, else Marsaglia & Tsang's gamma (2000, ACM TOMS 26). */
function chiSquare(stream: RandomStream, df: number): number {
  if (df <= 12) {
    let sum = 0;
    for (let i = 0; i < df; i++) sum += stream.normal() ** 2;
    return sum;
  }
  const d = df / 2 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = stream.normal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root ** 3;
    if (Math.log(stream.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return 2 * d * v;
  }
}
