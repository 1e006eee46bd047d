import type { TermChanges } from "../inference/drop-terms";
import type { Ranova } from "../inference/ranova";
import type { Elimination } from "../inference/step";
import type { FormatAnovaOptions } from "./format-anova";
import { formatPValues } from "./format-p-values";
import { formatLines, formatTable } from "./format-table";
import { mixtureText } from "./mixture-text";
import { formatNumbers, roundTo } from "./number-format";

const TESTS = {
  satterthwaite: "using Satterthwaite's method",
  "kenward-roger": "using Kenward-Roger's method",
  asymptotic: "with infinite denominator degrees of freedom",
  lrt: "by likelihood ratios",
} as const;

/**
 * Single-term deletions or additions as text, laid out as R prints `drop1`.
 *
 * @returns lines ending with "\n", the last one too
 */
export function formatTermChanges(result: TermChanges, options: FormatAnovaOptions = {}): string {
  const digits = options.digits ?? 5;
  const { change, test, formula, rows, diagnostics } = result;
  const title = `Single term ${change === "drop" ? "deletions" : "additions"} ${TESTS[test]}`;
  const heading = [title, `Model: ${formula}`];
  if (rows.length === 0) return formatLines([...heading, "no terms to test"], options.format);
  const p = formatPValues(
    rows.map((row) => row.pValue),
    digits - 1,
  );
  if (test === "lrt") {
    const columns = [
      ["", ...rows.map((row) => String(row.df))],
      number([result.aic, ...rows.map((row) => row.aic)], digits),
      [
        "",
        ...number(
          rows.map((row) => roundTo(row.statistic, digits - 1)),
          digits,
        ),
      ],
      ["", ...p],
    ];
    const names = ["<none>", ...rows.map((row) => row.term)];
    const heads = ["npar", "AIC", "LRT", "Pr(Chi)"];
    return formatTable({ above: heading, names, heads, columns, below: diagnostics }, options.format);
  }
  const columns = [
    number(
      rows.map((row) => row.sumSq),
      digits,
    ),
    number(
      rows.map((row) => row.meanSq),
      digits,
    ),
    rows.map((row) => String(row.df)),
    number(
      rows.map((row) => row.denDf),
      digits,
    ),
    number(
      rows.map((row) => roundTo(row.statistic, digits - 1)),
      digits,
    ),
    p,
  ];
  const heads = ["Sum Sq", "Mean Sq", "NumDF", "DenDF", "F value", "Pr(>F)"];
  const names = rows.map((row) => row.term);
  return formatTable({ above: heading, names, heads, columns, below: diagnostics }, options.format);
}

/**
 * Single-term deletions of the random effects as text, laid out as lmerTest prints `ranova`, with the p-values that
 * hold at the boundary beside the naive ones.
 */
export function formatRanova(result: Ranova, options: FormatAnovaOptions = {}): string {
  const digits = options.digits ?? 5;
  const { formula, rows, method, diagnostics } = result;
  const known = rows.filter((row) => row.boundary !== null);
  const boundary = formatPValues(
    known.map((row) => row.boundary?.pValue ?? Number.NaN),
    digits - 1,
  );
  const columns = [
    [result, ...rows].map((row) => String(row.nParameters)),
    number([result.logLik, ...rows.map((row) => row.logLik)], digits),
    number([result.aic, ...rows.map((row) => row.aic)], digits),
    [
      "",
      ...number(
        rows.map((row) => roundTo(row.chiSquare, digits - 1)),
        digits,
      ),
    ],
    ["", ...rows.map((row) => String(row.df))],
    [
      "",
      ...formatPValues(
        rows.map((row) => row.pValue),
        digits - 1,
      ),
    ],
    ["", ...rows.map((row) => (row.boundary === null ? "" : boundary[known.indexOf(row)]))],
  ];
  const heads = ["npar", "logLik", "AIC", "LRT", "Df", "Pr(>Chisq)", "boundary"];
  const names = ["<none>", ...rows.map((row) => row.term)];
  const mixtures = rows.flatMap((row) =>
    row.boundary === null ? [] : [`${row.term}: ${mixtureText(row.boundary)}`],
  );
  const above = [`Single term deletions of the random effects (${method})`, `Model: ${formula}`];
  const below = [
    ...(mixtures.length > 0
      ? ["boundary: reference distributions", ...mixtures.map((text) => `  ${text}`)]
      : []),
    ...diagnostics,
  ];
  return formatTable({ above, names, heads, columns, below }, options.format);
}

/** Backward elimination as text: every step with what went, and the model that is left. */
export function formatElimination(result: Elimination, options: FormatAnovaOptions = {}): string {
  const { format = "text" } = options;
  const parts = result.steps.map(({ kind, table, removed }, i) => {
    const text = kind === "random" ? formatRanova(table, options) : formatTermChanges(table, options);
    const outcome = removed === null ? "nothing is taken away" : `taken away: ${removed}`;
    if (format === "text") return `Step ${i + 1}: ${text}${outcome}\n`;
    return [formatLines([`Step ${i + 1}`], format), text, formatLines([outcome], format)].join("\n");
  });
  return `${parts.join("\n")}\n${formatLines([`Model: ${result.formula}`], format)}`;
}

function number(values: readonly (number | null)[], digits: number): string[] {
  return formatNumbers(
    values.map((value) => value ?? Number.NaN),
    digits,
  );
}
