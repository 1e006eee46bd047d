import type { Influence } from "../influence/influence";
import { formatTable, type TableFormat } from "./format-table";
import { formatNumbers } from "./number-format";

/**
 * Deletions as text, those with the largest Cook's distances first: Cook's distance, the ratio of generalized
 * variances, σ without them, and DFBETAS.
 *
 * @param most deletions printed
 * @returns lines ending with "\n", the last one too
 */
export function formatInfluence(
  influence: Influence,
  digits = 4,
  most = 10,
  format: TableFormat = "text",
): string {
  const { by, refit, labels, nrows, status, cooksDistance, covRatio, sigma, dfbetas, fixedNames } = influence;
  const d = labels.length;
  const size = (s: number) => (Number.isNaN(cooksDistance[s]) ? Number.NEGATIVE_INFINITY : cooksDistance[s]);
  const order = Array.from({ length: d }, (_, s) => s).sort((a, b) => size(b) - size(a) || a - b);
  const shown = order.slice(0, most);
  const column = (values: Float64Array, offset = 0) =>
    formatNumbers(
      shown.map((s) => Number(values[offset + s].toPrecision(digits))),
      digits,
    );
  const names = shown.map((s) => labels[s]);
  const heads = [
    "rows",
    "Cook's D",
    "COVRATIO",
    "sigma",
    ...fixedNames.map((name) => `dfbetas ${name}`),
    "status",
  ];
  const columns = [
    shown.map((s) => String(nrows[s])),
    column(cooksDistance),
    column(covRatio),
    column(sigma),
    ...fixedNames.map((_, j) => column(dfbetas, j * d)),
    shown.map((s) => status[s]),
  ];
  const counts = new Map<string, number>();
  for (const own of status) counts.set(own, (counts.get(own) ?? 0) + 1);
  const summary = [...counts].map(([own, count]) => `${count} ${own}`).join(", ");
  const how = refit === "full" ? "theta found again" : "theta as it is";
  const above = [`deleted by ${by}, ${how}; largest ${shown.length} of ${d}:`];
  return formatTable({ above, names, heads, columns, below: ["", summary] }, format);
}
