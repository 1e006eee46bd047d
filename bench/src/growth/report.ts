import { duration, markdownTable, short, targetTable } from "../support/tables";
import type { Steps } from "./measure";
import type { PeakMemory } from "./memory";
import type { Grown } from "./peers";

/** Everything one run measured. */
export interface GrowthReport {
  readonly memory: PeakMemory;
  readonly rows: readonly Steps[];
  readonly levels: readonly Grown[];
}

/** Slower by less than this factor from the fewest to the most rows is flat. */
const FLAT = 1.5;

/** The record's body: targets, then both tables and their figures. */
export function reportGrowth({ memory, rows, levels }: GrowthReport, day: string): string {
  const evaluations = rows.map(({ evaluation }) => evaluation);
  const spread = Math.max(...evaluations) / Math.min(...evaluations);
  const times = (memory.peak - memory.before) / memory.input;
  const largest = (design: string) => levels.filter((l) => l.design === design && l.fit !== null).at(-1);
  const reached = (design: string, what: string, wanted: number) => {
    const found = largest(design);
    const also = found?.lme4 === null ? "" : `, lme4 ${duration(found?.lme4)}`;
    return {
      asks: what,
      measured:
        found === undefined
          ? "–"
          : `q = ${short(found.q)}: ${duration(found.fit)}, ${found.evaluations} evaluations${also}`,
      met: found !== undefined && found.size >= wanted && found.converged === true,
    };
  };
  return [
    targetTable([
      {
        asks: "time of an evaluation is flat from 10⁴ to 10⁷ rows",
        measured: `slowest ${spread.toFixed(2)} × the fastest`,
        met: spread <= FLAT,
      },
      {
        asks: "memory of a 10⁷-row fit ≤ 2 × the typed input",
        measured: `${times.toFixed(2)} × (${megabytes(memory.input)} input, ${megabytes(memory.peak - memory.before)} in all), ${duration(memory.seconds)}`,
        met: times <= 2,
      },
      reached("nested", "nested designs to 10⁶ levels", 1e6),
      reached("crossed", "crossed designs, complete", 1000),
      reached("partly crossed", "10⁴ × 10⁴ sparse crossings", 1e4),
    ]),
    `## Rows\n\n200 levels with a slope, 20 crossed levels; only the rows grow.\n\n![Seconds by rows](growth-rows-${day}.svg)`,
    markdownTable(
      ["Rows", "Frame", "Cross-products", "Evaluation", "With derivatives", "Fit"],
      rows.map((r) => [
        short(r.rows),
        duration(r.frame),
        duration(r.products),
        duration(r.evaluation),
        duration(r.derivatives),
        duration(r.fit),
      ]),
    ),
    `## Levels\n\nWhole fits by REML from a table, ours against one call of \`lmer\`; nonzeros are those of L. lme4 is not asked where it promises to take minutes or the table is too large to hand over as text.\n\n![Seconds by random effects](growth-levels-${day}.svg)`,
    markdownTable(
      [
        "Design",
        "Size",
        "Rows",
        "q",
        "Nonzeros",
        "Symbolic",
        "Evaluation",
        "With derivatives",
        "Fit",
        "Evaluations",
        "lme4",
        "lme4's evaluations",
      ],
      levels.map((l) => [
        l.design,
        short(l.size),
        short(l.rows),
        short(l.q),
        short(l.nonzeros),
        duration(l.symbolic),
        duration(l.evaluation),
        duration(l.derivatives),
        duration(l.fit),
        l.evaluations === null ? "–" : String(l.evaluations),
        duration(l.lme4),
        l.lme4Evaluations === null ? "–" : String(l.lme4Evaluations),
      ]),
    ),
  ].join("\n\n");
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
