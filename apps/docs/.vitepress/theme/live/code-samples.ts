/** What was asked to be fitted. */
export interface AskedFit {
  readonly dataset: string;
  readonly formula: string;
  readonly method: "REML" | "ML";
}

/** The fit in the words of this project: a script that prints the same summary. */
export function codeInTypeScript({ dataset, formula, method }: AskedFit): string {
  const options = method === "ML" ? ', { method: "ML" }' : "";
  return [
    'import { loadDataset } from "@lmmkit/datasets";',
    'import { formatSummary, lmm } from "@lmmkit/lmm";',
    "",
    `const { table } = await loadDataset(${JSON.stringify(dataset)});`,
    `console.log(formatSummary(lmm(${JSON.stringify(formula)}, table${options})));`,
  ].join("\n");
}

/** The same fit in R. */
export function codeInR({ dataset, formula, method }: AskedFit): string {
  const options = method === "ML" ? ", REML = FALSE" : "";
  return `library(lme4)\nsummary(lmer(${formula.trim()}, ${dataset}${options}))`;
}
