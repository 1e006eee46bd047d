/** Two optimizers that share nothing but the criterion end at the same place, or say why not. */
import { modelFrame } from "@lmmkit/formula";
import { fitFrame } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { absence, dataFiles, titleFor } from "../support/data-files";
import { readTable } from "../support/read-table";
import { models } from "../support/reference";

// The two InstEval models take BOBYQA half a minute.
const chosen = models.filter((model) => model.data !== "lme4-InstEval");

describe("trust-region Newton and BOBYQA end at the same criterion", () => {
  for (const model of chosen) {
    const files = dataFiles(model.data);
    it.skipIf(files === null)(titleFor(`${model.id}: ${model.formula}`, model.data), () => {
      if (files === null) throw new Error(absence(model.data));
      const { contrasts, weights, offset } = model;
      const frame = modelFrame(model.formula, readTable(files), { contrasts, weights, offset });
      const method = model.reml ? "REML" : "ML";
      const newton = fitFrame(frame, { method, optimizer: { name: "newton" } });
      const bobyqa = fitFrame(frame, { method, optimizer: { name: "bobyqa" } });
      expect([newton.converged, bobyqa.converged]).toEqual([true, true]);
      const allowed = 1e-6 * Math.max(1, Math.abs(newton.criterion) / 1000);
      expect(Math.abs(newton.criterion - bobyqa.criterion)).toBeLessThanOrEqual(allowed);
      // Not a measure of time: what derivatives are for.
      expect(newton.optimizer.evaluations).toBeLessThan(bobyqa.optimizer.evaluations);
    });
  }
});
