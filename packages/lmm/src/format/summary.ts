import { coefTests, type DdfMethod, type TTest } from "../inference/coef-tests";
import {
  aic,
  bic,
  type Coefficient,
  coefTable,
  deviance,
  dfResidual,
  fixefCorrelation,
  ngrps,
} from "../model/accessors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { scaledResidualQuartiles } from "../model/row-reductions";
import { varCorr } from "../model/var-corr";
import { abbreviate } from "./abbreviate";
import { formatPValues } from "./format-p-values";
import { type FormattedTable, formatLines, formatTable, type TableFormat } from "./format-table";
import { formatNumbers, padLeft, padRight, roundTo } from "./number-format";
import { textTable } from "./text-table";

/** How the summary is laid out. */
export interface FormatSummaryOptions {
  /** Significant digits, as R's `digits`; default 4. */
  readonly digits?: number;
  /** Print the correlation of fixed effects; default: when there are 2 to 12 of them. */
  readonly correlation?: boolean;
  /** Degrees of freedom and p-values of the fixed effects, as lmerTest has them; default `"none"`. */
  readonly ddf?: DdfMethod | "none";
  /** Name of the data, for the line `Data:`. */
  readonly data?: string;
  /** Name of the weights, for the line `Weights:`. */
  readonly weights?: string;
  /** Default `"text"`. */
  readonly format?: TableFormat;
}

/** A part of the summary: lines as R prints them, and what other formats make of it where it is a table. */
interface Section {
  readonly lines: readonly string[];
  readonly table?: FormattedTable;
}

const METHODS: Readonly<Record<DdfMethod, string>> = {
  satterthwaite: "t-tests use Satterthwaite's method",
  "kenward-roger": "t-tests use Kenward-Roger's method",
  asymptotic: "z-tests",
};

/** More fixed effects than this, and their correlations are printed on request only. */
const MOST_CORRELATIONS = 12;

/**
 * The fit as text, laid out as R prints `summary(merMod)`; or as Markdown, LaTeX or HTML with the same numbers.
 *
 * @param model not changed
 * @returns lines ending with "\n", the last one too
 */
export function formatSummary(model: LinearMixedModel, options: FormatSummaryOptions = {}): string {
  const digits = options.digits ?? 4;
  const sections = [
    heading(model, options),
    criteria(model),
    scaledResiduals(model, digits),
    randomEffects(model, digits),
    fixedEffects(model, digits, options.ddf ?? "none"),
    correlations(model, options.correlation),
    notes(model),
  ];
  const { format = "text" } = options;
  return sections
    .filter(({ lines }) => lines.length > 0)
    .map(({ lines, table }) =>
      table === undefined || format === "text" ? formatLines(lines, format) : formatTable(table, format),
    )
    .join("\n");
}

/** A row of numbers under their names, without a name of its own. */
function oneRow(
  title: readonly string[],
  heads: readonly string[],
  values: readonly string[],
): FormattedTable {
  return { above: title, names: [""], heads, columns: values.map((value) => [value]), below: [] };
}

function heading(model: LinearMixedModel, options: FormatSummaryOptions): Section {
  const method = model.method === "REML" ? "REML" : "maximum likelihood";
  const tests = options.ddf === undefined || options.ddf === "none" ? "" : `. ${METHODS[options.ddf]}`;
  const lines = [`Linear mixed model fit by ${method}${tests}`, `Formula: ${model.formula}`];
  if (options.data !== undefined) lines.push(`   Data: ${options.data}`);
  if (options.weights !== undefined) lines.push(`Weights: ${options.weights}`);
  return { lines };
}

function criteria(model: LinearMixedModel): Section {
  if (model.method === "REML") {
    return { lines: [`REML criterion at convergence: ${roundTo(model.criterion, 1)}`] };
  }
  const names = ["AIC", "BIC", "logLik", "deviance", "df.resid"];
  const values = [aic(model), bic(model), -model.criterion / 2, deviance(model)].map((x) => x.toFixed(1));
  values.push(String(dfResidual(model)));
  const width = Math.max(...names.map((name) => name.length), ...values.map((value) => value.length));
  return {
    lines: [names, values].map((row) => padLeft(row, width).join(" ")),
    table: oneRow([], names, values),
  };
}

function scaledResiduals(model: LinearMixedModel, digits: number): Section {
  const quantiles = Array.from(scaledResidualQuartiles(model));
  const largest = Math.max(...quantiles.map(Math.abs));
  // What R's zapsmall does: decimals counted from the largest value, rounded to the nearest number.
  const decimals = largest > 0 ? Math.floor(digits + 1 - Math.log10(largest) + 0.5) : digits + 1;
  const values = formatNumbers(
    quantiles.map((value) => roundTo(value, decimals)),
    digits,
  );
  const names = ["Min", "1Q", "Median", "3Q", "Max"];
  const width = Math.max(6, ...values.map((value) => value.length));
  const title = "Scaled residuals:";
  return {
    lines: [title, ...[names, values].map((row) => padLeft(row, width).join(" "))],
    table: oneRow([title], names, values),
  };
}

function randomEffects(model: LinearMixedModel, digits: number): Section {
  const { terms, sigma } = varCorr(model);
  const groups: string[] = [];
  const names: string[] = [];
  const stdDev: number[] = [];
  const corr: string[][] = [];
  const widest = Math.max(...terms.map((term) => term.terms.length)) - 1;
  for (const term of terms) {
    const entries = term.corr.map((row, i) => row.slice(0, i).map((r) => r.toFixed(2)));
    const width = Math.max(0, ...entries.flat().map((text) => text.length));
    term.terms.forEach((name, i) => {
      groups.push(i === 0 ? term.name : "");
      names.push(name);
      stdDev.push(term.stdDev[i]);
      corr.push(entries[i].map((text) => text.padStart(width)));
    });
  }
  groups.push("Residual");
  names.push("");
  stdDev.push(sigma);
  corr.push([]);
  const columns = [
    ["Groups", ...groups],
    ["Name", ...names],
    [
      "Variance",
      ...padLeft(
        formatNumbers(
          stdDev.map((s) => s * s),
          digits,
        ),
      ),
    ],
    ["Std.Dev.", ...padLeft(formatNumbers(stdDev, digits))],
  ];
  for (let j = 0; j < widest; j++) columns.push([j === 0 ? "Corr" : "", ...corr.map((row) => row[j] ?? "")]);
  const padded = columns.map((column) => padRight(column));
  const lines = padded[0].map((_, i) => ` ${padded.map((column) => column[i]).join(" ")}`);
  const counts = Object.entries(ngrps(model)).map(([name, count]) => `${name}, ${count}`);
  const title = "Random effects:";
  const below = [`Number of obs: ${model.nobs}, groups:  ${counts.join("; ")}`];
  const [[corner, ...rows], ...rest] = columns;
  const table = {
    above: [title],
    corner,
    names: rows,
    heads: rest.map(([head]) => head),
    columns: rest.map(([, ...entries]) => entries),
    below,
  };
  return { lines: [title, ...lines, ...below], table };
}

function fixedEffects(model: LinearMixedModel, digits: number, ddf: DdfMethod | "none"): Section {
  const tests = ddf === "none" ? null : coefTests(model, { ddf }).rows;
  const rows: readonly (Coefficient | TTest)[] = tests ?? coefTable(model);
  if (rows.length === 0) return { lines: ["No fixed effect coefficients"] };
  const all = [...rows.map((row) => row.estimate), ...rows.map((row) => row.stdError)];
  if (tests !== null) all.push(...tests.map((row) => row.df));
  const sizes = all.map(Math.abs).filter((value) => value > 0 && Number.isFinite(value));
  // As R's printCoefmat: decimals from the smallest number, the same for all these columns.
  const smallest = sizes.length > 0 ? 1 + Math.floor(Math.log10(Math.min(...sizes))) : 1;
  const decimals = Math.max(1, digits - smallest);
  const text = padLeft(
    formatNumbers(
      all.map((value) => roundTo(value, decimals)),
      digits,
    ),
  );
  const testDigits = Math.max(1, Math.min(5, digits - 1));
  const tValues = formatNumbers(
    rows.map((row) => roundTo(row.tValue, testDigits)),
    digits,
  );
  const n = rows.length;
  const heads = ["Estimate", "Std. Error", "t value"];
  const columns = [text.slice(0, n), text.slice(n, 2 * n), tValues];
  if (tests !== null) {
    heads.splice(2, 0, "df");
    columns.splice(2, 0, text.slice(2 * n));
    heads.push("Pr(>|t|)");
    columns.push(
      formatPValues(
        tests.map((row) => row.pValue),
        testDigits,
      ),
    );
  }
  const names = rows.map((row) => row.term);
  const title = "Fixed effects:";
  return {
    lines: [title, ...textTable(names, heads, columns)],
    table: { above: [title], names, heads, columns, below: [] },
  };
}

function correlations(model: LinearMixedModel, wanted: boolean | undefined): Section {
  const p = model.beta.length;
  if (p < 2 || wanted === false) return { lines: [] };
  if (wanted === undefined && p > MOST_CORRELATIONS) {
    return {
      lines: [`Correlation of fixed effects not shown, as there are ${p} > ${MOST_CORRELATIONS} of them.`],
    };
  }
  const matrix = fixefCorrelation(model);
  const rows = abbreviate(model.fixedNames, 11).slice(1);
  const heads = abbreviate(model.fixedNames, 6).slice(0, -1);
  const columns = heads.map((_, j) => rows.map((_, i) => (j <= i ? matrix[i + 1][j].toFixed(3) : "")));
  // R formats the whole matrix at once, so that a minus anywhere widens every column.
  const width = Math.max(...columns.flat().map((entry) => entry.length));
  const title = "Correlation of Fixed Effects:";
  const padded = columns.map((column) => column.map((entry) => (entry === "" ? "" : entry.padStart(width))));
  return {
    lines: [title, ...textTable(rows, heads, padded, "left")],
    table: { above: [title], names: rows, heads, columns, below: [] },
  };
}

function notes(model: LinearMixedModel): Section {
  if (model.warnings.length === 0) return { lines: [] };
  return { lines: [`optimizer (${model.optimizer.name}): ${model.optimizer.message}`, ...model.warnings] };
}
