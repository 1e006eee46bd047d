import type { Adjustment, DdfMethod, MarginalMeans, PairwiseComparisons } from "@lmmkit/lmm";
import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { CliError } from "../errors";
import { addModelOptions, frameOptions, type ModelOptions, readModelData } from "../options/model-options";
import { collectNames, parseChoice } from "../options/parse";
import { label } from "../report/label";

interface EmmeansCommandOptions extends ModelOptions {
  readonly ml?: boolean;
  readonly by: readonly string[];
  readonly at?: Readonly<Record<string, number>>;
  readonly pairs?: boolean;
  readonly adjust: Adjustment;
  readonly ddf: DdfMethod;
}

const METHODS = ["satterthwaite", "kenward-roger", "asymptotic"] as const;
const ADJUSTMENTS = ["tukey", "bonferroni", "holm", "sidak", "none"] as const;

/** `lmm emmeans FORMULA DATA --by FACTOR`: estimated marginal means and their differences. */
export function registerEmmeans(program: Command, context: CommandContext): void {
  const command = program
    .command("emmeans")
    .description("estimated marginal means of factors, and their pairwise differences");
  addModelOptions(command)
    .requiredOption("--by <factors>", "factors of the fixed effects: A,B", collectNames("--by"))
    .option("--at <variable=value>", "hold a numeric variable there, not at its mean (repeatable)", collectAt)
    .option("--pairs", "pairwise differences too")
    .option(
      "--adjust <method>",
      "p-values of pairs: tukey, bonferroni, holm, sidak or none",
      parseChoice("--adjust", ADJUSTMENTS),
      "tukey",
    )
    .option(
      "--ddf <method>",
      "degrees of freedom: satterthwaite, kenward-roger or asymptotic",
      parseChoice("--ddf", METHODS),
      "satterthwaite",
    )
    .option("--ml", "maximum likelihood (default: REML)")
    .action((formula: string, data: string, options: EmmeansCommandOptions) =>
      runEmmeans(formula, data, options, context),
    );
}

/** `x=3` (repeatable). */
function collectAt(text: string, previous: Readonly<Record<string, number>> = {}): Record<string, number> {
  const at = text.lastIndexOf("=");
  const value = Number(text.slice(at + 1));
  if (at < 1 || text.slice(at + 1).trim() === "" || !Number.isFinite(value)) {
    throw new CliError(
      "invalid-option",
      `invalid value: --at ${JSON.stringify(text)}`,
      "write a variable and a number, as in Days=3",
      text,
    );
  }
  return { ...previous, [text.slice(0, at).trim()]: value };
}

async function runEmmeans(
  formula: string,
  data: string,
  options: EmmeansCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  const { table } = await readModelData(formula, data, options, context);
  const { emmeans, formatEmmeans, formatPairwise, lmm, pairwise } = await import("@lmmkit/lmm");
  const method = options.ml === true ? "ML" : "REML";
  const model = lmm(formula, table.columns, { ...frameOptions(options), method });
  if (options.quiet !== true) {
    for (const warning of model.warnings) io.stderr(`${label("warning", io)} ${warning}\n`);
  }
  const { by, at = {}, ddf, adjust } = options;
  const means = emmeans(model, by, { ddf, at });
  const pairs = options.pairs === true ? pairwise(model, means, { adjust }) : null;
  if (options.json === true) {
    printJson(context, { formula: model.formula, method, ...withNulls(means), ...pairsJson(pairs) });
    return;
  }
  io.stdout(formatEmmeans(means));
  if (pairs !== null) io.stdout(`\n${formatPairwise(pairs)}`);
}

/** JSON has no NaN and no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function withNulls({ factors, averagedOver, at, ddf, level, means }: MarginalMeans): Record<string, unknown> {
  const rows = means.map(({ levels, estimate, stdError, df, lower, upper }) => ({
    levels,
    estimate: finite(estimate),
    stdError: finite(stdError),
    df: finite(df),
    lower: finite(lower),
    upper: finite(upper),
  }));
  return { factors, averagedOver, at, ddf, level, means: rows };
}

function pairsJson(pairs: PairwiseComparisons | null): Record<string, unknown> {
  if (pairs === null) return {};
  const rows = pairs.rows.map(({ term, estimate, stdError, df, tValue, pValue }) => ({
    contrast: term,
    estimate: finite(estimate),
    stdError: finite(stdError),
    df: finite(df),
    tValue: finite(tValue),
    pValue: finite(pValue),
  }));
  return { adjust: pairs.adjust, pairs: rows };
}
