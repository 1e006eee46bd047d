import type { LinearMixedModel } from "@lmmkit/lmm";
import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { CliError } from "../errors";
import { addDataOptions, DATA_HELP } from "../options/model-options";
import { modelOf, type SourceOptions } from "../options/model-source";
import { plainJson } from "../report/plain-json";
import { addFormatOption, type QuestionOptions } from "./fit-question";

const EXAMPLES = `
Examples:
  $ lmm compare "Reaction ~ Days + (1 | Subject)" "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy
  $ lmm compare small.json large.json
`;

/** `lmm compare FORMULA FORMULA… DATA` or `lmm compare MODEL MODEL…`: likelihood-ratio tests of nested models. */
export function registerCompare(program: Command, context: CommandContext): void {
  const command = program
    .command("compare")
    .description("likelihood-ratio tests of nested models, AIC and BIC; REML fits are refitted by ML")
    .argument(
      "<models...>",
      `two or more formulas, then the data; or two or more fits saved by lmm fit --save\nDATA: ${DATA_HELP}`,
    );
  addFormatOption(addDataOptions(command))
    .addHelpText("after", EXAMPLES)
    .action((models: readonly string[], options: QuestionOptions) => runCompare(models, options, context));
}

async function runCompare(
  given: readonly string[],
  options: QuestionOptions,
  context: CommandContext,
): Promise<void> {
  const models = await modelsOf(given, options, context);
  const { compareModels, formatComparison } = await import("@lmmkit/lmm");
  const result = compareModels(models);
  if (options.json === true) printJson(context, plainJson(result));
  else context.io.stdout(formatComparison(result, { format: options.format }));
}

/** Formulas and then data, or saved fits and nothing else; one after the other, so that warnings come in order. */
async function modelsOf(
  given: readonly string[],
  options: SourceOptions,
  context: CommandContext,
): Promise<LinearMixedModel[]> {
  const isFormula = (text: string) => text.includes("~");
  const last = given[given.length - 1];
  const formulas = given.filter(isFormula);
  const saved = formulas.length === 0;
  const clear = saved ? given.length >= 2 : formulas.length >= 2 && formulas.length === given.length - 1;
  if (!clear || isFormula(last)) {
    throw new CliError(
      "usage",
      `unclear models: ${given.map((text) => JSON.stringify(text)).join(" ")}`,
      "give two or more formulas and then the data, or two or more saved fits",
    );
  }
  if (!saved && last === "-") {
    throw new CliError("usage", "unreadable data: standard input can be read only once", "give a file");
  }
  const models: LinearMixedModel[] = [];
  for (const model of saved ? given : formulas) {
    models.push(
      saved
        ? await modelOf(model, undefined, options, context)
        : await modelOf(model, last, { ...options, ml: true }, context),
    );
  }
  return models;
}
