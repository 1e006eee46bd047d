import { homoscedasticity, normality } from "../diagnostics/assumptions";
import { rePCA } from "../diagnostics/re-pca";
import { icc, r2 } from "../diagnostics/variance-explained";
import { fixedCondition, vif } from "../diagnostics/vif";
import { InferenceError } from "../inference/inference-error";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { formatPValues } from "./format-p-values";
import { formatNumbers } from "./number-format";
import { textTable } from "./text-table";

/**
 * The checks of a fit on one page: R² and intraclass correlations, dimensions of the random effects, collinearity,
 * normality, equal variances.
 *
 * @returns lines ending with "\n", the last one too
 */
export function formatChecks(model: LinearMixedModel, digits = 4): string {
  const number = (value: number) => formatNumbers([value], digits)[0];
  const column = (values: number[]) => formatNumbers(values, digits);
  const { marginal, conditional } = r2(model);
  const shares = icc(model);
  const lines = [
    `R squared: ${number(marginal)} marginal, ${number(conditional)} conditional`,
    `ICC: ${number(shares.adjusted)} adjusted, ${number(shares.conditional)} conditional`,
    "",
    "principal components of the random effects (SD over sigma, share of variance):",
    ...rePCA(model).map(({ group, stdDev, proportion }) => {
      const parts = Array.from(stdDev, (value, i) => `${number(value)} (${number(proportion[i])})`);
      return `  ${group}: ${parts.join(", ")}`;
    }),
    "",
    ...inflationLines(model, column),
    `condition of the fixed effects: ${number(fixedCondition(model).condition)}`,
    "",
  ];
  const shapes = normality(model);
  lines.push(
    ...textTable(
      shapes.map(({ of }) => of),
      ["n", "skewness", "ex. kurtosis", "W", "p", "K2", "p"],
      [
        shapes.map(({ n }) => String(n)),
        column(shapes.map(({ skewness }) => skewness)),
        column(shapes.map(({ excessKurtosis }) => excessKurtosis)),
        missing(column(shapes.map((shape) => shape.shapiroWilk?.statistic ?? Number.NaN))),
        formatPValues(
          shapes.map((shape) => shape.shapiroWilk?.pValue ?? Number.NaN),
          digits - 1,
        ),
        missing(column(shapes.map((shape) => shape.dagostinoPearson?.statistic ?? Number.NaN))),
        formatPValues(
          shapes.map((shape) => shape.dagostinoPearson?.pValue ?? Number.NaN),
          digits - 1,
        ),
      ],
    ),
    "",
  );
  const { breuschPagan, levene } = homoscedasticity(model);
  lines.push(
    ...textTable(
      ["along fitted values (Breusch-Pagan)", ...levene.map(({ group }) => `between ${group} (Levene)`)],
      ["statistic", "df", "p"],
      [
        column([breuschPagan.statistic, ...levene.map(({ fValue }) => fValue)]),
        [String(breuschPagan.df), ...levene.map(({ numDf, denDf }) => `${numDf}, ${denDf}`)],
        formatPValues([breuschPagan.pValue, ...levene.map(({ pValue }) => pValue)], digits - 1),
      ],
    ),
  );
  return `${lines.join("\n")}\n`;
}

/** A statistic that does not exist reads as R has it. */
function missing(texts: readonly string[]): string[] {
  return texts.map((text) => (text === "NaN" ? "NA" : text));
}

/** Nothing for a model with fewer than two terms. */
function inflationLines(model: LinearMixedModel, column: (values: number[]) => string[]): string[] {
  try {
    const rows = vif(model);
    return [
      ...textTable(
        rows.map(({ term }) => term),
        ["df", "GVIF", "GVIF^(1/2df)"],
        [
          rows.map(({ df }) => String(df)),
          column(rows.map(({ gvif }) => gvif)),
          column(rows.map(({ scaled }) => scaled)),
        ],
      ),
      "",
    ];
  } catch (error) {
    if (error instanceof InferenceError && error.code === "no-fixed-effects") return [];
    throw error;
  }
}
