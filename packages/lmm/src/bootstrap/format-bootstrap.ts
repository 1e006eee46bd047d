import { formatNumbers } from "../format/number-format";
import { textTable } from "../format/text-table";
import type { Bootstrap } from "./bootstrap";

/**
 * Bootstrap replicates as text: the observed value of every number, its bias and standard error, and what became of
 * the refits.
 *
 * @param digits significant digits, default 4
 */
export function formatBootstrap(drawn: Bootstrap, { digits = 4 }: { readonly digits?: number } = {}): string {
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
  return [
    `${type === "parametric" ? "Parametric" : "Semiparametric"} bootstrap, ${nsim} replicates${kept}`,
    "",
    ...textTable(names, ["Observed", "Bias", "Std. Error"], columns),
    ...(counts.length > 0 ? ["", `refits: ${counts.join(", ")}`] : []),
  ].join("\n");
}
