import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEvaluator } from "./evaluator";
import { initializeInPlace } from "./initialize";
import { computeInverseDiagonalInPlace, computeLagrangeInPlace } from "./lagrange";
import { addHessianProductInPlace, type BobyqaModel, centreOnBestInPlace, createModel } from "./model";
import { createRescueWork, rescueInPlace } from "./rescue";
import { shiftBaseInPlace } from "./shift-base";
import { moveCentreInPlace, moveInterpolationPointInPlace, predictChangeInPlace } from "./update-model";

const f = (x: Float64Array) => {
  let sum = 0;
  for (let i = 0; i < x.length; i++)
    sum += Math.sqrt(1 + (x[i] - 0.1 * i) ** 2) + (i > 0 ? 0.3 * x[i] * x[i - 1] : 0);
  return sum;
};

type VectorName =
  | "upperGap"
  | "base"
  | "centre"
  | "trial"
  | "step"
  | "values"
  | "lagrange"
  | "inverseDiagonal";

/** A vector of the model, as a view. */
function vectorOf(model: BobyqaModel, name: VectorName): Float64Array {
  const byPoint = name === "values" || name === "lagrange" || name === "inverseDiagonal";
  return model.memory.subarray(model[name], model[name] + (byPoint ? model.npt : model.n));
}

/** Interpolation point k, as a view. */
function pointOf({ memory, points, n }: BobyqaModel, k: number): Float64Array {
  return memory.subarray(points + k * n, points + (k + 1) * n);
}

/** A model after its start, with bounds so wide (or, on some axes, so near) as `lowerGap` says. */
function startedModel(n: number, npt: number, lowerGap: readonly number[]) {
  const model = createModel(n, npt);
  model.memory.set(lowerGap, model.lowerGap);
  vectorOf(model, "upperGap").fill(5);
  const evaluator = createEvaluator({
    f,
    x: new Float64Array(n),
    free: Int32Array.from({ length: n }, (_, i) => i),
    box: Float64Array.from(lowerGap.flatMap((low) => [low, 5, low, 5, low, 5, 1, 0])),
    maxEvaluations: 1000,
    fTarget: -Infinity,
    ftolAbs: 0,
    ftolRel: 0,
    signal: undefined,
    onEvaluation: undefined,
    onRho: undefined,
    trace: undefined,
  });
  initializeInPlace(model, evaluator, 0.5);
  centreOnBestInPlace(model);
  addHessianProductInPlace(model, model.gradient, model.centre);
  return { model, evaluator };
}

/** The step to `point`, with its Lagrange values. */
function aimAt(model: BobyqaModel, point: ArrayLike<number>): void {
  for (let i = 0; i < model.n; i++) {
    model.memory[model.trial + i] = point[i];
    model.memory[model.step + i] = point[i] - model.memory[model.centre + i];
  }
  computeLagrangeInPlace(model);
}

/** Moves the point with the largest denominator to `point`, as the main loop does. */
function replaceBy(model: BobyqaModel, point: ArrayLike<number>): void {
  aimAt(model, point);
  let index = 0;
  model.denominator = 0;
  computeInverseDiagonalInPlace(model);
  const diagonal = vectorOf(model, "inverseDiagonal");
  const lagrange = vectorOf(model, "lagrange");
  for (let k = 0; k < model.npt; k++) {
    if (k === model.best) continue;
    const denominator = model.beta * diagonal[k] + lagrange[k] ** 2;
    if (denominator > model.denominator) {
      model.denominator = denominator;
      index = k;
    }
  }
  const base = vectorOf(model, "base");
  const values = vectorOf(model, "values");
  const value = f(Float64Array.from(point, (s, i) => base[i] + s));
  const previous = values[model.best];
  predictChangeInPlace(model);
  model.error = value - previous - model.predicted;
  values[index] = value;
  moveInterpolationPointInPlace(model, index);
  if (value < previous) moveCentreInPlace(model, index);
}

/** Largest error of "Lagrange function k is 1 at point k, 0 at the others", and of the model's interpolation. */
function defects(model: BobyqaModel): { lagrange: number; values: number } {
  let lagrange = 0;
  let values = 0;
  for (let p = 0; p < model.npt; p++) {
    aimAt(model, pointOf(model, p));
    vectorOf(model, "lagrange").forEach((value, k) => {
      lagrange = Math.max(lagrange, Math.abs(value - (k === p ? 1 : 0)));
    });
    const difference = vectorOf(model, "values")[p] - vectorOf(model, "values")[model.best];
    predictChangeInPlace(model);
    values = Math.max(values, Math.abs(model.predicted - difference));
  }
  return { lagrange, values };
}

// Points are up to 3 apart with steps of 0.5: a dozen updates lose a few digits of the 16.
const TOLERANCE = 1e-9;

const problems = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    npt: fc.integer({ min: n + 2, max: ((n + 1) * (n + 2)) / 2 }),
    lowerGap: fc.array(fc.constantFrom(0, -0.5, -4), { minLength: n, maxLength: n }),
    moves: fc.array(fc.array(fc.double({ min: 0, max: 1.5, noNaN: true }), { minLength: n, maxLength: n }), {
      minLength: 1,
      maxLength: 12,
    }),
  }),
);

describe("the interpolation system", () => {
  it("has Lagrange functions and a model that interpolate, from the start and after every update", () => {
    fc.assert(
      fc.property(problems, ({ n, npt, lowerGap, moves }) => {
        const { model } = startedModel(n, npt, lowerGap);
        expect(defects(model).lagrange).toBeLessThan(1e-12);
        expect(defects(model).values).toBeLessThan(1e-12);
        for (const move of moves) {
          // Two trial points that coincide leave no denominator to divide by; the main loop never makes them.
          aimAt(model, move);
          if (model.beta < 1e-3) continue;
          replaceBy(model, move);
        }
        expect(defects(model).lagrange).toBeLessThan(TOLERANCE);
        expect(defects(model).values).toBeLessThan(TOLERANCE);
      }),
      { seed: 2009, numRuns: 200 },
    );
  });

  it("stays the same function of x when the base is shifted", () => {
    fc.assert(
      fc.property(problems, ({ n, npt, lowerGap, moves }) => {
        const { model } = startedModel(n, npt, lowerGap);
        for (const move of moves) {
          aimAt(model, move);
          if (model.beta >= 1e-3) replaceBy(model, move);
        }
        const probe = Float64Array.from({ length: n }, (_, i) => 0.3 + 0.1 * i);
        aimAt(model, probe);
        predictChangeInPlace(model);
        const before = {
          change: model.predicted,
          lagrange: vectorOf(model, "lagrange").slice(),
          beta: model.beta,
        };
        const centre = vectorOf(model, "centre");
        for (let i = 0; i < n; i++) probe[i] -= centre[i];
        shiftBaseInPlace(model);
        expect([...centre]).toEqual(new Array(n).fill(0));
        aimAt(model, probe);
        predictChangeInPlace(model);
        expect(Math.abs(model.predicted - before.change)).toBeLessThan(TOLERANCE);
        expect(Math.abs(model.beta - before.beta)).toBeLessThan(TOLERANCE);
        for (let k = 0; k < npt; k++) {
          const value = vectorOf(model, "lagrange")[k];
          expect(Math.abs(value - before.lagrange[k])).toBeLessThan(TOLERANCE);
        }
        expect(defects(model).lagrange).toBeLessThan(TOLERANCE);
      }),
      { seed: 2009, numRuns: 100 },
    );
  });

  it("is rebuilt by rescue without an evaluation when the points are sound", () => {
    fc.assert(
      fc.property(problems, ({ n, npt, lowerGap, moves }) => {
        const { model, evaluator } = startedModel(n, npt, lowerGap);
        for (const move of moves) {
          aimAt(model, move);
          if (model.beta >= 1e-3) replaceBy(model, move);
        }
        const before = evaluator.evaluations;
        const centre = vectorOf(model, "centre");
        const base = vectorOf(model, "base").map((b, i) => b + centre[i]);
        // Nothing of the damaged inverse may be used.
        model.memory.fill(NaN, model.inverseB, model.inverseB + (npt + n) * n);
        model.memory.fill(NaN, model.inverseZ, model.inverseZ + npt * model.rank);
        rescueInPlace(model, evaluator, createRescueWork(n, npt), 0.5);
        expect([...vectorOf(model, "base")]).toEqual([...base]);
        settle(model);
        expect(defects(model).lagrange).toBeLessThan(TOLERANCE);
        expect(defects(model).values).toBeLessThan(TOLERANCE);
        if (moves.length === 0) expect(evaluator.evaluations).toBe(before);
      }),
      { seed: 2009, numRuns: 200 },
    );
  });

  it("is rebuilt by rescue with new points where the old ones coincide or lie on a line", () => {
    for (let n = 1; n <= 6; n++) {
      for (const npt of [n + 2, 2 * n + 1, ((n + 1) * (n + 2)) / 2]) {
        for (const gap of [-4, -0.25, 0]) {
          const { model, evaluator } = startedModel(n, npt, new Array(n).fill(gap));
          for (let k = 0; k < npt; k++) {
            if (k === model.best) continue;
            for (let j = 0; j < n; j++) {
              const shift = (k % 2) * 0.01 + (k === npt - 1 ? 0.2 : 0);
              pointOf(model, k)[j] = vectorOf(model, "centre")[j] + shift;
            }
            vectorOf(model, "values")[k] = f(pointOf(model, k).slice());
          }
          const before = evaluator.evaluations;
          rescueInPlace(model, evaluator, createRescueWork(n, npt), 0.5);
          expect(evaluator.evaluations).toBeGreaterThan(before);
          settle(model);
          expect(defects(model).lagrange).toBeLessThan(TOLERANCE);
          for (let k = 0; k < npt; k++) {
            for (let j = 0; j < n; j++) {
              expect(pointOf(model, k)[j]).toBeGreaterThanOrEqual(model.memory[model.lowerGap + j]);
              expect(pointOf(model, k)[j]).toBeLessThanOrEqual(model.memory[model.upperGap + j]);
            }
          }
        }
      }
    }
  });
});

/** What the main loop does after a rescue. */
function settle(model: BobyqaModel): void {
  const wasBase = model.centreSq === 0 && pointOf(model, model.best).every((s) => s === 0);
  centreOnBestInPlace(model);
  if (!wasBase) addHessianProductInPlace(model, model.gradient, model.centre);
}
