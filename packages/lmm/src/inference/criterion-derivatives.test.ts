import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { nestedMachines } from "../machines.test-support";
import { modelKinds, randomModel, randomTheta, structuredKinds } from "../random-model.test-support";
import { criterionDerivatives } from "./criterion-derivatives";

/** Central differences of a vector function, extrapolated twice (Richardson). */
function slopes(f: (x: number) => Float64Array, step: number): Float64Array {
  const central = (h: number) => {
    const [high, low] = [f(h), f(-h)];
    return high.map((value, i) => (value - low[i]) / (2 * h));
  };
  const [a, b, c] = [central(step), central(step / 2), central(step / 4)];
  return a.map((_, i) => {
    const [d, e] = [(4 * b[i] - a[i]) / 3, (4 * c[i] - b[i]) / 3];
    return (16 * e - d) / 15;
  });
}

describe("the criterion's derivatives", () => {
  it("are exact: Hessian against Richardson differences of the gradient, gradient against those of the value", () => {
    for (const kind of [...modelKinds, ...structuredKinds]) {
      for (const method of ["ML", "REML"] as const) {
        const frame = randomModel(kind, 4, { weights: true });
        const start = criterionDerivatives(frame, undefined, { method, hessian: "none" });
        expect(start.hessian).toBeNull();
        const singular = randomTheta(
          start.theta.map((value) => (value === 1 ? 0 : -1)),
          12,
        );
        for (const theta of [start.theta, singular]) {
          const exact = criterionDerivatives(frame, theta, { method, hessian: "exact" });
          const size = Math.max(1, ...(exact.hessian ?? []).flat().map(Math.abs));
          theta.forEach((value, i) => {
            const at = (h: number) => {
              const trial = theta.slice();
              trial[i] = value + h;
              return criterionDerivatives(frame, trial, { method, hessian: "none" });
            };
            const bends = slopes((h) => at(h).gradient, 4e-3);
            bends.forEach((bend, j) => {
              // Rounding of 1e-13/4e-3 and truncation of the step's sixth power.
              expect(Math.abs((exact.hessian?.[i][j] ?? 0) - bend)).toBeLessThan(1e-7 * size);
            });
            const [slope] = slopes((h) => Float64Array.of(at(h).criterion), 1e-2);
            expect(Math.abs(exact.gradient[i] - slope)).toBeLessThan(1e-7 * size);
          });
        }
      }
    }
  });

  it("of a fit are those at its estimates by its own method", () => {
    const fit = fitFrame(nestedMachines, { method: "ML" });
    const own = criterionDerivatives(fit);
    expect(own.criterion).toBe(fit.criterion);
    expect(own.names).toEqual(fit.thetaNames);
    for (const slope of own.gradient) expect(Math.abs(slope)).toBeLessThan(1e-4);
    const exact = criterionDerivatives(fit, fit.theta, { hessian: "exact" });
    // Average information is the Hessian on average: for balanced data they are of one size.
    exact.hessian?.forEach((row, i) => {
      expect(own.hessian?.[i][i] ?? 0).toBeGreaterThan(0.3 * row[i]);
    });
    expect(() => criterionDerivatives(fit, [1])).toThrow(/wrong length of theta/);
    expect(() => criterionDerivatives(fit, [Number.NaN, 1])).toThrow(/unusable theta/);
  });
});
