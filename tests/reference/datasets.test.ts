/** The bundled data sets against the fixtures, which another R script wrote at another time. */
import { type Column, loadDataset } from "@lmmkit/datasets";
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { readTable, type TestColumn } from "../support/read-table";

function sameColumn(actual: Column, expected: TestColumn): void {
  if (actual instanceof Float64Array) {
    expect(expected).toBeInstanceOf(Float64Array);
    // The fixtures are written with 15 digits or more, these data need no more than 8.
    expect(actual).toEqual(expected);
    return;
  }
  expect(actual).toEqual(expected);
}

describe("a bundled data set equals the fixture of the same name", () => {
  it.each(["Dyestuff", "Dyestuff2", "Penicillin", "Pastes", "sleepstudy", "cake", "InstEval"])(
    "%s",
    async (name) => {
      const dataset = await loadDataset(name);
      const files = dataFiles(`lme4-${name}`);
      if (files === null) throw new Error(`no fixture for ${name}`);
      const expected = readTable(files);
      expect(Object.keys(dataset.table)).toEqual(Object.keys(expected));
      for (const [key, column] of Object.entries(dataset.table)) sameColumn(column, expected[key]);
    },
  );
});
