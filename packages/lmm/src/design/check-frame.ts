import type { ModelFrame, ModelMatrix } from "@lmmkit/formula";
import { LmmError } from "../errors";

/**
 * Refuses frames that no linear mixed model can be fitted to: the same conditions as lme4's, and
 * numbers that are not finite.
 *
 * @throws LmmError whose code says what is wrong
 */
export function checkFrame(frame: ModelFrame): void {
  const { nobs, response, random } = frame;
  if (response === null) {
    throw new LmmError(
      "no-response",
      "missing response: the formula has no left-hand side",
      null,
      "write y ~ …",
    );
  }
  if (nobs === 0) {
    throw new LmmError(
      "no-rows",
      `empty data: none of ${frame.nrowsTable} rows is complete`,
      frame.nrowsTable,
      "look at the missing values of the columns used",
    );
  }
  if (random.length === 0) {
    throw new LmmError(
      "no-random-terms",
      "missing random effects: the formula has no term like (1 | group)",
      null,
      "a model without random effects is an ordinary linear model",
    );
  }
  for (const { label, group, design, structure } of random) {
    const nlevels = group.levels.length;
    if (design.columns.length === 0) {
      throw new LmmError(
        "no-random-terms",
        `empty random-effects term: (${label})`,
        label,
        "leave it out, or give it an intercept or a covariate",
      );
    }
    if (nlevels < 2) {
      throw new LmmError(
        "one-level",
        `single level in grouping factor: "${group.name}"`,
        group.name,
        "a variance between groups needs at least two groups",
      );
    }
    if (nlevels >= nobs) {
      throw new LmmError(
        "too-many-levels",
        `too many levels in grouping factor: "${group.name}" has ${nlevels} with ${nobs} observations`,
        nlevels,
        "some groups must have more than one observation, or the residual variance cannot be told apart",
      );
    }
    const count = nlevels * design.columns.length;
    if (count >= nobs && !tellsResidualApart(structure, design.columns.length)) {
      throw new LmmError(
        "too-many-random-effects",
        `too many random effects: (${label}) has ${count} with ${nobs} observations`,
        count,
        "their variances and the residual variance cannot be told apart; use fewer columns or a coarser factor",
      );
    }
  }
  checkResponse(response.values, response.name);
  checkMatrix(frame.fixed);
  for (const { design } of random) checkMatrix(design, SMALLEST_EFFECT);
  if (frame.offset !== null) checkFinite(frame.offset, "offset");
  if (frame.weights !== null) {
    checkFinite(frame.weights, "weights");
    const row = frame.weights.findIndex((weight) => weight < 0);
    if (row >= 0) {
      throw new LmmError(
        "negative-weight",
        `negative weight: ${frame.weights[row]} in row ${row + 1} of the rows used`,
        frame.weights[row],
        "weights are inverse variances, 0 or more",
      );
    }
    if (frame.weights.every((weight) => weight === 0)) {
      throw new LmmError(
        "no-rows",
        `no positive weight: all ${nobs} weights are 0`,
        0,
        "weights are inverse variances; rows of weight 0 are left out",
      );
    }
  }
}

/**
 * Refuses a response that is not finite or beyond all scales.
 *
 * @throws LmmError `not-finite`, `unusable-scale`
 */
export function checkResponse(values: ArrayLike<number>, name: string): void {
  checkFinite(values, name);
}

/** Structures with as many variances as a diagonal of their own, which the residual variance could take over. */
const OWN_DIAGONAL: readonly string[] = ["us", "diag", "homdiag", "homcs"];

/**
 * Whether a term with an effect for every observation leaves something to tell the residual variance from: what
 * correlations there are between three effects or more follow from fewer parameters than they are.
 */
function tellsResidualApart(structure: string, k: number): boolean {
  return k > 2 && !OWN_DIAGONAL.includes(structure);
}

function checkMatrix(matrix: ModelMatrix, smallest = SMALLEST_SIZE): void {
  matrix.columns.forEach((column, j) => {
    if (column.kind === "constant") checkFinite([column.value], matrix.names[j], smallest);
    else checkFinite(column.values, matrix.names[j], smallest);
  });
}

/** Squares of numbers outside of this range, and sums of them, may not be representable. */
const SMALLEST_SIZE = 1e-140;
const LARGEST_SIZE = 1e140;
/** The relative standard deviation of a slope is as large as its column is small, and has to have a square. */
const SMALLEST_EFFECT = 1e-65;

function checkFinite(values: ArrayLike<number>, name: string, smallest = SMALLEST_SIZE): void {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]) > largest) largest = Math.abs(values[i]);
    if (Number.isFinite(values[i])) continue;
    throw new LmmError(
      "not-finite",
      `not finite value: ${values[i]} in "${name}"`,
      values[i],
      "leave such rows out, or look at how the column is computed",
    );
  }
  if (largest !== 0 && (largest < smallest || largest > LARGEST_SIZE)) {
    throw new LmmError(
      "unusable-scale",
      `unusable scale: the largest value of "${name}" is of size ${largest.toPrecision(1)}`,
      largest,
      "its squares leave the range of numbers; use another unit",
    );
  }
}
