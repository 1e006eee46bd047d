import type { Contrasts } from "../inference/contrast";
import type { MarginalMeans } from "../inference/marginal-means";
import { formatPValues } from "./format-p-values";
import { formatTable, type TableFormat } from "./format-table";
import { formatNumbers, roundTo } from "./number-format";

const METHODS = {
  satterthwaite: "Satterthwaite",
  "kenward-roger": "Kenward-Roger",
  asymptotic: "asymptotic",
} as const;

/**
 * Marginal means as text: one line for each combination of levels, then what was averaged over and held.
 *
 * @returns lines ending with "\n", the last one too
 */
export function formatEmmeans(result: MarginalMeans, digits = 4, format: TableFormat = "text"): string {
  const { means, averagedOver, at, ddf, level, trend, weights, transformation, adjust, diagnostics } = result;
  const factors = result.factors.length > 0 ? result.factors : [""];
  const column = (values: number[]) => formatNumbers(values, digits);
  const [first, ...others] = factors;
  const estimate = trend === null ? (transformation === null ? "mean" : "response") : `${trend}.trend`;
  const heads = [...others, estimate, "SE", "df", "lower", "upper"];
  const names = means.map(({ levels }) => levels[first] ?? "overall");
  const columns = [
    ...others.map((name) => means.map(({ levels }) => levels[name])),
    column(means.map((row) => row.estimate)),
    column(means.map((row) => row.stdError)),
    column(means.map((row) => row.df)),
    column(means.map((row) => row.lower)),
    column(means.map((row) => row.upper)),
  ];
  const held = Object.entries(at).map(([name, value]) => `${name} = ${formatNumbers([value], digits)[0]}`);
  const below = [
    "",
    ...(averagedOver.length > 0
      ? [`averaged over: ${averagedOver.join(", ")}${weights === "equal" ? "" : ` (weights: ${weights})`}`]
      : []),
    ...(held.length > 0 ? [`at: ${held.join(", ")}`] : []),
    `degrees of freedom: ${METHODS[ddf]}; intervals: ${level * 100} %${adjust === "none" ? "" : `, adjusted by ${adjust}`}`,
    ...diagnostics,
  ];
  return formatTable({ above: [], corner: first, names, heads, columns, below }, format);
}

/** Contrasts of marginal means, or pairwise differences, as text. */
export function formatPairwise(result: Contrasts, digits = 4, format: TableFormat = "text"): string {
  const { rows, adjust, by, transformation, diagnostics, numericalError } = result;
  const column = (values: number[]) => formatNumbers(values, digits);
  const columns = [
    ...by.map((name) => rows.map((row) => row.by[name])),
    column(rows.map((row) => row.estimate)),
    column(rows.map((row) => row.stdError)),
    column(rows.map((row) => row.df)),
    column(rows.map((row) => roundTo(row.tValue, digits - 1))),
    formatPValues(
      rows.map((row) => row.pValue),
      digits - 1,
    ),
  ];
  const names = rows.map((row) => row.term);
  const heads = [...by, transformation === null ? "estimate" : "ratio", "SE", "df", "t ratio", "p"];
  const error =
    numericalError === null
      ? ""
      : ` (integrated numerically, error below ${numericalError.pValue.toPrecision(1)})`;
  const below = [
    "",
    `p-values: ${adjust === "none" ? "not adjusted" : `adjusted by ${adjust}`}${error}`,
    ...diagnostics,
  ];
  return formatTable({ above: [], names, heads, columns, below }, format);
}
