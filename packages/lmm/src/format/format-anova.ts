import type { AnovaTable } from "../inference/anova";
import type { ComparedModels } from "../inference/compare-models";
import { formatPValues } from "./format-p-values";
import { formatLines, formatTable, type TableFormat } from "./format-table";
import { mixtureText } from "./mixture-text";
import { formatNumbers, padLeft, roundTo } from "./number-format";

const METHODS = {
  satterthwaite: "with Satterthwaite's method",
  "kenward-roger": "with Kenward-Roger's method",
  asymptotic: "with infinite denominator degrees of freedom",
} as const;

/** How a table is laid out. */
export interface FormatAnovaOptions {
  /** Significant digits; default 5. */
  readonly digits?: number;
  /** Default `"text"`. */
  readonly format?: TableFormat;
}

/**
 * An analysis of variance as text, laid out as R prints lmerTest's.
 *
 * @returns lines ending with "\n", the last one too
 */
export function formatAnova(table: AnovaTable, options: FormatAnovaOptions = {}): string {
  const digits = options.digits ?? 5;
  const { type, ddf, rows } = table;
  const heading = `Type ${type} Analysis of Variance Table ${METHODS[ddf]}`;
  if (rows.length === 0) return formatLines([heading, "no terms to test"], options.format);
  // What R's zapsmall does: decimals counted from the largest value of the column.
  const column = (values: number[]) => {
    const largest = Math.max(...values.filter(Number.isFinite).map(Math.abs));
    const decimals = largest > 0 ? Math.floor(digits - Math.log10(largest) + 0.5) : digits;
    return formatNumbers(
      values.map((value) => roundTo(value, decimals)),
      digits,
    );
  };
  const columns = [
    column(rows.map((row) => row.sumSq)),
    column(rows.map((row) => row.meanSq)),
    rows.map((row) => String(row.numDf)),
    column(rows.map((row) => row.denDf)),
    column(rows.map((row) => roundTo(row.fValue, digits - 1))),
    formatPValues(
      rows.map((row) => row.pValue),
      digits - 1,
    ),
  ];
  const heads = ["Sum Sq", "Mean Sq", "NumDF", "DenDF", "F value", "Pr(>F)"];
  const names = rows.map((row) => row.term);
  return formatTable({ above: [heading], names, heads, columns, below: [] }, options.format);
}

/**
 * A comparison of models as text, laid out as R prints `anova(m1, m2)`; the models are numbered, their formulas
 * above.
 */
export function formatComparison(comparison: ComparedModels, options: FormatAnovaOptions = {}): string {
  const digits = options.digits ?? 5;
  const { models, refitted, diagnostics } = comparison;
  const names = padLeft(models.map((_, i) => String(i + 1)));
  const later = (values: (number | null)[], format: (numbers: number[]) => string[]) => {
    const text = format(values.flatMap((value) => (value === null ? [] : [value])));
    return ["", ...text];
  };
  const rounded = (values: number[]) =>
    formatNumbers(
      values.map((value) => roundTo(value, digits - 1)),
      digits,
    );
  const columns = [
    models.map((model) => String(model.nParameters)),
    formatNumbers(
      models.map((model) => model.aic),
      digits,
    ),
    formatNumbers(
      models.map((model) => model.bic),
      digits,
    ),
    formatNumbers(
      models.map((model) => model.logLik),
      digits,
    ),
    formatNumbers(
      models.map((model) => model.deviance),
      digits,
    ),
    later(
      models.map((model) => model.chiSquare),
      rounded,
    ),
    later(
      models.map((model) => model.df),
      (numbers) => numbers.map(String),
    ),
    later(
      models.map((model) => model.pValue),
      (numbers) => formatPValues(numbers, digits - 1),
    ),
  ];
  const heads = ["npar", "AIC", "BIC", "logLik", "deviance", "Chisq", "Df", "Pr(>Chisq)"];
  const atBoundary = models.flatMap(({ formula, boundary }) =>
    boundary === null
      ? []
      : [
          `at the boundary, ${formula}: p = ${formatPValues([boundary.pValue], digits - 1)[0].trim()}, ${mixtureText(boundary)}`,
        ],
  );
  const above = [
    ...(refitted ? ["refitted by maximum likelihood"] : []),
    "Models:",
    ...models.map((model, i) => `${names[i]}: ${model.formula}`),
  ];
  const below = [...diagnostics, ...atBoundary];
  return formatTable({ above, names, heads, columns, below }, options.format);
}
