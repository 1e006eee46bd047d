import type { AnovaType, DdfMethod } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { parseChoice } from "../options/parse";
import { type QuestionOptions, registerFitQuestion } from "./fit-question";

interface AnovaCommandOptions extends QuestionOptions {
  readonly type: AnovaType;
  readonly ddf: DdfMethod;
}

const TYPES = ["I", "II", "III"] as const;
const METHODS = ["satterthwaite", "kenward-roger", "asymptotic"] as const;

/** `lmm anova …`: F tests of the terms of the fixed effects. */
export function registerAnova(program: Command, context: CommandContext): void {
  registerFitQuestion<AnovaCommandOptions>(program, context, {
    name: "anova",
    description: "F tests of the fixed effects, term by term, of type I, II or III",
    examples: ['lmm anova "angle ~ recipe * temperature + (1 | recipe:replicate)" dataset:cake --type II'],
    declare: (command) =>
      command
        .option("--type <type>", "I (in order), II or III (marginal)", parseChoice("--type", TYPES), "III")
        .option(
          "--ddf <method>",
          `denominator degrees of freedom: ${METHODS.join(", ")}`,
          parseChoice("--ddf", METHODS),
          "satterthwaite",
        ),
    answer: (model, { type, ddf }, { anova, formatAnova }) => {
      const value = anova(model, { type, ddf });
      return { value, text: (format) => formatAnova(value, { format }) };
    },
  });
}
