import { formatNumbers } from "../format/number-format";
import { textTable } from "../format/text-table";
import type { Power } from "./power";

/** Power as text: one line per point with its interval. */
export function formatPower({ effect, test, alpha, points }: Power): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const shown = points.map(({ value }) => (value === null ? "as given" : formatNumbers([value], 4)[0]));
  const failed = points.reduce((sum, { failures }) => sum + failures, 0);
  return [
    `Power of the test of ${effect.join(", ")} (${test}, alpha = ${alpha})`,
    "",
    ...textTable(
      points.map(() => ""),
      ["Effect", "Power", "from", "to", "Simulations"],
      [
        shown,
        points.map(({ power }) => percent(power)),
        points.map(({ lower }) => percent(lower)),
        points.map(({ upper }) => percent(upper)),
        points.map(({ nsim }) => `${nsim}`),
      ],
    ).map((line) => line.trimStart().padStart(line.length - 1)),
    ...(failed > 0 ? ["", `simulations without a test: ${failed}`] : []),
  ].join("\n");
}
