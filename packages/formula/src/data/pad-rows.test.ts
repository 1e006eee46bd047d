import { expect, test } from "vitest";
import { modelFrame } from "./build-frame";
import { padRows } from "./pad-rows";

test("results per row used go back to the rows of the table, missing where a row was left out", () => {
  const frame = modelFrame("y ~ x", { y: [1, 2, 3], x: [1, null, 3] }, { naAction: "exclude" });
  expect(frame.naAction).toBe("exclude");
  expect(padRows(Float64Array.of(10, 30), frame)).toEqual(Float64Array.of(10, Number.NaN, 30));
  const values = Float64Array.of(1, 2);
  expect(padRows(values, { rows: null, nrowsTable: 2 })).toBe(values);
});
