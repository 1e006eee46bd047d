import { expect, it } from "vitest";
import { absence, dataFiles, titleFor } from "../support/data-files";
import { readTable } from "../support/read-table";
import { criterionAtTheta, many, type ReferenceModel } from "../support/reference";

// Both sides carry about 1e-16 of n log r² and log|L|², and lme4's value is printed to 15 digits.
const RELATIVE = 1e-9;

/** How a test builds θ ↦ criterion for a model. */
export type Objective = (
  model: ReferenceModel,
  table: ReturnType<typeof readTable>,
  options: Pick<ReferenceModel, "contrasts" | "weights" | "offset">,
) => (theta: readonly number[]) => number;

/**
 * One test per model: the objective equals lme4's criterion at the four θ of the reference.
 */
export function testCriteria(models: readonly ReferenceModel[], objectiveOf: Objective): void {
  for (const model of models) {
    const files = dataFiles(model.data);
    it.skipIf(files === null)(titleFor(`${model.id}: ${model.formula}`, model.data), () => {
      const at = criterionAtTheta(model.id);
      if (files === null || at === null) throw new Error(absence(model.data));
      const { contrasts, weights, offset } = model;
      const objective = objectiveOf(model, readTable(files), { contrasts, weights, offset });
      expect(at).toHaveLength(4);
      for (const { theta, criterion } of at) {
        const actual = objective(many(theta));
        const difference = Math.abs(actual - criterion) / Math.abs(criterion);
        expect(difference, `ours ${actual}, lme4's ${criterion}, θ = (${theta})`).toBeLessThanOrEqual(
          RELATIVE,
        );
      }
    });
  }
}
