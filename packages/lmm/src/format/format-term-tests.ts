import type { TermChanges } from "../inference/drop-terms";
import type { Ranova } from "../inference/ranova";
import type { Elimination } from "../inference/step";
import type { FormatAnovaOptions } from "./format-anova";
import { formatPValues } from "./format-p-values";
import { mixtureText } from "./mixture-text";
import { formatNumbers, roundTo } from "./number-format";
import { textTable } from "./text-table";

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
  if (rows.length === 0) return lines([...heading, "no terms to test"]);
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
    return lines([
      ...heading,
      ...textTable(names, ["npar", "AIC", "LRT", "Pr(Chi)"], columns),
      ...diagnostics,
    ]);
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
  return lines([
    ...heading,
    ...textTable(
      rows.map((row) => row.term),
      heads,
      columns,
    ),
    ...diagnostics,
  ]);
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
  return lines([
    `Single term deletions of the random effects (${method})`,
    `Model: ${formula}`,
    ...textTable(names, heads, columns),
    ...(mixtures.length > 0
      ? ["boundary: reference distributions", ...mixtures.map((text) => `  ${text}`)]
      : []),
    ...diagnostics,
  ]);
}

/** Backward elimination as text: every step with what went, and the model that is left. */
export function formatElimination(result: Elimination, options: FormatAnovaOptions = {}): string {
  const parts = result.steps.map(({ kind, table, removed }, i) => {
    const text = kind === "random" ? formatRanova(table, options) : formatTermChanges(table, options);
    return `Step ${i + 1}: ${text}${removed === null ? "nothing is taken away" : `taken away: ${removed}`}\n`;
  });
  return `${parts.join("\n")}\nModel: ${result.formula}\n`;
}

function number(values: readonly (number | null)[], digits: number): string[] {
  return formatNumbers(
    values.map((value) => value ?? Number.NaN),
    digits,
  );
}

function lines(all: readonly string[]): string {
  return `${all.map((line) => line.trimEnd()).join("\n")}\n`;
}
