import type { LinearMixedModel } from "../model/linear-mixed-model";
import { twoSidedT } from "./distributions/tails";
import { InferenceError } from "./inference-error";
import { kenwardRoger } from "./kenward-roger";
import { nonZeros } from "./non-zeros";
import { satterthwaiteRow } from "./satterthwaite";

/** How denominator degrees of freedom are found; `asymptotic` takes them as infinite. */
export type DdfMethod = "satterthwaite" | "kenward-roger" | "asymptotic";

/** A t test of one linear combination of the fixed effects. */
export interface TTest {
  readonly term: string;
  readonly estimate: number;
  readonly stdError: number;
  readonly df: number;
  readonly tValue: number;
  /** Two-sided. */
  readonly pValue: number;
}

/** What the tests of fixed effects are told. */
export interface DdfOptions {
  /** Default `satterthwaite`. */
  readonly ddf?: DdfMethod;
}

/** A table of tests, and what a reader of it must know. */
export interface CoefTests {
  readonly ddf: DdfMethod;
  readonly rows: readonly TTest[];
}

/**
 * t tests of the fixed effects with degrees of freedom and two-sided p-values.
 *
 * With `kenward-roger` estimates and adjusted standard errors are those of the REML fit.
 */
export function coefTests(model: LinearMixedModel, options: DdfOptions = {}): CoefTests {
  const ddf = checkDdf(options.ddf);
  const p = model.beta.length;
  const rows = model.fixedNames.map((term, j) => {
    const contrast = new Float64Array(p);
    contrast[j] = 1;
    return tTest(model, term, contrast, 0, ddf);
  });
  return { ddf, rows };
}

/** The t test of ℓ'β = `rhs`. */
export function tTest(
  model: LinearMixedModel,
  term: string,
  contrast: ArrayLike<number>,
  rhs: number,
  ddf: DdfMethod,
): TTest {
  const p = model.beta.length;
  let estimate = 0;
  let variance = 0;
  let df = Number.POSITIVE_INFINITY;
  if (ddf === "satterthwaite") {
    ({ estimate, variance, df } = satterthwaiteRow(model, contrast));
  } else {
    const adjusted = ddf === "kenward-roger" ? kenwardRoger(model) : null;
    const { beta } = adjusted?.model ?? model;
    const vcov = adjusted?.vcov ?? model.vcov;
    const own = nonZeros(contrast);
    for (const j of own) {
      estimate += contrast[j] * beta[j];
      for (const i of own) variance += contrast[i] * vcov[j * p + i] * contrast[j];
    }
    if (adjusted !== null) ({ df } = adjusted.test([contrast]));
  }
  const stdError = Math.sqrt(variance);
  const tValue = (estimate - rhs) / stdError;
  return { term, estimate, stdError, df, tValue, pValue: twoSidedT(tValue, df) };
}

/** The method asked for, or the default. */
export function checkDdf(ddf: DdfMethod = "satterthwaite"): DdfMethod {
  if (ddf === "satterthwaite" || ddf === "kenward-roger" || ddf === "asymptotic") return ddf;
  throw new InferenceError(
    "unknown-option",
    `unknown method: ${JSON.stringify(ddf)}`,
    ddf,
    'choose "satterthwaite", "kenward-roger" or "asymptotic"',
  );
}
