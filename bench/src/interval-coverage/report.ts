import { markdownTable, short } from "../support/tables";
import type { Coverage, DesignCoverage } from "./measure";

/** Two standard errors of a share of 95 % among `sets`, in percentage points. */
function margin(sets: number): number {
  return 200 * Math.sqrt((0.95 * 0.05) / sets);
}

/** The record's body: two tables for each design. */
export function reportCoverage(designs: readonly DesignCoverage[]): string {
  const parts = [
    "Data sets are drawn from known parameters and fitted by REML; profiles are of the ML likelihood, the bootstrap is parametric. The first table has the percentage of data sets whose nominal 95 % interval holds the true value, and after it those in which the truth lies below and above the interval; the second the median widths. A parameter that is estimated on its boundary has no Wald interval: such data sets are left out of that cell (their number in brackets).",
  ];
  for (const { title, sets, replicates, singular, seconds, coverage } of designs) {
    const parameters = [...new Set(coverage.map(({ parameter }) => parameter))];
    const methods = [...new Set(coverage.map(({ method }) => method))];
    const table = (cell: (found: Coverage) => string) =>
      markdownTable(
        ["95 % interval", ...parameters.map((name) => `\`${name}\``)],
        methods.map((method) => [
          method,
          ...parameters.map((name) => {
            const found = coverage.find((own) => own.method === method && own.parameter === name);
            return found === undefined ? "" : cell(found);
          }),
        ]),
      );
    parts.push(
      `## ${title}`,
      `${sets} data sets, ${replicates} bootstrap replicates each, ${singular} singular fits, ${Math.round(seconds)} s. What is truly 95 % comes out between ${(95 - margin(sets)).toFixed(1)} and ${(95 + margin(sets)).toFixed(1)} in 19 of 20 simulations.`,
      table(({ covered, below, above, sets: own }) => {
        const percent = (count: number) => ((100 * count) / own).toFixed(1);
        const left = own < sets ? ` [${sets - own}]` : "";
        return `**${percent(covered)}** ${percent(below)} ${percent(above)}${left}`;
      }),
      table(({ medianWidth }) => short(medianWidth)),
    );
  }
  return parts.join("\n\n");
}
