import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { criterionAt } from "../fit/criterion";
import { fitFrame } from "../fit/fit-frame";
import type { Method } from "../fit/options";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { PlsWorkspace } from "../pls/workspace";
import {
  type ModelKind,
  modelKinds,
  randomModel,
  randomTheta,
  structuredKinds,
} from "../random-model.test-support";
import { jointCovariance } from "./joint-covariance";

/** Mixed second differences of f, extrapolated twice (Richardson): errors of order step⁶. */
function hessian(f: (x: Float64Array) => number, at: Float64Array, steps: ArrayLike<number>): number[][] {
  const n = at.length;
  const second = (i: number, j: number, h: number) => {
    const value = (a: number, b: number) => {
      const x = at.slice();
      x[i] += a * h * steps[i];
      x[j] += b * h * steps[j];
      return f(x);
    };
    return (value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / (4 * h * h * steps[i] * steps[j]);
  };
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      const [a, b, c] = [1, 1 / 2, 1 / 4].map((h) => second(i, j, h));
      const [d, e] = [(4 * b - a) / 3, (4 * c - b) / 3];
      return (16 * e - d) / 15;
    }),
  );
}

/** −2 log-likelihood in (θ, σ), β profiled out, by the evaluation of the criterion alone. */
function minusTwoLogLikelihood(model: LinearMixedModel): (x: Float64Array) => number {
  const workspace = new PlsWorkspace(model.design, model.products);
  const df = model.nobs - (model.method === "REML" ? model.beta.length : 0);
  return (x) => {
    const theta = x.subarray(0, x.length - 1);
    const sigma = x[x.length - 1];
    const profiled = criterionAt(workspace, model.method, theta);
    const own = workspace.pwrss / df;
    // The criterion has σ² = r²/N; take that out and put the given σ in.
    return profiled - df * (1 + Math.log(own)) + df * Math.log(sigma * sigma) + workspace.pwrss / sigma ** 2;
  };
}

describe("the Hessian of (θ, σ)", () => {
  it.each([
    ["of entries of T", modelKinds, 0.03],
    // The angles of structures bend more: half the step.
    ["of covariance structures", structuredKinds, 0.015],
  ] as const)(
    "agrees with Richardson differences, away from the optimum and at singular templates too: parameters %s",
    (_, kinds, step) => {
      const models = fc.record({
        kind: fc.constantFrom<ModelKind>(...kinds),
        seed: fc.integer({ min: 1, max: 1e6 }),
        weights: fc.boolean(),
        method: fc.constantFrom<Method>("ML", "REML"),
      });
      fc.assert(
        fc.property(models, ({ kind, seed, weights, method }) => {
          const fit = fitFrame(randomModel(kind, seed, { weights }), { method });
          const theta = randomTheta(fit.design.lower, seed);
          const workspace = new PlsWorkspace(fit.design, fit.products);
          workspace.evaluate(theta);
          const sigma = Math.sqrt(workspace.pwrss / (fit.nobs - (method === "REML" ? fit.beta.length : 0)));
          const model = { ...fit, theta, sigma, pwrss: workspace.pwrss };
          const exact = jointCovariance(model).hessian;
          const at = Float64Array.from([...theta, sigma]);
          const differences = hessian(minusTwoLogLikelihood(model), at, [
            ...theta.map(() => step),
            0.04 * sigma,
          ]);
          const size = Math.max(...exact.flat().map(Math.abs));
          exact.forEach((row, i) => {
            row.forEach((value, j) => {
              // Rounding of order 1e-14 · 100 / step² and truncation of order step⁶, on entries of order `size`.
              expect(Math.abs(value - differences[i][j]), `${i},${j}`).toBeLessThan(2e-5 * size);
            });
          });
        }),
        { seed: 1969, numRuns: 60 },
      );
    },
  );

  it("has twice its inverse as covariance", () => {
    const { hessian: h, covariance, diagnostics, names } = jointCovariance(fitFrame(randomModel("slope", 5)));
    expect(diagnostics).toEqual([]);
    expect(names[names.length - 1]).toBe("sigma");
    h.forEach((row, i) => {
      h.forEach((_, j) => {
        const product = row.reduce((sum, value, k) => sum + value * covariance[k][j], 0);
        expect(product).toBeCloseTo(i === j ? 2 : 0, 8);
      });
    });
  });
});
