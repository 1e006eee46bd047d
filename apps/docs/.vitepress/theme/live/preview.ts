import type { Dataset } from "@lmmkit/datasets";
import type { Preview } from "./protocol";

/**
 * The first rows of a data set as text, numbers in at most six significant digits.
 *
 * @param count rows wanted
 */
export function previewOf(dataset: Dataset, count = 6): Preview {
  const names = Object.keys(dataset.table);
  const rows: string[][] = [];
  for (let row = 0; row < Math.min(count, dataset.nrows); row++) {
    rows.push(
      names.map((name) => {
        const column = dataset.table[name];
        if ("kind" in column) return column.levels[column.codes[row]] ?? "NA";
        return Number.isNaN(column[row]) ? "NA" : String(Number(column[row].toPrecision(6)));
      }),
    );
  }
  return { dataset: dataset.name, names, rows };
}
