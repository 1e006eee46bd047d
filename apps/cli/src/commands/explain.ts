import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { addModelOptions, frameOptions, type ModelOptions, readModelData } from "../options/model-options";

/** `lmm explain FORMULA DATA`: what the formula means for these data, in words; nothing is fitted. */
export function registerExplain(program: Command, context: CommandContext): void {
  const command = program
    .command("explain")
    .description("terms, contrasts and grouping factors of a formula, in words");
  addModelOptions(command).action((formula: string, data: string, options: ModelOptions) =>
    explanation(formula, data, options, context),
  );
}

async function explanation(
  formula: string,
  data: string,
  options: ModelOptions,
  context: CommandContext,
): Promise<void> {
  const { table } = await readModelData(formula, data, options, context);
  const { explain, formatExplanation } = await import("@lmmkit/formula");
  const found = explain(formula, table.columns, frameOptions(options));
  if (options.json === true) printJson(context, found);
  else context.io.stdout(`${formatExplanation(found).trimEnd()}\n`);
}
