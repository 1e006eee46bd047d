import { padLeft, padRight } from "./number-format";

/**
 * Lines of a table: row names on the left, columns of text under their heads.
 *
 * @param rows one name per row
 * @param heads one per column
 * @param columns text of each column, one entry per row
 * @param corner what stands over the row names
 */
export function textTable(
  rows: readonly string[],
  heads: readonly string[],
  columns: readonly (readonly string[])[],
  align: "left" | "right" = "right",
  corner = "",
): string[] {
  const names = padRight([corner, ...rows]);
  const pad = align === "right" ? padLeft : padRight;
  const padded = columns.map((column, j) => pad([heads[j], ...column]));
  return names.map((name, i) => [name, ...padded.map((column) => column[i])].join(" "));
}
