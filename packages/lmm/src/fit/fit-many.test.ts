import { describe, expect, it } from "vitest";
import { vectorMachines } from "../machines.test-support";
import { modelKinds, randomModel, structuredKinds, uniforms } from "../random-model.test-support";
import { fitFrame } from "./fit-frame";
import { fitMany } from "./fit-many";

describe("one model fitted to many responses", () => {
  it("has the fits that each response has alone, whatever stands beside it", () => {
    for (const kind of [...modelKinds, ...structuredKinds]) {
      const frame = randomModel(kind, 8, { weights: true });
      const own = frame.response?.values ?? new Float64Array(0);
      const next = uniforms(2);
      const responses = [own, own.map((y) => 1e3 * y + next()), own.map((y) => -y + 3 * next())];
      const many = fitMany(frame, responses, { method: "ML" });
      responses.forEach((values, i) => {
        const alone = fitFrame({ ...frame, response: { name: "y", values } }, { method: "ML" });
        expect(many.status[i]).toBe("ok");
        expect(many.criterion[i]).toBe(alone.criterion);
        expect(many.theta[i]).toEqual(alone.theta);
        expect(many.beta[i]).toEqual(alone.beta);
        expect(many.sigma[i]).toBe(alone.sigma);
        expect(many.converged[i]).toBe(alone.converged);
        expect(many.singular[i]).toBe(alone.singular);
        many.stdError[i].forEach((value, j) => {
          expect(value).toBeCloseTo(Math.sqrt(alone.vcov[j * alone.beta.length + j]), 12);
        });
      });
    }
  });

  it("says which responses have no fit, and fits the others", () => {
    const own = vectorMachines.response?.values ?? new Float64Array(0);
    const many = fitMany(vectorMachines, [
      own.map(() => 3),
      own,
      own.map((y, i) => (i === 5 ? Number.NaN : y)),
      own.slice(1),
      own.map((y) => 1e200 * y),
    ]);
    expect(many.status).toEqual([
      "constant-response",
      "ok",
      "not-finite",
      "response-length",
      "unusable-scale",
    ]);
    expect(many.criterion[0]).toBeNaN();
    expect(many.theta[2].every(Number.isNaN)).toBe(true);
    expect(many.criterion[1]).toBe(fitFrame(vectorMachines).criterion);
  });
});
