import { absence, dataFiles } from "../../../tests/support/data-files";
import { readTable } from "../../../tests/support/read-table";
import { expectedFit, models } from "../../../tests/support/reference";
import { vectorModels } from "../simulate/vector-models";
import { writeTable } from "../support/table-files";
import type { Case } from "./compare";

/** The reference models whose data are at hand; the others are named on standard error. */
export function referenceCases(): Case[] {
  return models.flatMap((model) => {
    const files = dataFiles(model.data);
    if (files === null) {
      console.error(`${model.id} is left out: ${absence(model.data)}`);
      return [];
    }
    return [
      { ...model, table: readTable(files), files, reference: expectedFit(model.id)?.criterion ?? null },
    ];
  });
}

/** Simulated models with 10 to 21 parameters. */
export function simulatedCases(): Case[] {
  return vectorModels().map((model) => ({
    ...model,
    files: writeTable(model.id, model.table),
    reference: null,
  }));
}
