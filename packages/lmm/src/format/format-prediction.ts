import type { Prediction } from "../predict/predict";
import { formatTable, type TableFormat } from "./format-table";
import { formatNumbers } from "./number-format";

/** What limits cover, in words. */
const COVERS = {
  mean: "the mean at the levels given",
  "new-level": "the mean at another level",
  "new-observation": "a new observation",
} as const;

/**
 * Predictions as text: one line per row, numbered as in the table, then what standard errors and limits cover.
 *
 * @param most rows printed
 * @returns lines ending with "\n", the last one too
 */
export function formatPrediction(
  prediction: Prediction,
  digits = 5,
  most = 50,
  format: TableFormat = "text",
): string {
  const { fit, stdError, lower, upper, df, covers, level, rows, newLevels } = prediction;
  const shown = Math.min(fit.length, most);
  const names = Array.from({ length: shown }, (_, i) => String((rows === null ? i : rows[i]) + 1));
  const values: [string, Float64Array | null][] = [
    ["fit", fit],
    ["SE", stdError],
    ["df", df],
    ["lower", lower],
    ["upper", upper],
  ];
  const present = values.flatMap(([head, column]) =>
    column === null ? [] : [{ head, text: formatNumbers(column.subarray(0, shown), digits) }],
  );
  const heads = present.map(({ head }) => head);
  const columns = present.map(({ text }) => text);
  const more = shown < fit.length ? [`… and ${fit.length - shown} more rows`] : [];
  const notes: string[] = [];
  if (covers !== null) {
    const what = level === null ? "standard errors" : `limits: ${Number((level * 100).toPrecision(12))} %`;
    notes.push(`${what}, of ${COVERS[covers]}`);
  }
  for (const [group, levels] of Object.entries(newLevels)) {
    const some = levels.slice(0, 8).join(", ");
    notes.push(`new levels of ${group}: ${some}${levels.length > 8 ? ", …" : ""}`);
  }
  const below = [...more, ...(notes.length > 0 ? ["", ...notes] : [])];
  return formatTable({ above: [], names, heads, columns, below }, format);
}
