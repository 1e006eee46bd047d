import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { addModelOptions, frameOptions, type ModelOptions, readModelData } from "../options/model-options";
import { parseNumberList } from "../options/parse";

interface CriterionOptions extends ModelOptions {
  readonly ml?: boolean;
  readonly theta: readonly number[];
}

/** `lmm criterion FORMULA DATA --theta …`: the profiled criterion at a fixed θ. */
export function registerCriterion(program: Command, context: CommandContext): void {
  const command = program
    .command("criterion")
    .description("profiled deviance (--ml) or REML criterion at a given theta, nothing fitted");
  addModelOptions(command)
    .requiredOption("--theta <theta>", "relative covariance parameters: 1,0,1", parseNumberList("--theta"))
    .option("--ml", "profiled deviance (default: REML criterion)")
    .action((formula: string, data: string, options: CriterionOptions) =>
      criterion(formula, data, options, context),
    );
}

async function criterion(
  formula: string,
  data: string,
  options: CriterionOptions,
  context: CommandContext,
): Promise<void> {
  const { table } = await readModelData(formula, data, options, context);
  const { profiledDeviance } = await import("@lmmkit/lmm");
  const method = options.ml === true ? "ML" : "REML";
  const objective = profiledDeviance(formula, table.columns, { ...frameOptions(options), method });
  const value = objective(options.theta);
  if (options.json === true) {
    printJson(context, { criterion: value, method, theta: options.theta, thetaNames: objective.names });
    return;
  }
  const name = method === "ML" ? "profiled deviance" : "REML criterion";
  const width = Math.max(...objective.names.map((label) => label.length));
  const lines = objective.names.map((label, i) => `  ${label.padEnd(width)}  ${options.theta[i]}`);
  context.io.stdout(`${name}: ${value}\nat theta\n${lines.join("\n")}\n`);
}
