import type { Command } from "commander";
import type { CommandContext } from "../context";
import { parseChoice, parseCount } from "../options/parse";
import { progressLine } from "../report/progress";
import { type QuestionOptions, registerFitQuestion } from "./fit-question";

interface InfluenceCommandOptions extends QuestionOptions {
  readonly by: string;
  readonly refit: "fixed-theta" | "full";
  readonly most: number;
}

/** `lmm influence …`: what leaving out rows or groups changes. */
export function registerInfluence(program: Command, context: CommandContext): void {
  registerFitQuestion<InfluenceCommandOptions>(program, context, {
    name: "influence",
    description: "how the fit changes when single rows, or all rows of a group, are left out",
    examples: [
      'lmm influence "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy --by Subject',
      "lmm influence model.json --refit full --by Subject --json",
    ],
    declare: (command) =>
      command
        .option(
          "--by <unit>",
          "observation, or a factor whose levels are left out one at a time",
          "observation",
        )
        .option(
          "--refit <what>",
          "fixed-theta: exact at the fit's theta; full: theta found again for each",
          parseChoice("--refit", ["fixed-theta", "full"] as const),
          "fixed-theta",
        )
        .option(
          "--most <number>",
          "print that many, largest Cook's distance first",
          parseCount("--most"),
          10,
        ),
    answer: (model, { by, refit, most, quiet }, { formatInfluence, influence }, { io }) => {
      const line = progressLine(quiet === true, io);
      const onProgress = (done: number, total: number) => line.show(() => `left out ${done} of ${total}`);
      const value = influence(model, { by, refit, onProgress });
      line.finish();
      return { value, text: (format) => formatInfluence(value, 4, most, format) };
    },
  });
}
