import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { denseOracle } from "../dense-oracle.test-support";
import { fitFrame } from "../fit/fit-frame";
import { expectClose, modelKinds, randomModel } from "../random-model.test-support";
import { coef } from "./coef";
import { ranef } from "./ranef";

describe("conditional modes and variances", () => {
  it("agree with the dense formulas on every kind of model", () => {
    fc.assert(
      fc.property(fc.constantFrom(...modelKinds), fc.integer({ min: 1, max: 1e6 }), (kind, seed) => {
        const frame = randomModel(kind, seed, { weights: seed % 2 === 0, offset: seed % 3 === 0 });
        const model = fitFrame(frame, { optimizer: { rhoend: 1e-3 } });
        const oracle = denseOracle(frame, model.design, model.theta);
        model.terms.forEach((term, t) => {
          const k = term.columns.length;
          const byLevel = Array.from({ length: term.modes.length }, (_, i) => {
            return term.modes[(i % k) * term.levels.length + Math.floor(i / k)];
          });
          expectClose(byLevel, oracle.modes[t], 8);
        });
        expectClose(model.fitted, oracle.fitted, 8);
        // The columns of one factor, gathered from the oracle's order (terms, levels, columns).
        const starts: number[] = [];
        let next = 0;
        for (const term of model.terms) {
          starts.push(next);
          next += term.modes.length;
        }
        ranef(model, { condVar: true }).forEach(({ levels, columns, condVar }, f) => {
          const mine = model.design.terms.flatMap((term, t) => (term.factor === f ? [t] : []));
          const K = columns.length;
          levels.forEach((_, l) => {
            const at = mine.flatMap((t) => {
              const k = model.terms[t].columns.length;
              return Array.from({ length: k }, (_, c) => starts[t] + l * k + c);
            });
            const expected = at.flatMap((j) => at.map((i) => oracle.condVar[i][j] * model.sigma ** 2));
            expectClose(condVar?.subarray(l * K * K, (l + 1) * K * K) ?? [], expected, 8);
          });
        });
      }),
      { seed: 7, numRuns: 40 },
    );
  });

  it("add to the fixed effects in coef", () => {
    const model = fitFrame(randomModel("slope", 2));
    const [table] = coef(model);
    const [effects] = ranef(model);
    expect(table.columns).toEqual(["(Intercept)", "x", "treated"]);
    expect(table.values[0]).toBe(model.beta[0] + effects.values[0]);
    expect(table.values[2 * table.levels.length]).toBe(model.beta[2]);
    expect(effects.condVar).toBeNull();
  });
});
