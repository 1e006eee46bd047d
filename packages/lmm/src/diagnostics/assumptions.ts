import { chiSquareTails, fTails } from "../inference/distributions/tails";
import { type DeletionUnit, deletionSets } from "../influence/deletion-sets";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { dagostinoPearson, type NormalityTest, sampleShape, shapiroWilk } from "./normality-tests";
import { type ResidualType, residuals } from "./residuals";

/** How far some numbers are from a normal distribution. */
export interface NormalitySummary {
  /** `residuals`, or the term and column of random effects. */
  readonly of: string;
  readonly n: number;
  /** √b₁; 0 for a normal distribution. */
  readonly skewness: number;
  /** b₂ − 3; 0 for a normal distribution. */
  readonly excessKurtosis: number;
  /** Null for fewer than 3 or more than 5000 numbers, or equal ones. */
  readonly shapiroWilk: NormalityTest | null;
  /** Null for fewer than 20 numbers, or equal ones. */
  readonly dagostinoPearson: NormalityTest | null;
}

/**
 * Normality of the residuals and of the predicted random effects, term by term and column by column.
 *
 * Predicted effects are shrunken and not independent, so their p-values are a guide only; with many rows the tests find
 * departures that do no harm (Schielzeth et al. 2020).
 *
 * @param type kind of residuals, default `studentized`
 * Source: see `shapiroWilk`, `dagostinoPearson`; Schielzeth et al. (2020), Methods Ecol. Evol. 11.
 */
export function normality(model: LinearMixedModel, type: ResidualType = "studentized"): NormalitySummary[] {
  const { weights } = model;
  const own = residuals(model, type).filter(
    (value, r) => Number.isFinite(value) && (weights === null || weights[r] > 0),
  );
  const effects = model.terms.flatMap(({ name, columns, modes, levels }) =>
    columns.map((column, c) =>
      summary(`${name}: ${column}`, modes.slice(c * levels.length, (c + 1) * levels.length)),
    ),
  );
  return [summary("residuals", own), ...effects];
}

function summary(of: string, values: Float64Array): NormalitySummary {
  const shape = sampleShape(values);
  const omnibus = dagostinoPearson(values.length, shape);
  return {
    of,
    n: values.length,
    skewness: shape.skewness,
    excessKurtosis: shape.kurtosis - 3,
    shapiroWilk: shapiroWilk(values),
    dagostinoPearson: omnibus === null ? null : { statistic: omnibus.statistic, pValue: omnibus.pValue },
  };
}

/** Whether the residual variance moves with the fitted values. */
export interface BreuschPagan {
  /** n R² of squared residuals on fitted values. */
  readonly statistic: number;
  readonly df: number;
  readonly pValue: number;
}

/** Whether the residual variance differs between groups. */
export interface LeveneTest {
  readonly group: string;
  readonly fValue: number;
  readonly numDf: number;
  readonly denDf: number;
  readonly pValue: number;
}

/** Tests of equal residual variances. */
export interface Homoscedasticity {
  readonly breuschPagan: BreuschPagan;
  readonly levene: readonly LeveneTest[];
}

/**
 * Tests of equal residual variance, on Pearson residuals (√w r): along the fitted values (studentized
 * Breusch–Pagan), and between the levels of grouping factors or labels (Levene's test about medians).
 *
 * @param by factors or labels; by default every grouping factor of the model
 * @throws InferenceError for an unknown factor
 * Cost: the rows, and a sort within groups.
 * Source: Koenker (1981), J. Econometrics 17; Brown & Forsythe (1974), JASA 69.
 */
export function homoscedasticity(
  model: LinearMixedModel,
  by: readonly Exclude<DeletionUnit, "observation">[] = model.design.factors.map(({ name }) => name),
): Homoscedasticity {
  const pearson = residuals(model, "pearson");
  return {
    breuschPagan: breuschPagan(model, pearson),
    levene: by.map((unit) => levene(model, unit, pearson)),
  };
}

function breuschPagan({ fitted, weights }: LinearMixedModel, pearson: Float64Array): BreuschPagan {
  let n = 0;
  let meanX = 0;
  let meanY = 0;
  const counts = (r: number) => weights === null || weights[r] > 0;
  for (let r = 0; r < pearson.length; r++) {
    if (!counts(r)) continue;
    n++;
    meanX += fitted[r];
    meanY += pearson[r] ** 2;
  }
  meanX /= n;
  meanY /= n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let r = 0; r < pearson.length; r++) {
    if (!counts(r)) continue;
    const x = fitted[r] - meanX;
    const y = pearson[r] ** 2 - meanY;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  // Fitted values that are all the same leave nothing to move along.
  const statistic = xx > 1e-20 * n * meanX * meanX && yy > 0 ? (n * xy * xy) / (xx * yy) : Number.NaN;
  return { statistic, df: 1, pValue: chiSquareTails(statistic, 1).upper };
}

function levene(model: LinearMixedModel, unit: DeletionUnit, pearson: Float64Array): LeveneTest {
  const { name, ptr, rows } = deletionSets(model, unit);
  let groups = 0;
  let within = 0;
  let total = 0;
  const n = rows.length;
  const means: { mean: number; size: number }[] = [];
  for (let s = 0; s + 1 < ptr.length; s++) {
    const own = Float64Array.from(rows.subarray(ptr[s], ptr[s + 1]), (r) => pearson[r]).sort();
    const size = own.length;
    if (size === 0) continue;
    groups++;
    const median = (own[(size - 1) >> 1] + own[size >> 1]) / 2;
    let sum = 0;
    for (const value of own) sum += Math.abs(value - median);
    const mean = sum / size;
    for (const value of own) within += (Math.abs(value - median) - mean) ** 2;
    total += sum;
    means.push({ mean, size });
  }
  const grand = total / n;
  const between = means.reduce((sum, { mean, size }) => sum + size * (mean - grand) ** 2, 0);
  const numDf = groups - 1;
  const denDf = n - groups;
  const fValue = numDf > 0 && denDf > 0 ? between / numDf / (within / denDf) : Number.NaN;
  return { group: name, fValue, numDf, denDf, pValue: fTails(fValue, numDf, denDf).upper };
}
