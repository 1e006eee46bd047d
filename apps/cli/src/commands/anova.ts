import type { AnovaType, DdfMethod } from "@lmmkit/lmm";
import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { addSourceOptions, modelOf, type SourceOptions } from "../options/model-source";
import { parseChoice } from "../options/parse";
import { plainJson } from "../report/plain-json";

interface AnovaCommandOptions extends SourceOptions {
  readonly type: AnovaType;
  readonly ddf: DdfMethod;
}

const TYPES = ["I", "II", "III"] as const;
const METHODS = ["satterthwaite", "kenward-roger", "asymptotic"] as const;

/** `lmm anova FORMULA DATA` or `lmm anova MODEL`: F tests of the terms of the fixed effects. */
export function registerAnova(program: Command, context: CommandContext): void {
  const command = program
    .command("anova")
    .description("F tests of the fixed effects, term by term, of type I, II or III");
  addSourceOptions(command)
    .option("--type <type>", "I (in order), II or III (marginal)", parseChoice("--type", TYPES), "III")
    .option(
      "--ddf <method>",
      "denominator degrees of freedom: satterthwaite, kenward-roger or asymptotic",
      parseChoice("--ddf", METHODS),
      "satterthwaite",
    )
    .action((first: string, data: string | undefined, options: AnovaCommandOptions) =>
      runAnova(first, data, options, context),
    );
}

async function runAnova(
  first: string,
  data: string | undefined,
  options: AnovaCommandOptions,
  context: CommandContext,
): Promise<void> {
  const model = await modelOf(first, data, options, context);
  const { anova, formatAnova } = await import("@lmmkit/lmm");
  const { formula, method } = model;
  const result = anova(model, { type: options.type, ddf: options.ddf });
  if (options.json === true) printJson(context, plainJson({ formula, method, ...result }));
  else context.io.stdout(formatAnova(result));
}
