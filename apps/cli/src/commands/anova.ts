import type { AnovaTable, AnovaType, DdfMethod } from "@lmmkit/lmm";
import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { addModelOptions, frameOptions, type ModelOptions, readModelData } from "../options/model-options";
import { parseChoice } from "../options/parse";
import { label } from "../report/label";

interface AnovaCommandOptions extends ModelOptions {
  readonly ml?: boolean;
  readonly type: AnovaType;
  readonly ddf: DdfMethod;
}

const TYPES = ["I", "II", "III"] as const;
const METHODS = ["satterthwaite", "kenward-roger", "asymptotic"] as const;

/** `lmm anova FORMULA DATA`: F tests of the terms of the fixed effects. */
export function registerAnova(program: Command, context: CommandContext): void {
  const command = program
    .command("anova")
    .description("F tests of the fixed effects, term by term, of type I, II or III");
  addModelOptions(command)
    .option("--type <type>", "I (in order), II or III (marginal)", parseChoice("--type", TYPES), "III")
    .option(
      "--ddf <method>",
      "denominator degrees of freedom: satterthwaite, kenward-roger or asymptotic",
      parseChoice("--ddf", METHODS),
      "satterthwaite",
    )
    .option("--ml", "maximum likelihood (default: REML)")
    .action((formula: string, data: string, options: AnovaCommandOptions) =>
      runAnova(formula, data, options, context),
    );
}

async function runAnova(
  formula: string,
  data: string,
  options: AnovaCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  const { table } = await readModelData(formula, data, options, context);
  const { anova, formatAnova, lmm } = await import("@lmmkit/lmm");
  const method = options.ml === true ? "ML" : "REML";
  const model = lmm(formula, table.columns, { ...frameOptions(options), method });
  if (options.quiet !== true) {
    for (const warning of model.warnings) io.stderr(`${label("warning", io)} ${warning}\n`);
  }
  const result = anova(model, { type: options.type, ddf: options.ddf });
  if (options.json === true) printJson(context, { formula: model.formula, method, ...withNulls(result) });
  else io.stdout(formatAnova(result));
}

/** JSON has no NaN and no infinity. */
function withNulls(table: AnovaTable): Record<string, unknown> {
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const rows = table.rows.map(({ term, numDf, sumSq, meanSq, denDf, fValue, pValue }) => ({
    term,
    sumSq: finite(sumSq),
    meanSq: finite(meanSq),
    numDf,
    denDf: finite(denDf),
    fValue: finite(fValue),
    pValue: finite(pValue),
  }));
  return { type: table.type, ddf: table.ddf, rows };
}
