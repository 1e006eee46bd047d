import { formatTable, type TableFormat } from "../format/format-table";
import { formatNumbers } from "../format/number-format";
import type { Power } from "./power";

/**
 * Power as text: one line per point with its interval.
 *
 * @param format `text` (default), `markdown`, `latex` or `html`
 */
export function formatPower(
  { effect, test, alpha, points }: Power,
  { format = "text" }: { readonly format?: TableFormat } = {},
): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const failed = points.reduce((sum, { failures }) => sum + failures, 0);
  return formatTable(
    {
      above: [`Power of the test of ${effect.join(", ")} (${test}, alpha = ${alpha})`, ""],
      corner: "True effect",
      names: points.map(({ value }) => (value === null ? "as given" : formatNumbers([value], 4)[0])),
      heads: ["Power", "from", "to", "Simulations"],
      columns: [
        points.map(({ power }) => percent(power)),
        points.map(({ lower }) => percent(lower)),
        points.map(({ upper }) => percent(upper)),
        points.map(({ nsim }) => `${nsim}`),
      ],
      below: failed > 0 ? ["", `simulations without a test: ${failed}`] : [],
    },
    format,
  );
}
