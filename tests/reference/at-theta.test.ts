/**
 * What lme4 reports besides the criterion, evaluated by us at lme4's own θ: random effects and
 * their conditional variances, fixed effects, fitted values, residuals, hat values, log determinants
 * and sums of squares. At the same θ nothing is left to an optimizer, so the tolerances are tight.
 */
import { modelFrame } from "@lmmkit/formula";
import {
  buildDesign,
  buildModel,
  criterionAt,
  crossProducts,
  type GroupEffects,
  PlsWorkspace,
  ranef,
  residuals,
} from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { absence, dataFiles, titleFor } from "../support/data-files";
import { readTable } from "../support/read-table";
import {
  type ExpectedFit,
  expectedFit,
  many,
  models,
  type OneOrMany,
  type ReferenceModel,
} from "../support/reference";

/** The model as it is at lme4's θ, nothing optimized. */
function modelAt(model: ReferenceModel, expected: ExpectedFit) {
  const files = dataFiles(model.data);
  if (files === null) throw new Error(absence(model.data));
  const { contrasts, weights, offset } = model;
  const frame = modelFrame(model.formula, readTable(files), { contrasts, weights, offset });
  const design = buildDesign(frame);
  const workspace = new PlsWorkspace(design, crossProducts(frame, design));
  const theta = Float64Array.from(many(expected.theta));
  const criterion = criterionAt(workspace, expected.method, theta);
  const nothing = new Float64Array(0);
  const fit = buildModel(
    frame,
    workspace,
    {
      theta,
      criterion,
      certificate: {
        holds: true,
        gradient: nothing,
        predictedDecrease: 0,
        boundaryCurvature: null,
        singular: [],
        unidentified: [],
      },
      optimizer: {
        name: "none",
        npt: null,
        rhobeg: null,
        rhoend: null,
        evaluations: 1,
        status: "converged",
        message: "evaluated at a given θ",
        trace: [],
      },
    },
    expected.method,
    { design: 0, fit: 0 },
  );
  return { fit, workspace };
}

/** |a − b| in units of what the number is measured by. */
const distance = (a: number, b: number, unit: number) => Math.abs(a - b) / unit;

// 15 digits of θ and of each value, and sums over up to 73,421 rows in another order than lme4's.
const SAME = 1e-9;

describe("at lme4's θ", () => {
  for (const model of models) {
    const expected = expectedFit(model.id);
    it.skipIf(expected === null)(titleFor(`${model.id}: ${model.formula}`, model.data), () => {
      if (expected === null) throw new Error(absence(model.data));
      const { fit, workspace } = modelAt(model, expected);
      expectCriterion(fit, workspace, expected);
      expectFixedEffects(fit, expected);
      expectRandomEffects(fit, expected);
      expectFitted(fit, expected);
      if (typeof expected.hatSum === "number") {
        expect(distance(hatSum(workspace), expected.hatSum, expected.hatSum)).toBeLessThanOrEqual(SAME);
      }
    });
  }
});

type AtTheta = ReturnType<typeof modelAt>;

function expectCriterion(fit: AtTheta["fit"], workspace: PlsWorkspace, expected: ExpectedFit): void {
  expect(distance(fit.criterion, expected.criterion, Math.abs(expected.criterion))).toBeLessThanOrEqual(1e-9);
  expect(distance(fit.sigma, expected.sigma, expected.sigma)).toBeLessThanOrEqual(SAME);
  expect(distance(fit.pwrss, expected.pwrss, expected.pwrss)).toBeLessThanOrEqual(SAME);
  // A log determinant of q factors: its error is absolute, one rounding per factor.
  expect(distance(fit.logDetL2, expected.logDetL2, expected.q)).toBeLessThanOrEqual(SAME);
  expect(distance(fit.logDetRX2, expected.logDetRX2, expected.p)).toBeLessThanOrEqual(SAME);
  const ussq = workspace.solution().u.reduce((sum, u) => sum + u * u, 0);
  expect(distance(ussq, expected.ussq, expected.pwrss)).toBeLessThanOrEqual(SAME);
  expect(distance(fit.pwrss - ussq, expected.wrss, expected.pwrss)).toBeLessThanOrEqual(SAME);
}

function expectFixedEffects(fit: AtTheta["fit"], expected: ExpectedFit): void {
  const p = expected.fixed.length;
  const vcov = many(expected.vcov);
  expected.fixed.forEach(({ term, estimate, stdError }, i) => {
    expect(distance(fit.beta[i], estimate, stdError), term).toBeLessThanOrEqual(SAME);
    expected.fixed.forEach((other, j) => {
      const at = i + p * j;
      expect(distance(fit.vcov[at], vcov[at], stdError * other.stdError), term).toBeLessThanOrEqual(SAME);
    });
  });
}

function expectRandomEffects(fit: AtTheta["fit"], expected: ExpectedFit): void {
  const effects = ranef(fit, { condVar: true });
  expect(effects.map((ours) => ours.group)).toEqual(expected.ranef.map((theirs) => theirs.group));
  expected.ranef.forEach(({ group, terms, nlevels, levels, values, sumsq }, g) => {
    const ours = effects[g];
    expect(ours.levels).toHaveLength(nlevels);
    expect(ours.levels.slice(0, 8)).toEqual(levels);
    expect(ours.columns).toEqual(many(terms));
    ours.columns.forEach((_, k) => {
      const column = ours.values.subarray(k * nlevels, (k + 1) * nlevels);
      // The unit is the root mean square of the column; σ where every effect is zero (a singular fit).
      const total = many(sumsq)[k];
      const unit = Math.sqrt(total / nlevels) || expected.sigma;
      values.forEach((value, level) => {
        expect(distance(column[level], many(value)[k], unit), `${group} ${level}`).toBeLessThanOrEqual(SAME);
      });
      const sum = column.reduce((s, b) => s + b * b, 0);
      expect(distance(sum, total, nlevels * unit ** 2), group).toBeLessThanOrEqual(SAME);
    });
    expectConditionalVariance(ours, expected.condVarFirst[g] ?? null, expected.sigma);
  });
}

/** lme4 gives none for a factor with several terms; the reference has that of the first level. */
function expectConditionalVariance(ours: GroupEffects, first: OneOrMany<number> | null, sigma: number): void {
  const condVar = ours.condVar ?? new Float64Array(0);
  const k = ours.columns.length;
  expect(condVar).toHaveLength(ours.levels.length * k * k);
  if (first === null) return;
  const block = many(first);
  expect(block).toHaveLength(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      // In units of the two standard deviations; of σ where the variance is zero.
      const unit = Math.sqrt(block[i + k * i] * block[j + k * j]) || sigma ** 2;
      expect(distance(condVar[i + k * j], block[i + k * j], unit), ours.group).toBeLessThanOrEqual(SAME);
    }
  }
}

function expectFitted(fit: AtTheta["fit"], expected: ExpectedFit): void {
  const rest = residuals(fit);
  // Residuals are of the order of σ, and so is the accuracy that matters.
  expected.fittedHead.forEach((value, i) => {
    expect(distance(fit.fitted[i], value, expected.sigma)).toBeLessThanOrEqual(SAME);
    expect(distance(rest[i], expected.residHead[i], expected.sigma)).toBeLessThanOrEqual(SAME);
  });
}

/**
 * Σ of the hat values: trace of [ZΛ X] C⁻¹ [ZΛ X]' with C the matrix of the extended PLS problem,
 * = p + q − tr of u's block of C⁻¹ = p + q − ‖L⁻¹‖² − ‖L⁻ᵀ RZX RX⁻¹‖² (Frobenius).
 */
function hatSum(workspace: PlsWorkspace): number {
  const { factor, rzx, rxt, p, design } = workspace;
  const { q } = design;
  let removed = 0;
  for (let j = 0; j < q; j++) {
    const column = new Float64Array(q);
    column[j] = 1;
    factor.solveInPlace(column, "L");
    for (const value of column) removed += value * value;
  }
  // Columns of RZX RX⁻¹ by forward substitution in RX' (both on the workspace's basis of X).
  const w = rzx.slice(0, q * p);
  for (let j = 0; j < p; j++) {
    for (let k = 0; k < j; k++) {
      for (let i = 0; i < q; i++) w[j * q + i] -= w[k * q + i] * rxt[k * p + j];
    }
    for (let i = 0; i < q; i++) w[j * q + i] /= rxt[j * p + j];
  }
  factor.solveInPlace(w, "Lt", p);
  for (const value of w) removed += value * value;
  return p + q - removed;
}
