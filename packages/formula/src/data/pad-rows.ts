import type { ModelFrame } from "./model-frame";

/**
 * Values per row kept, as values per row of the table: missing (NaN) where a row was left out.
 * What `naAction: "exclude"` means for fitted values and residuals. Cost: O(rows).
 */
export function padRows(values: Float64Array, frame: Pick<ModelFrame, "rows" | "nrowsTable">): Float64Array {
  if (frame.rows === null) return values;
  const out = new Float64Array(frame.nrowsTable).fill(Number.NaN);
  for (let i = 0; i < values.length; i++) out[frame.rows[i]] = values[i];
  return out;
}
