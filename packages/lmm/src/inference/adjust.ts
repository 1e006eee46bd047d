import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { DdfMethod } from "./coef-tests";
import { type MaximumTail, maximumQuantile, maximumTail } from "./distributions/multivariate-t";
import { fQuantile, tQuantile } from "./distributions/quantiles";
import { studentizedRangeTail } from "./distributions/studentized-range";
import { fTails, twoSidedT } from "./distributions/tails";
import { InferenceError } from "./inference-error";
import { kenwardRoger } from "./kenward-roger";
import { symmetricEigen } from "./symmetric-eigen";

/**
 * How p-values and intervals of several tests are adjusted.
 *
 * `tukey` (studentized range, for all pairwise differences), `dunnett` (the multivariate t of the tests' own
 * correlations, two-sided: exact for comparisons with a control, and right for any set of tests), `scheffe` (all
 * combinations of the tests), `bonferroni`, `sidak`, `holm`, `fdr` (Benjamini & Hochberg).
 */
export type Adjustment = "none" | "tukey" | "dunnett" | "scheffe" | "bonferroni" | "sidak" | "holm" | "fdr";

/** How far adjusted p-values found by quasi-Monte Carlo may be off. */
export interface NumericalError {
  /** Three standard errors of the p-value that is least sure. */
  readonly pValue: number;
  readonly seed: number;
}

/** A test before adjustment. */
export interface UnadjustedTest {
  readonly estimate: number;
  readonly stdError: number;
  readonly df: number;
  /** Coefficients on the kept fixed effects. */
  readonly contrast: Float64Array;
  /** Value under the hypothesis. */
  readonly null: number;
}

/** What the tests are of. */
export interface TestFamilies {
  /** `pairwise`: all differences of `size` means, which Tukey's adjustment is for. */
  readonly kind: "pairwise" | "means" | "other";
  readonly size: number;
  /** Tests in each family; families follow one another. */
  readonly family: number;
  readonly adjust: Adjustment;
  readonly level: number;
  readonly model: LinearMixedModel;
  readonly ddf: DdfMethod;
  readonly seed?: number;
}

/** Adjusted tests. */
export interface AdjustedTests {
  readonly pValues: readonly number[];
  /** Half width of the interval in standard errors. */
  readonly reach: readonly number[];
  /** What was used. */
  readonly adjust: Adjustment;
  readonly error: NumericalError | null;
  readonly diagnostics: readonly string[];
}

/** Nodes of the interpolation of critical values. */
const NODES = 5;

const KNOWN: readonly Adjustment[] = [
  "none",
  "tukey",
  "dunnett",
  "scheffe",
  "bonferroni",
  "sidak",
  "holm",
  "fdr",
];

/**
 * Adjusts two-sided tests and intervals for the number of tests, family by family.
 *
 * Tests that are not estimable (NaN) count for nothing. Intervals of `holm` and `fdr`, which are stepwise, are those
 * of `bonferroni`.
 *
 * Source: Tukey (1953); Dunnett (1955); Scheffé (1953), Biometrika 40; Šidák (1967), J. Am. Stat. Assoc. 62;
 * Holm (1979), Scand. J. Stat. 6; Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57.
 */
export function adjustTests(tests: readonly UnadjustedTest[], families: TestFamilies): AdjustedTests {
  const { kind, family, level } = families;
  if (!KNOWN.includes(families.adjust)) {
    throw new InferenceError(
      "unknown-option",
      `unknown adjustment: ${JSON.stringify(families.adjust)}`,
      families.adjust,
      `choose ${KNOWN.join(", ")}`,
    );
  }
  const diagnostics: string[] = [];
  let { adjust } = families;
  if (adjust === "tukey" && kind !== "pairwise") {
    adjust = "sidak";
    if (family > 1) diagnostics.push("tukey is for all pairwise differences: sidak was used");
  }
  const pValues = new Array<number>(tests.length).fill(Number.NaN);
  const reach = new Array<number>(tests.length).fill(Number.NaN);
  let error = 0;
  const { seed = 1 } = families;
  for (let first = 0; first < tests.length; first += family) {
    const own = tests.slice(first, first + family);
    const there = own.flatMap((test, i) => (Number.isNaN(test.stdError) ? [] : [i]));
    if (there.length === 0) continue;
    const known = there.map((i) => own[i]);
    const t = known.map((test) => Math.abs((test.estimate - test.null) / test.stdError));
    const raw = known.map((test, i) => twoSidedT(t[i], test.df));
    const adjusted = adjustFamily(known, t, raw, { ...families, adjust });
    error = Math.max(error, adjusted.error);
    there.forEach((i, m) => {
      pValues[first + i] = adjusted.pValues[m];
      reach[first + i] = adjusted.reach(known[m].df, 1 - level);
    });
  }
  return { pValues, reach, adjust, error: error > 0 ? { pValue: error, seed } : null, diagnostics };
}

interface AdjustedFamily {
  readonly pValues: readonly number[];
  readonly reach: (df: number, alpha: number) => number;
  readonly error: number;
}

function adjustFamily(
  tests: readonly UnadjustedTest[],
  t: readonly number[],
  raw: readonly number[],
  { adjust, size, model, ddf, seed }: TestFamilies,
): AdjustedFamily {
  const n = tests.length;
  const bonferroni = (df: number, alpha: number) => tQuantile(alpha / (2 * n), df);
  const single = (df: number, alpha: number) => tQuantile(alpha / 2, df);
  switch (adjust) {
    case "bonferroni":
      return { pValues: raw.map((p) => Math.min(1, n * p)), reach: bonferroni, error: 0 };
    case "sidak":
      return {
        pValues: raw.map((p) => -Math.expm1(n * Math.log1p(-p))),
        reach: (df, alpha) => tQuantile(-Math.expm1(Math.log1p(-alpha) / n) / 2, df),
        error: 0,
      };
    case "holm":
      return { pValues: stepwise(raw, (p, rank) => (n - rank) * p, 1), reach: bonferroni, error: 0 };
    case "fdr":
      return { pValues: stepwise(raw, (p, rank) => (n * p) / (rank + 1), -1), reach: bonferroni, error: 0 };
    case "tukey": {
      if (size < 3) return { pValues: raw, reach: single, error: 0 };
      const tail: MaximumTail = (x, df) => ({
        value: studentizedRangeTail(x * Math.SQRT2, size, df),
        error: 0,
      });
      return {
        pValues: t.map((value, i) => tail(value, tests[i].df).value),
        reach: once(
          (df, alpha) =>
            maximumQuantile(tail, alpha, df, single(df, alpha), tQuantile(alpha / (size * (size - 1)), df)),
          tests.map(({ df }) => df),
        ),
        error: 0,
      };
    }
    case "scheffe": {
      const rank = rankOf(covarianceOf(tests, model, ddf), n);
      return {
        pValues: t.map((value, i) => fTails((value * value) / rank, rank, tests[i].df).upper),
        reach: (df, alpha) => Math.sqrt(rank * fQuantile(alpha, rank, df)),
        error: 0,
      };
    }
    case "dunnett": {
      const tail = maximumTail(correlationOf(covarianceOf(tests, model, ddf), n), n, seed);
      const tails = t.map((value, i) => tail(value, tests[i].df));
      return {
        pValues: tails.map(({ value }, i) => Math.min(1, Math.max(value, raw[i]))),
        reach: once(
          (df, alpha) => maximumQuantile(tail, alpha, df, single(df, alpha), bonferroni(df, alpha)),
          tests.map(({ df }) => df),
        ),
        error: Math.max(...tails.map(({ error }) => error)),
      };
    }
    default:
      return { pValues: raw, reach: single, error: 0 };
  }
}

/**
 * Critical values as a function of the degrees of freedom, searched once where they are equal but for rounding, and
 * interpolated where there are many: log t is nearly quadratic in 1/df between close degrees of freedom.
 */
function once(reach: (df: number, alpha: number) => number, dfs: readonly number[]) {
  const known = new Map<string, number>();
  const at = (df: number, alpha: number) => {
    const key = `${df.toPrecision(11)} ${alpha}`;
    let value = known.get(key);
    if (value === undefined) {
      value = reach(df, alpha);
      known.set(key, value);
    }
    return value;
  };
  const finite = dfs.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  // Five nodes within 0.01 of 1/df: the remainder is of the order of 0.005⁵.
  if (finite.length < dfs.length || dfs.length <= NODES || low < 5 || 1 / low - 1 / high > 0.01) return at;
  const nodes = Array.from({ length: NODES }, (_, i) => 1 / low + ((1 / high - 1 / low) * i) / (NODES - 1));
  return (df: number, alpha: number) => {
    const x = 1 / df;
    if (nodes[0] - nodes[NODES - 1] < 1e-9 * nodes[0]) return at(low, alpha);
    let sum = 0;
    for (let i = 0; i < NODES; i++) {
      let weight = Math.log(at(1 / nodes[i], alpha));
      for (let j = 0; j < NODES; j++) if (j !== i) weight *= (x - nodes[j]) / (nodes[i] - nodes[j]);
      sum += weight;
    }
    return Math.exp(sum);
  };
}

/** Step-down (1) or step-up (−1) p-values, monotone in the raw ones and at most 1. */
function stepwise(
  raw: readonly number[],
  scaled: (p: number, rank: number) => number,
  direction: 1 | -1,
): number[] {
  const order = raw.map((_, i) => i).sort((i, j) => raw[i] - raw[j]);
  const out = new Array<number>(raw.length);
  let bound = direction === 1 ? 0 : 1;
  for (let m = 0; m < order.length; m++) {
    const rank = direction === 1 ? m : order.length - 1 - m;
    const own = Math.min(1, scaled(raw[order[rank]], rank));
    bound = direction === 1 ? Math.max(bound, own) : Math.min(bound, own);
    out[order[rank]] = bound;
  }
  return out;
}

/** C V C' of the contrasts, column-major. */
function covarianceOf(
  tests: readonly UnadjustedTest[],
  model: LinearMixedModel,
  ddf: DdfMethod,
): Float64Array {
  const vcov = ddf === "kenward-roger" ? kenwardRoger(model).vcov : model.vcov;
  const p = model.beta.length;
  const n = tests.length;
  const products = tests.map(({ contrast }) =>
    Float64Array.from({ length: p }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < p; i++) sum += contrast[i] * vcov[j * p + i];
      return sum;
    }),
  );
  const out = new Float64Array(n * n);
  for (let b = 0; b < n; b++) {
    for (let a = 0; a < n; a++) {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += products[a][j] * tests[b].contrast[j];
      out[b * n + a] = sum;
    }
  }
  return out;
}

function correlationOf(covariance: Float64Array, n: number): Float64Array {
  const root = Float64Array.from({ length: n }, (_, i) => Math.sqrt(covariance[i * n + i]));
  return covariance.map((value, at) => {
    const [i, j] = [at % n, Math.floor(at / n)];
    return i === j ? 1 : Math.min(1, Math.max(-1, value / (root[i] * root[j])));
  });
}

function rankOf(covariance: Float64Array, n: number): number {
  const { values } = symmetricEigen(correlationOf(covariance, n), n);
  return values.reduce((rank, value) => rank + (value > 1e-9 * values[0] ? 1 : 0), 0);
}
