import { formatNumbers } from "../format/number-format";
import { textTable } from "../format/text-table";
import type { ConfidenceIntervals } from "./confint";

/**
 * Intervals as text: one line per parameter with its estimate and limits, as R prints `confint`.
 *
 * @param digits significant digits, default 4
 */
export function formatConfint(
  { rows, level, diagnostics }: ConfidenceIntervals,
  { digits = 4 }: { readonly digits?: number } = {},
): string {
  const tail = (1 - level) / 2;
  const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;
  // Limits of one parameter are comparable, those of different ones are not.
  const cells = rows.map(({ estimate, lower, upper }) =>
    formatNumbers([estimate, lower, upper], digits).map((text) => (text === "NaN" ? "-" : text)),
  );
  const lines = textTable(
    rows.map(({ name }) => name),
    ["Estimate", percent(tail), percent(1 - tail)],
    [0, 1, 2].map((column) => cells.map((row) => row[column])),
  );
  return [...lines, ...diagnostics].join("\n");
}
