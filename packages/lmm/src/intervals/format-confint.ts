import { formatTable, type TableFormat } from "../format/format-table";
import { formatNumbers } from "../format/number-format";
import type { ConfidenceIntervals } from "./confint";

/**
 * Intervals as text: one line per parameter with its estimate and limits, as R prints `confint`.
 *
 * @param digits significant digits, default 4
 */
export function formatConfint(
  { rows, level, diagnostics }: ConfidenceIntervals,
  { digits = 4, format = "text" }: { readonly digits?: number; readonly format?: TableFormat } = {},
): string {
  const tail = (1 - level) / 2;
  const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;
  // Limits of one parameter are comparable, those of different ones are not.
  const cells = rows.map(({ estimate, lower, upper }) =>
    formatNumbers([estimate, lower, upper], digits).map((text) => (text === "NaN" ? "-" : text)),
  );
  const table = formatTable(
    {
      above: [],
      names: rows.map(({ name }) => name),
      heads: ["Estimate", percent(tail), percent(1 - tail)],
      columns: [0, 1, 2].map((column) => cells.map((row) => row[column])),
      below: diagnostics,
    },
    format,
  );
  // As text the last line has no end.
  return format === "text" ? table.slice(0, -1) : table;
}
