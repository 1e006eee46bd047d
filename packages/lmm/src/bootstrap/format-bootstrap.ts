import { formatTable, type TableFormat } from "../format/format-table";
import { formatNumbers } from "../format/number-format";
import type { Bootstrap } from "./bootstrap";

/**
 * Bootstrap replicates as text: the observed value of every number, its bias and standard error, and what became of
 * the refits.
 *
 * @param digits significant digits, default 4
 * @param format `text` (default), `markdown`, `latex` or `html`
 */
export function formatBootstrap(
  drawn: Bootstrap,
  { digits = 4, format = "text" }: { readonly digits?: number; readonly format?: TableFormat } = {},
): string {
  const { names, observed, replicates, type, useU, nsim, failures, singular, notConverged } = drawn;
  const cells = names.map((_, j) => {
    const values = replicates[j].filter(Number.isFinite);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    return [observed[j], mean - observed[j], Math.sqrt(variance)];
  });
  const columns = [0, 1, 2].map((column) => cells.map((row) => formatNumbers([row[column]], digits)[0]));
  const kept = useU ? ", random effects kept" : "";
  const counts = [
    [singular.length, "singular"],
    [notConverged.length, "not converged"],
    [failures.length, "failed"],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  const title = type === "parametric" ? "Parametric" : "Semiparametric";
  return formatTable(
    {
      above: [`${title} bootstrap, ${nsim} replicates${kept}`, ""],
      names,
      heads: ["Observed", "Bias", "Std. Error"],
      columns,
      below: counts.length > 0 ? ["", `refits: ${counts.join(", ")}`] : [],
    },
    format,
  );
}
