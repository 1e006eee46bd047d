import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { modelKinds, randomModel, randomTheta } from "../random-model.test-support";
import { covarianceElements } from "./covariance-elements";
import { kernelTraces } from "./kernel-traces";
import { projectedSystem, timesKernelInPlace } from "./projected-system";

/** The traces from K written out, q×q. */
function denseTraces(...[system, { elements }]: Parameters<typeof kernelTraces>) {
  const { q, factors } = system.workspace.design;
  const kernel = new Float64Array(q * q);
  for (let j = 0; j < q; j++) kernel[j * q + j] = 1;
  timesKernelInPlace(system, kernel, q, { one: new Float64Array(q * q), two: new Float64Array(q * q) });
  const products = elements.map(({ factor, row, col }) => {
    const { start, ncols: k, levels } = factors[factor];
    const out = new Float64Array(q * q);
    levels.forEach((_, l) => {
      const [a, b] = [start + l * k + row, start + l * k + col];
      for (let i = 0; i < q; i++) {
        out[b * q + i] += kernel[a * q + i];
        if (a !== b) out[a * q + i] += kernel[b * q + i];
      }
    });
    return out;
  });
  const single = products.map((matrix) => Array.from({ length: q }, (_, i) => matrix[i * q + i]));
  return {
    single: single.map((values) => values.reduce((sum, value) => sum + value, 0)),
    pairs: products.flatMap((x) =>
      products.map((y) => {
        let sum = 0;
        for (let i = 0; i < q; i++) for (let j = 0; j < q; j++) sum += x[j * q + i] * y[i * q + j];
        return sum;
      }),
    ),
  };
}

describe("traces of K", () => {
  it("are those of K written out, with and without elimination of a factor", () => {
    const models = fc.record({
      kind: fc.constantFrom(...modelKinds),
      seed: fc.integer({ min: 1, max: 1e6 }),
      weights: fc.boolean(),
    });
    fc.assert(
      fc.property(models, ({ kind, seed, weights }) => {
        const fit = fitFrame(randomModel(kind, seed, { weights }));
        const theta = randomTheta(fit.design.lower, seed);
        const system = projectedSystem({ ...fit, theta });
        const covariance = covarianceElements(fit.design, theta);
        const expected = denseTraces(system, covariance);
        const size = Math.max(1, ...expected.pairs.map(Math.abs));
        for (const eliminate of [true, false]) {
          const { single, pairs } = kernelTraces(system, covariance, eliminate);
          expected.single.forEach((value, k) => {
            expect(Math.abs(single[k] - value)).toBeLessThan(1e-10 * size);
          });
          expected.pairs.forEach((value, at) => {
            expect(Math.abs(pairs[at] - value)).toBeLessThan(1e-10 * size);
          });
        }
      }),
      { seed: 1973, numRuns: 60 },
    );
  });
});
