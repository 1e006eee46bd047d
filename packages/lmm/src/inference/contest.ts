import type { LinearMixedModel } from "../model/linear-mixed-model";
import { checkDdf, type DdfOptions, type TTest, tTest } from "./coef-tests";
import { chiSquareTails, fTails } from "./distributions/tails";
import { InferenceError } from "./inference-error";
import { kenwardRoger } from "./kenward-roger";
import { combinedDf, satterthwaiteRow } from "./satterthwaite";
import { symmetricEigen } from "./symmetric-eigen";

/** Share of the largest eigenvalue of L vcov L' below which a direction is a combination of the others. */
const DEPENDENT = 1.5e-8;

/** An F test of Lβ = rhs. */
export interface FTest {
  /** Rank of L. */
  readonly numDf: number;
  readonly denDf: number;
  readonly fValue: number;
  readonly pValue: number;
  /** What the Wald statistic was multiplied by; other than 1 with Kenward–Roger only. */
  readonly scale: number;
}

/** What a test of contrasts is told. */
export interface ContestOptions extends DdfOptions {
  /** The values that Lβ has under the hypothesis, one per row; default 0. */
  readonly rhs?: ArrayLike<number>;
}

/**
 * The joint F test of Lβ = rhs.
 *
 * Satterthwaite: L vcov L' is diagonalized, its independent one-degree statistics are averaged, and their
 * degrees of freedom combined (Fai & Cornelius 1996). Kenward–Roger: the scaled Wald statistic of Kenward &
 * Roger (1997). Asymptotic: χ²/q.
 *
 * @param contrasts rows of length p on the kept fixed effects (`fixef(model).names`); dependent rows allowed
 * @throws InferenceError for rows of the wrong length or without any effect
 */
export function contest(
  model: LinearMixedModel,
  contrasts: readonly ArrayLike<number>[],
  options: ContestOptions = {},
): FTest {
  const ddf = checkDdf(options.ddf);
  checkContrasts(model, contrasts, options.rhs);
  const target = ddf === "kenward-roger" ? kenwardRoger(model).model : model;
  const { rows, rhs, variances } = independentRows(target, contrasts, options.rhs);
  const q = rows.length;
  if (q === 0) {
    throw new InferenceError(
      "empty-contrast",
      "empty contrast: every row is zero",
      contrasts,
      "give rows with coefficients of the fixed effects",
    );
  }
  if (ddf === "kenward-roger") {
    const shifted = options.rhs === undefined ? undefined : rhs;
    const { statistic, df, scale } = kenwardRoger(model).test(rows, shifted);
    return { numDf: q, denDf: df, fValue: statistic, pValue: fTails(statistic, q, df).upper, scale };
  }
  const squares = rows.map((row, m) => {
    let value = -rhs[m];
    for (let j = 0; j < row.length; j++) value += row[j] * model.beta[j];
    return (value * value) / variances[m];
  });
  const fValue = squares.reduce((sum, value) => sum + value, 0) / q;
  if (ddf === "asymptotic") {
    const pValue = chiSquareTails(fValue * q, q).upper;
    return { numDf: q, denDf: Number.POSITIVE_INFINITY, fValue, pValue, scale: 1 };
  }
  const denDf = combinedDf(rows.map((row) => satterthwaiteRow(model, row).df));
  return { numDf: q, denDf, fValue, pValue: fTails(fValue, q, denDf).upper, scale: 1 };
}

/**
 * The t tests of single contrasts ℓ'β = rhs, one for each row.
 *
 * @param contrasts rows of length p; by name, or numbered from 1
 */
export function contrastTests(
  model: LinearMixedModel,
  contrasts: readonly ArrayLike<number>[] | Readonly<Record<string, ArrayLike<number>>>,
  options: ContestOptions = {},
): TTest[] {
  const ddf = checkDdf(options.ddf);
  const named: [string, ArrayLike<number>][] = Array.isArray(contrasts)
    ? contrasts.map((row, i) => [String(i + 1), row])
    : Object.entries(contrasts as Readonly<Record<string, ArrayLike<number>>>);
  checkContrasts(
    model,
    named.map(([, row]) => row),
    options.rhs,
  );
  return named.map(([name, row], i) => tTest(model, name, row, options.rhs?.[i] ?? 0, ddf));
}

/** Rows of V'L with L vcov L' = V D V': uncorrelated contrasts with the same span. */
function independentRows(
  model: LinearMixedModel,
  contrasts: readonly ArrayLike<number>[],
  rhs: ArrayLike<number> | undefined,
): { rows: Float64Array[]; rhs: number[]; variances: number[] } {
  const p = model.beta.length;
  const n = contrasts.length;
  const middle = new Float64Array(n * n);
  contrasts.forEach((x, a) => {
    contrasts.forEach((y, b) => {
      for (let j = 0; j < p; j++) {
        for (let i = 0; i < p; i++) middle[b * n + a] += x[i] * model.vcov[j * p + i] * y[j];
      }
    });
  });
  const { values, vectors } = symmetricEigen(middle, n);
  const rows: Float64Array[] = [];
  const values0: number[] = [];
  const variances: number[] = [];
  for (let m = 0; m < n; m++) {
    if (!(values[m] > DEPENDENT * values[0])) continue;
    const row = new Float64Array(p);
    let value = 0;
    for (let a = 0; a < n; a++) {
      for (let j = 0; j < p; j++) row[j] += vectors[m * n + a] * contrasts[a][j];
      value += vectors[m * n + a] * (rhs?.[a] ?? 0);
    }
    rows.push(row);
    values0.push(value);
    variances.push(values[m]);
  }
  return { rows, rhs: values0, variances };
}

function checkContrasts(
  model: LinearMixedModel,
  contrasts: readonly ArrayLike<number>[],
  rhs: ArrayLike<number> | undefined,
): void {
  const p = model.beta.length;
  if (contrasts.length === 0) {
    throw new InferenceError("empty-contrast", "empty contrast: no rows", contrasts, "give at least one row");
  }
  if (rhs !== undefined && rhs.length !== contrasts.length) {
    throw new InferenceError(
      "contrast-length",
      `wrong length of rhs: ${rhs.length}`,
      rhs,
      `there are ${contrasts.length} contrasts`,
    );
  }
  for (const row of contrasts) {
    if (row.length !== p) {
      throw new InferenceError(
        "contrast-length",
        `wrong length of contrast: ${row.length}`,
        row,
        `the model has ${p} fixed effects: ${model.fixedNames.join(", ")}`,
      );
    }
    for (let j = 0; j < p; j++) {
      if (!Number.isFinite(row[j])) {
        throw new InferenceError("not-finite", `not finite contrast: ${row[j]}`, row, "use numbers");
      }
    }
  }
}
